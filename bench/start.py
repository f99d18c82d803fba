"""How long does a start take, from the command to the first good answer? The first one on an empty folder, then others.

    .venv/bin/python bench/start.py [second starts]

Ends with 1 when the median of the second starts is over LONGEST_S.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_S = 3.0
PATIENCE_S = 120
KEPT = {"PATH", "HOME", "LANG"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def start(folder: Path, port: int) -> float:
    """Start the server as `make run` does, and tell the seconds until it answers; it is stopped afterwards."""
    environment = {name: value for name, value in os.environ.items() if name in KEPT}
    environment |= {"DATA_DIR": str(folder), "PORT": str(port)}
    began = time.monotonic()
    said = folder.with_name("said.txt")
    command = [sys.executable, "manage.py", "serve"]
    with said.open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        while not answers(port):
            if server.poll() is not None or time.monotonic() - began > PATIENCE_S:
                sys.exit(f"The server did not start.\n{said.read_text(encoding='utf-8')}")
            time.sleep(0.01)
        return time.monotonic() - began
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name) / "data", free_port()
        first = start(folder, port)
        seconds = [start(folder, port) for _ in range(count)]
    median = statistics.median(seconds)
    print(f"load of the machine now: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'start':<16}{'seconds':>8}")
    print(f"{'first':<16}{first:8.2f}")
    for at, each in enumerate(seconds, 2):
        print(f"{at:<16}{each:8.2f}")
    print(f"{'median from 2 on':<16}{median:8.2f}  (at most {LONGEST_S:.0f})")
    return 1 if median > LONGEST_S else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
