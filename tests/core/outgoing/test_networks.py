from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workloom.core.outgoing import why_closed


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_open_ipv4_address_is_one_that_python_calls_anything_but_global(address: IPv4Address) -> None:
    assert why_closed(address) or (address.is_global and not address.is_multicast)


@given(
    st.one_of(
        st.integers(0, 2**128 - 1),
        st.integers(0, 2**125 - 1).map(lambda number: number | 1 << 125),
        st.integers(0, 2**32 - 1).map(lambda number: number | 0xFFFF << 32),
    ).map(IPv6Address)
)
def test_no_open_ipv6_address_is_special_or_carries_an_ipv4_address(address: IPv6Address) -> None:
    open_to_all = address.is_global and not (address.is_multicast or address.is_site_local)
    assert why_closed(address) or (open_to_all and not (address.sixtofour or address.teredo or address.ipv4_mapped))


@pytest.mark.parametrize("written", ["1.1.1.1", "93.184.216.34", "223.255.255.254", "2606:4700::1111", "2a00:1450::5"])
def test_public_addresses_are_open(written: str) -> None:
    assert not why_closed(ip_address(written))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("127.0.0.1", "this computer itself (loopback)"),
        ("::1", "this computer itself (loopback)"),
        ("10.0.0.1", "in a private network"),
        ("100.127.255.255", "inside a provider's network (carrier-grade NAT)"),
        ("255.255.255.255", "for everybody on the cable (broadcast)"),
        ("::ffff:1.1.1.1", "an IPv4 address in another coat"),
        ("2002:101:101::", "an IPv4 address in another coat (6to4)"),
        ("2001:0:1::1", "an IPv4 address in another coat (Teredo)"),
        ("4000::1", "not given to anybody"),
    ],
)
def test_a_closed_address_says_what_it_is(written: str, why: str) -> None:
    assert why_closed(ip_address(written)) == why


def test_opening_a_network_of_tunnels_does_not_open_what_lies_behind_them() -> None:
    nat64 = [ip_network("64:ff9b::/96")]
    assert not why_closed(ip_address("64:ff9b::1.1.1.1"), nat64)
    assert why_closed(ip_address("64:ff9b::10.0.0.1"), nat64) == "in a private network"
    assert why_closed(ip_address("2002:7f00:1::"), [ip_network("2002::/16")]) == "this computer itself (loopback)"
    teredo_to_private = IPv6Address(int(IPv6Address("2001:0:101:101::")) | (0xFFFFFFFF ^ int(IPv4Address("10.0.0.1"))))
    assert why_closed(teredo_to_private, [ip_network("2001::/32")]) == "in a private network"
    assert not why_closed(ip_address("64:ff9b::10.0.0.1"), [*nat64, ip_network("10.0.0.0/8")])


def test_loopback_can_be_opened_in_both_families() -> None:
    assert not why_closed(ip_address("127.0.0.1"), [ip_network("127.0.0.0/8")])
    assert not why_closed(ip_address("::1"), [ip_network("::1/128")])
