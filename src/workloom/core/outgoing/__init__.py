"""The one way out: every request that this product sends to an address which somebody typed goes through here.

An address is judged twice. When it is saved: by how it is written. When something is sent: the host is looked up once,
every address it leads to is judged, and the connection is made to one of these and to no other, so a name that answers
differently the second time gains nothing. Redirects are answers, not orders; proxies, cookies and compressed bodies do
not exist here; the whole exchange has one time limit, and of an answer only the beginning is read.
"""

from workloom.core.outgoing.client import Answer, Outgoing, configured
from workloom.core.outgoing.failures import Failed, TimedOut, TooMuch, Unreachable
from workloom.core.outgoing.networks import Network, why_closed
from workloom.core.outgoing.urls import Target, check_url

__all__ = [
    "Answer",
    "Failed",
    "Network",
    "Outgoing",
    "Target",
    "TimedOut",
    "TooMuch",
    "Unreachable",
    "check_url",
    "configured",
    "why_closed",
]
