"""From a name to addresses, once for each request, and all of them judged."""

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread

from workloom.core.errors import Invalid
from workloom.core.outgoing.failures import Deadline, Unreachable
from workloom.core.outgoing.networks import Address, Network, why_closed
from workloom.core.outgoing.urls import Target

Resolve = Callable[[str, int], Sequence[str]]


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the machine's own resolver: hosts file, DNS."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses_of(
    target: Target, *, resolve: Resolve, allowed: Sequence[Network], deadline: Deadline, field: str = "url"
) -> list[Address]:
    """Return the addresses to connect to; one closed address among them closes the name."""
    if target.address is not None:
        return [target.address]
    written = _asked(resolve, target, deadline)
    why = next((why for text in written if (why := _why_closed(text, allowed))), "")
    if why:
        # The words do not name the address: who saves a URL shall not learn the names of a network from inside.
        raise Invalid(
            field,
            "url_closed",
            f"{target.host} leads to an address that is {why}. "
            "Requests go to public addresses and to networks in WEBHOOK_ALLOW.",
        )
    return [ip_address(text) for text in written]


def _why_closed(written: str, allowed: Sequence[Network]) -> str:
    if "%" in written:
        return "valid on one cable only"
    return why_closed(ip_address(written), allowed)


def _asked(resolve: Resolve, target: Target, deadline: Deadline) -> Sequence[str]:
    """Look a name up in a thread of its own: the system's resolver takes no time limit."""
    found: Future[Sequence[str]] = Future()

    def ask() -> None:
        try:
            found.set_result(resolve(target.host, target.port))
        except (OSError, ValueError) as error:
            found.set_exception(error)

    Thread(target=ask, name="resolve", daemon=True).start()
    try:
        addresses = found.result(timeout=deadline.left())
    except TimeoutError:
        raise deadline.missed() from None
    except (OSError, ValueError):
        addresses = ()
    if not addresses:
        raise Unreachable("unknown_name", f"The name {target.host} leads to no address.")
    return addresses
