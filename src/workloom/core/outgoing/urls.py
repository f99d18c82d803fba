"""How a web address may be written: in one way only, so that no two readers of it can see two different hosts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NoReturn

import idna

from workloom.core.errors import Invalid
from workloom.core.outgoing.networks import Address, Network, why_closed

LONGEST: Final = 2048

_SHAPE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?]*)([/?].*)?")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_USUAL: Final = {"http": 80, "https": 443}
# Above 1023, what browsers refuse too, and databases: they would take a request's lines for commands.
_SPEAK_NO_HTTP: Final = frozenset(
    (
        *(1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566),
        *(6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211),
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes; `host` is what the certificate has to name, `address` is there when it was written as one."""

    url: str
    host: str
    port: int
    address: Address | None = None


def check_url(url: str, *, allowed: Sequence[Network] = (), https_only: bool = False, field: str = "url") -> Target:
    """Judge an address by how it is written and return it in its one form; nothing is looked up."""
    scheme, authority, rest = _parts(url, field)
    if scheme not in _USUAL or (https_only and scheme != "https"):
        wanted = "https://" if https_only else "https:// or http://"
        raise Invalid(field, "url_scheme", f"The address has to begin with {wanted}")
    if "@" in authority:
        raise Invalid(field, "url_user", "Leave out the name and password in front of the host.")
    host, port_text = _host_and_port(authority, field)
    port = _port(port_text, scheme, field)
    address = _address(host, field)
    if address is not None:
        demand_open(address, allowed, field=field)
    shown = f"[{address.compressed}]" if isinstance(address, IPv6Address) else host
    at_port = "" if port == _USUAL[scheme] else f":{port}"
    path = rest if rest.startswith("/") else f"/{rest}"
    return Target(f"{scheme}://{shown}{at_port}{path}", shown.strip("[]"), port, address)


def demand_open(address: Address, allowed: Sequence[Network], *, field: str) -> None:
    """Refuse an address that somebody wrote, saying what is wrong with it."""
    if why := why_closed(address, allowed):
        raise Invalid(
            field,
            "url_closed",
            f"{address} is {why}. Requests go to public addresses and to networks in WEBHOOK_ALLOW.",
        )


def _parts(url: str, field: str) -> tuple[str, str, str]:
    if len(url) > LONGEST:
        raise Invalid(field, "url_length", f"The address is longer than {LONGEST} characters.")
    if "#" in url:
        raise Invalid(field, "url_fragment", "Leave out the part from # on: it is never sent.")
    shape = _SHAPE.fullmatch(url)
    # Not printable are all controls, line ends, blanks but one, and characters that nobody sees.
    if shape is None or not url.isprintable() or " " in url or "\\" in url or not (shape[3] or "").isascii():
        raise Invalid(
            field,
            "url_form",
            "Write the whole address, such as https://hooks.example.org/path, with %-escapes for unusual characters.",
        )
    return shape[1].lower(), shape[2], shape[3] or ""


def _host_and_port(authority: str, field: str) -> tuple[str, str | None]:
    """Return the host as it was written, an IPv6 address with its brackets, and the port if there is a colon."""
    if authority.startswith("["):
        inner, bracket, after = authority.partition("]")
        if bracket and (not after or after.startswith(":")):
            return f"{inner}]", after[1:] if after else None
        _refuse_host(field)
    host, colon, port = authority.partition(":")
    if ":" in port:
        raise Invalid(field, "url_host", "Put an IPv6 address in brackets, such as https://[2606:4700::1111]/.")
    return _in_ascii(host, field), port if colon else None


def _port(written: str | None, scheme: str, field: str) -> int:
    if written is None:
        return _USUAL[scheme]
    port = int(written) if _PORT.fullmatch(written) else 0
    if (port not in _USUAL.values() and not 1024 <= port <= 65535) or port in _SPEAK_NO_HTTP:
        raise Invalid(
            field, "url_port", "The port has to be 80, 443 or from 1024 to 65535, and not one of another protocol."
        )
    return port


def _in_ascii(host: str, field: str) -> str:
    """Spell a host for the DNS: letters of other scripts as punycode, wide and circled ones as what they stand for."""
    if len(host) > 253:
        _refuse_host(field)
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        _refuse_host(field)


def _address(host: str, field: str) -> Address | None:
    """Return the address that is written as the host, or None for a name."""
    if host.startswith("["):
        return _ipv6(host[1:-1], field)
    labels = host.split(".")
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return _ipv4(host, field)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        _refuse_host(field)
    if labels[-1] == "localhost":
        raise Invalid(
            field,
            "url_closed",
            "localhost is this computer itself. Where loopback is opened, write 127.0.0.1 or [::1].",
        )
    return None


def _ipv6(written: str, field: str) -> IPv6Address:
    if "%" in written:
        raise Invalid(field, "url_address", "Leave out the zone (from % on): it means something on one machine only.")
    try:
        return IPv6Address(written)
    except ValueError:
        raise Invalid(field, "url_address", "What stands in the brackets is no IPv6 address.") from None


def _ipv4(written: str, field: str) -> IPv4Address:
    """Read four plain numbers; 2130706433, 0x7f.1 and 0177.0.0.1 mean loopback to some readers and nothing to others."""
    try:
        return IPv4Address(written)
    except ValueError:
        raise Invalid(
            field, "url_address", "Write an IPv4 address as four decimal numbers, such as 93.184.216.34."
        ) from None


def _refuse_host(field: str) -> NoReturn:
    raise Invalid(field, "url_host", "The host has to be a name such as hooks.example.org, without a dot at its end.")
