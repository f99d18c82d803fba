"""The proxy as we describe it, with real processes behind it: requests go one way, what stays open the other."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT
from tests.faults.sockets import Line
from tests.machine import in_ci

NGINX = shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), None)
PASSWORD = "correct horse battery"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite,
    pytest.mark.skipif(NGINX is None and not in_ci(), reason="nginx is not installed (with CI=true this would fail)"),
]


@dataclass
class House:
    """Web, live and nginx, each on a port of its own."""

    web: int
    live: int
    proxy: int
    token: str = ""

    def ask(self, port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, json.loads(read) if "json" in (answer.getheader("Content-Type") or "") else read


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in found:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in found]


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, "a process ended"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    pytest.fail("a process did not come up")


def configuration(folder: Path, web: int, live: int, proxy: int) -> str:
    """Our file with the ports of this test, in the smallest frame that nginx runs with alone."""
    ours = (ROOT / "deploy" / "nginx.conf").read_text()
    replaced = {"listen 80;": f"listen 127.0.0.1:{proxy};", "127.0.0.1:8000": f"127.0.0.1:{web}"}
    replaced |= {"127.0.0.1:8001": f"127.0.0.1:{live}", "/var/log/nginx/workloom.log": f"{folder}/access.log"}
    for old, new in replaced.items():
        assert old in ours
        ours = ours.replace(old, new)
    kept = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    frame = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ }}\nhttp {{\n{kept}"
    return f"{frame}{ours}}}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("nginx")
    web, live, proxy = free_ports(3)
    found = House(web, live, proxy)
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment |= {"DATA_DIR": str(folder / "data"), "TRUSTED_PROXIES": "127.0.0.1", "JOBS": "off"}
    environment |= {"ADMIN_EMAIL": "boss@example.org", "ADMIN_PASSWORD": PASSWORD, "LOG_LEVEL": "WARNING"}
    (folder / "nginx.conf").write_text(configuration(folder, found.web, found.live, found.proxy))
    with contextlib.ExitStack() as running:

        def begin(command: list[str], port: int, **settings: str) -> None:
            process = subprocess.Popen(command, cwd=ROOT, env=environment | settings, stdout=subprocess.DEVNULL)
            running.callback(process.wait, 30)
            running.callback(process.terminate)
            wait_for(port, process)

        begin([sys.executable, "manage.py", "serve"], found.web, PORT=str(found.web))
        begin([sys.executable, "manage.py", "live"], found.live, PORT=str(found.live))
        begin([NGINX or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], found.proxy)
        answer = found.ask(found.proxy, "POST", "/api/auth/login/", {"email": "boss@example.org", "password": PASSWORD})
        assert answer[0] == 200, answer
        found.token = answer[1]["access"]
        assert found.ask(found.proxy, "POST", "/api/v1/tasks/", {"title": "Makes the Inbox"})[0] == 201
        yield found


def test_requests_go_through_to_the_web(house: House) -> None:
    assert house.ask(house.proxy, "GET", "/api/v1/tasks/")[0] == 200
    assert house.ask(house.proxy, "GET", "/metrics")[0] == 403


def test_the_live_process_answers_nothing_else(house: House) -> None:
    assert house.ask(house.live, "GET", "/api/v1/tasks/")[0] == 404
    assert house.ask(house.live, "GET", "/readyz")[0] == 200


@pytest.mark.parametrize("way", ["proxy", "live", "web"])
def test_a_socket_is_told_wherever_it_is_held(house: House, way: str) -> None:
    with contextlib.closing(Line(getattr(house, way), house.token)) as line:
        assert line.next()["type"] == "authenticated"
        status, task = house.ask(house.proxy, "POST", "/api/v1/tasks/", {"title": f"Seen by {way}"})
        assert status == 201
        message = line.next()
        assert (message["action"], message["task"]) == ("task_created", task)


@pytest.mark.parametrize("path", ["/api/v1/events/stream/", "/api/events/stream"])
def test_a_stream_comes_through_at_once(house: House, path: str) -> None:
    with socket.create_connection(("127.0.0.1", house.proxy), timeout=30) as raw, raw.makefile("rb") as reader:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {house.token}\r\n\r\n".encode())
        head = until(reader.readline, lambda line: line == b"\r\n")
        assert head[0].startswith(b"HTTP/1.1 200")
        assert b"content-type: text/event-stream\r\n" in [line.lower() for line in head]
        until(reader.readline, lambda line: line.startswith(b"id: "))
        assert house.ask(house.proxy, "POST", "/api/v1/tasks/", {"title": "Streamed"})[0] == 201
        told = until(reader.readline, lambda line: line.startswith(b"data: "))
        assert b"Streamed" in told[-1]


def until(read: Callable[[], bytes], is_it: Callable[[bytes], bool]) -> list[bytes]:
    found = [read()]
    while not is_it(found[-1]):
        assert found[-1], "the stream ended"
        found.append(read())
    return found


def test_no_token_is_left_in_the_log(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    house.ask(house.proxy, "GET", "/ws/tasks/?token=very-secret")
    log = next(tmp_path_factory.getbasetemp().rglob("access.log")).read_text()
    assert "/ws/tasks/" in log
    assert "very-secret" not in log
