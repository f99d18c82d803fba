"""Which addresses are open: those of the public internet, and networks that the operator opened."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Own words instead of ipaddress.is_global, whose answers changed between Python's patch releases.
_CLOSED: Final[Sequence[tuple[Network, str]]] = [
    (ip_network(network), why)
    for network, why in (
        ("0.0.0.0/8", "no address of a host"),
        ("10.0.0.0/8", "in a private network"),
        ("100.64.0.0/10", "inside a provider's network (carrier-grade NAT)"),
        ("127.0.0.0/8", "this computer itself (loopback)"),
        ("169.254.0.0/16", "valid on one cable only (link-local), where clouds keep their secrets"),
        ("172.16.0.0/12", "in a private network"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a retired relay between IPv4 and IPv6"),
        ("192.168.0.0/16", "in a private network"),
        ("198.18.0.0/15", "for measuring networks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "for many receivers (multicast)"),
        ("255.255.255.255/32", "for everybody on the cable (broadcast)"),
        ("240.0.0.0/4", "reserved"),
        ("168.63.129.16/32", "a cloud's own service to its machines"),
        ("::/128", "no address of a host"),
        ("::1/128", "this computer itself (loopback)"),
        ("::/96", "an IPv4 address in another coat"),
        ("::ffff:0:0/96", "an IPv4 address in another coat"),
        ("::ffff:0:0:0/96", "an IPv4 address in another coat"),
        ("64:ff9b::/96", "an IPv4 address in another coat (NAT64)"),
        ("64:ff9b:1::/48", "an IPv4 address in another coat (NAT64)"),
        ("2001::/32", "an IPv4 address in another coat (Teredo)"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "an IPv4 address in another coat (6to4)"),
        ("3fff::/20", "for documentation"),
        ("fc00::/7", "in a private network"),
        ("fe80::/10", "valid on one cable only (link-local)"),
        ("fec0::/10", "in a private network"),
        ("ff00::/8", "for many receivers (multicast)"),
    )
]
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_ENDS_IN_IPV4: Final = tuple(
    IPv6Network(network) for network in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")
)


def why_closed(address: Address, allowed: Sequence[Network] = ()) -> str:
    """Say in a few words why nothing is sent to an address, or nothing when it is open.

    An IPv6 address that carries an IPv4 address is open only where both are, so that opening a network of tunnels does
    not open what lies behind them.
    """
    return next((why for each in _meant_by(address) if (why := _why(each, allowed))), "")


def _why(address: Address, allowed: Sequence[Network]) -> str:
    if any(address in network for network in allowed):
        return ""
    listed = next((why for network, why in _CLOSED if address in network), "")
    if not listed and isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return "not given to anybody"
    return listed


def _meant_by(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, IPv4Address):
        return
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    # ::1 is written like an IPv4 address in another coat and is none.
    if int(address) > 1 and any(address in network for network in _ENDS_IN_IPV4):
        yield IPv4Address(int(address) & 0xFFFFFFFF)
