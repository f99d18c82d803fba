"""Network addresses of callers."""

import ipaddress

_OWNED_PREFIX = 64
_LONGEST = 64


def network_of(address: str) -> str:
    """Return what counts as one caller: the address, or with IPv6 the whole /64 that a caller owns."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, _OWNED_PREFIX), strict=False))
