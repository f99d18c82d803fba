"""A way past the event loop for requests that do not need it.

The server gives each request to the event loop, which wakes up, makes a task of it, and hands it to a thread; one short
request costs an eighth more by that. The server's own `schedule` runs on a thread that may just as well hand it over.
The server has no setting for that, so one private function of its pinned release is wrapped here, and nowhere else.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from granian import _futures

from workloom.config.serving.protocol import Scope, Send

logger = logging.getLogger("workloom.serving")
Take = Callable[[asyncio.AbstractEventLoop, Scope, Send], bool]
_NAME = "_cbsched_aioschedule"


def past_the_loop(take: Take) -> None:
    """Have the server ask, for each request of this process, whether `take` does it; what is left goes the usual way."""
    usual = getattr(_futures, _NAME)

    def schedule_for(loop: asyncio.AbstractEventLoop, context: Any, callback: Any) -> Callable[[Any], None]:
        schedule = usual(loop, context, callback)

        def ask(watcher: Any) -> None:
            try:
                if take(loop, watcher.scope, watcher.proto.send):
                    return
            except Exception:  # the server calls this and looks at no error: the request would get no answer
                logger.exception("A request could not be handed over, and takes the usual way")
            schedule(watcher)

        return ask

    setattr(_futures, _NAME, schedule_for)
