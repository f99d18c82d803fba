"""Does REST pay for sharing its port with WebSocket? One view under granian's WSGI and behind our bridge, in turns.

    .venv/bin/python bench/one_port.py [rounds]

Needs wrk. Prints requests per second and the server's processor time per request; the ratio is of medians.
"""

import os
import re
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
GRANIAN = Path(sys.executable).parent / "granian"
URL = "http://127.0.0.1:8765/hello/"
SECONDS, CONNECTIONS = 4, 8
SERVERS = {
    "wsgi, 1 thread": ("1", ["--interface", "wsgi", "--blocking-threads", "1", "trivial:wsgi"]),
    "wsgi, 4 threads": ("1", ["--interface", "wsgi", "--blocking-threads", "4", "trivial:wsgi"]),
    "bridge, 1 thread": ("1", ["--interface", "asginl", "trivial:bridge"]),
    "bridge, 4 threads": ("4", ["--interface", "asginl", "trivial:bridge"]),
}


@dataclass
class Figure:
    per_second: float
    microseconds: float


def processor_seconds(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in [str(pid), *children]]
    return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")


def wrk(seconds: int) -> str:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", URL]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def wait_until_up() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(URL, timeout=1).read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    sys.exit("The server did not start.")


def measure(threads: str, arguments: list[str]) -> Figure:
    command = [str(GRANIAN), "--http", "1", "--port", "8765", "--log-level", "error", *arguments]
    environment = os.environ | {"THREADS": threads, "PYTHONPATH": f"{HERE}:{HERE.parent / 'src'}"}
    server = subprocess.Popen(command, env=environment)
    try:
        wait_until_up()
        wrk(1)
        before = processor_seconds(server.pid)
        report = wrk(SECONDS)
        spent = processor_seconds(server.pid) - before
    finally:
        server.terminate()
        server.wait()
    if "Non-2xx" in report:
        sys.exit(report)
    requests = int(re.search(r"(\d+) requests in", report)[1])
    return Figure(float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]), spent / requests * 1e6)


def main(rounds: int) -> None:
    figures: dict[str, list[Figure]] = {name: [] for name in SERVERS}
    for _ in range(rounds):
        for name, (threads, arguments) in SERVERS.items():
            figures[name].append(measure(threads, arguments))
    print(f"median of {rounds} rounds, {CONNECTIONS} connections")
    rates = {name: statistics.median(f.per_second for f in found) for name, found in figures.items()}
    for name, found in figures.items():
        spent = statistics.median(f.microseconds for f in found)
        print(f"{name:<18} {rates[name]:7.0f} req/s  {spent:5.0f} us processor time per request")
    for threads in ("1 thread", "4 threads"):
        print(f"bridge / wsgi, {threads}: {rates[f'bridge, {threads}'] / rates[f'wsgi, {threads}']:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
