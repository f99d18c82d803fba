"""The command itself, in a process of its own, as somebody starts it who has just cloned the project."""

import contextlib
import http.client
import json
import os
import re
import select
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
LONGEST_STOP_S = 3
# Measuring coverage makes a start three times slower, and is not what people start.
LONGEST_START_S = 12 if any(name.startswith("COVERAGE") for name in os.environ) else 3
KEPT = {"PATH", "HOME", "LANG"}


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int
    folder: Path
    seconds: float = 0

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body or None, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def json(self, path: str) -> Any:
        return json.loads(self.ask("GET", path)[2])

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(20)
        return time.monotonic() - began

    def said(self) -> str:
        return (self.folder / "said.txt").read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(is_there: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < deadline, "the server did not come up"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            pytest.fail("the server ended")


def patience() -> float:
    """A machine with more work than processors gets as much more time."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def is_up(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def begin(folder: Path, **settings: str) -> Running:
        port = free_port()
        inherited = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("COVERAGE")}
        environment = inherited | {"DATA_DIR": str(folder / "data"), "PORT": str(port)} | settings
        began = time.monotonic()
        with (folder / "said.txt").open("a") as said:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=said, stderr=said, text=True
            )
        running = Running(process, port, folder)
        started.append(running)
        wait_for(lambda: is_up(port), process)
        running.seconds = time.monotonic() - began
        return running

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def server(start: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> Running:
    """One for all who only look: with two workers, without the queue, with an administrator."""
    settings = {"ADMIN_EMAIL": "boss@example.org", "ADMIN_PASSWORD": "correct horse battery"}
    return start(tmp_path_factory.mktemp("server"), WORKERS="2", JOBS="off", **settings)


def test_two_starts_and_a_clean_stop(start: Callable[..., Running], tmp_path: Path) -> None:
    first = start(tmp_path)
    assert first.json("/api/health/") | {"release": ""} == {
        "status": "healthy",
        "database": "connected",
        "cache": "connected",
        "jobs": "connected",
        "events": "current",
        "failing": [],
        "release": "",
    }
    assert first.ask("GET", "/readyz")[0] == 200
    said = first.said()
    assert f"Workloom runs at http://127.0.0.1:{first.port}" in said
    assert re.search(rf"http://127\.0\.0\.1:{first.port}/setup/\S{{20,}}/", said)
    key = first.folder / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    stops = [first.stop(signal.SIGINT)]
    assert first.process.returncode == 0
    second = start(tmp_path)
    stops.append(second.stop(signal.SIGTERM))
    assert second.process.returncode == 0
    assert second.seconds < LONGEST_START_S * patience()
    assert max(stops) < LONGEST_STOP_S * patience()
    assert "Traceback" not in first.said()


def test_the_first_administrator_comes_from_the_settings(server: Running) -> None:
    assert "/setup/" not in server.said()
    body = json.dumps({"email": "boss@example.org", "password": "correct horse battery"}).encode()
    status, _, answer = server.ask("POST", "/api/auth/login/", body, content_type="application/json")
    assert status == 200
    assert json.loads(answer)["user"]["role"] == "admin"


def test_one_port_carries_documents_files_and_sockets(server: Running) -> None:
    status, headers, page = server.ask("GET", "/api/docs/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    for address in re.findall(rb'(?:src|href)="([^"]+)"', page):
        assert address.startswith(b"/"), address
    status, headers, _ = server.ask("GET", "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css")
    assert (status, headers["x-content-type-options"]) == (200, "nosniff")
    handshake = (
        f"GET /ws/nothing/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(handshake.encode())
        with raw.makefile("rb") as reader:
            assert reader.readline().startswith(b"HTTP/1.1 101")
            while reader.readline().strip():
                pass
            assert reader.read(4)[2:] == (4404).to_bytes(2, "big")


def test_a_body_over_the_limit_is_refused_unread(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(
            f"POST /api/auth/login/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
            "Content-Length: 99000000\r\n\r\n{".encode()
        )
        answer = raw.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in answer


def test_metrics_count_all_workers_together(server: Running) -> None:
    for _ in range(20):
        assert server.ask("GET", "/api/health/")[0] == 200
    text = server.ask("GET", "/metrics")[2].decode()
    assert 'workloom_requests_total{method="GET",route="api/v1/health/",status="200"} 20.0' in text
    assert 'workloom_request_seconds_bucket{le="0.1"' in text
    assert "workloom_process_resident_bytes" in text


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_is_left_when_the_server_is_killed(start: Callable[..., Running], tmp_path: Path) -> None:
    running = start(tmp_path)
    family = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
    children = [os.pidfd_open(int(pid)) for pid in family.read_text().split()]
    assert len(children) == 2
    running.process.kill()
    running.process.wait()
    for child in children:
        ended, _, _ = select.select([child], [], [], 20)
        os.close(child)
        assert ended == [child]


def test_the_queue_can_be_worked_by_a_process_of_its_own(server: Running) -> None:
    environment = os.environ | {"DATA_DIR": str(server.folder / "data"), "DJANGO_SETTINGS_MODULE": ""}
    environment = {name: value for name, value in environment.items() if value}
    command = [sys.executable, "manage.py", "run_jobs"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "Working the queue until Ctrl-C.\n"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0


def test_a_second_server_on_the_same_port_is_refused(server: Running, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(server.port)}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert f"Cannot listen on 127.0.0.1:{server.port}: Address already in use" in done.stderr
    assert f"PORT={server.port + 1}" in done.stderr


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"PORT": "many"}, "PORT must be a whole number"),
        ({"DATABASE_URL": "mysql://root@127.0.0.1:1/x"}, "Start it, or correct DATABASE_URL."),
        ({"DATABASE_URL": "postgres://127.0.0.1:1/x"}, "Start it, or correct DATABASE_URL."),
    ],
)
def test_what_is_wrong_stops_the_start_in_one_sentence(tmp_path: Path, setting: dict[str, str], words: str) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(free_port())} | setting
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
