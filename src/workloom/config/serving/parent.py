import multiprocessing
import os
import signal
import threading


def end_with_parent() -> None:
    """A worker whose parent was killed would go on holding the port; it ends instead."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watcher", daemon=True).start()
