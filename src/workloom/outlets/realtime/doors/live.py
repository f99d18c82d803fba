"""Both ways in, with the one hub behind them; a process makes this once."""

from typing import Final

from workloom.outlets.realtime.doors.asgi import Receive, Send
from workloom.outlets.realtime.doors.stream import Handover, Headers, Stream
from workloom.outlets.realtime.doors.websocket import WebSocketDoor
from workloom.outlets.realtime.hub.hub import Hub
from workloom.outlets.realtime.rules import SIGN_IN_WITHIN_S, STREAM


class Live:
    """What a server that has an event loop needs to hold connections."""

    key: Final = STREAM

    def __init__(self, hub: Hub | None = None, *, sign_in_within_s: float = SIGN_IN_WITHIN_S) -> None:
        self.hub = hub or Hub()
        self.websocket = WebSocketDoor(self.hub, sign_in_within_s=sign_in_within_s)

    def handover(self) -> Handover:
        return Handover(self.hub)

    async def hold(self, handover: Handover, head: tuple[int, Headers], receive: Receive, send: Send) -> None:
        """Go on with an answer whose request was judged."""
        await Stream(self.hub, send).hold(handover, head, receive)
