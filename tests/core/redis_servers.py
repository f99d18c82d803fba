"""Real servers for the tests about Redis: a master, its replica and a Sentinel, each with a password."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis

from tests.machine import in_ci

BINARY = shutil.which("redis-server")
PASSWORD = "p@ss/word,1"
QUOTED = "p%40ss%2Fword%2C1"
SENTINEL_PASSWORD = "asked-by-sentinel"
needs_redis_server = pytest.mark.skipif(
    BINARY is None and not in_ci(),
    reason="redis-server is not installed (with CI=true this would fail)",
)

Options = dict[str, str]
Server = subprocess.Popen[bytes]


@dataclass
class Watched:
    """What `watched_redis` started; `url` is what goes into REDIS_URL."""

    ports: dict[str, int]
    url: str
    servers: dict[str, Server] = field(default_factory=dict)

    def kill(self, name: str) -> None:
        self.servers[name].kill()
        self.servers[name].wait(10)

    def asked(self, name: str) -> redis.Redis:
        password = SENTINEL_PASSWORD if name == "sentinel" else PASSWORD
        return redis.Redis(port=self.ports[name], password=password, socket_timeout=2, decode_responses=True)


def free_ports(count: int) -> list[int]:
    with ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in found:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in found]


def until(is_so: Callable[[], object], *, seconds: float) -> float:
    """Ask again and again, a server away meaning no; tells how long it took."""
    began, pause = time.monotonic(), threading.Event()
    while time.monotonic() - began < seconds:
        try:
            if is_so():
                return time.monotonic() - began
        except redis.RedisError:
            pass
        pause.wait(0.05)
    raise AssertionError(f"not so within {seconds} seconds")


@contextmanager
def redis_server(folder: Path, options: Options, *words: str) -> Iterator[Server]:
    folder.mkdir()
    path = folder / "redis.conf"
    everywhere = {"bind": "127.0.0.1", "dir": str(folder), "logfile": str(folder / "log")}
    path.write_text("".join(f"{name} {value}\n" for name, value in (everywhere | options).items()))
    assert BINARY, "redis-server is not installed"
    server = subprocess.Popen([BINARY, path, *words])
    try:
        yield server
    finally:
        server.kill()
        server.wait(10)


def data_options(port: int) -> Options:
    return {
        "port": str(port),
        "save": '""',
        "requirepass": f'"{PASSWORD}"',
        "masterauth": f'"{PASSWORD}"',
        "repl-diskless-sync-delay": "0",
    }


def sentinel_options(port: int, master: int) -> Options:
    return {
        "port": str(port),
        "requirepass": SENTINEL_PASSWORD,
        "sentinel monitor": f"tasks 127.0.0.1 {master} 1",
        "sentinel auth-pass": f'tasks "{PASSWORD}"',
        "sentinel down-after-milliseconds": "tasks 500",
        "sentinel failover-timeout": "tasks 3000",
    }


@contextmanager
def watched_redis(folder: Path) -> Iterator[Watched]:
    master, replica, sentinel, nobody = free_ports(4)
    ports = {"master": master, "replica": replica, "sentinel": sentinel}
    hosts = f"127.0.0.1:{nobody},127.0.0.1:{sentinel}"
    url = f"redis+sentinel://:{QUOTED}@{hosts}/tasks/1?sentinel_password={SENTINEL_PASSWORD}"
    watched = Watched(ports, url)
    replica_options = data_options(replica) | {"replicaof": f"127.0.0.1 {master}"}
    with ExitStack() as started:
        start = started.enter_context
        watched.servers["master"] = start(redis_server(folder / "master", data_options(master)))
        watched.servers["replica"] = start(redis_server(folder / "replica", replica_options))
        known = start(watched.asked("master"))
        until(lambda: known.info("replication").get("slave0", {}).get("state") == "online", seconds=10)
        options = sentinel_options(sentinel, master)
        watched.servers["sentinel"] = start(redis_server(folder / "sentinel", options, "--sentinel"))
        told = start(watched.asked("sentinel"))
        until(lambda: told.sentinel_slaves("tasks"), seconds=15)
        yield watched
