"""PostgreSQL, Redis and RabbitMQ of the tests' own, which may be killed: other ports and folders than the machine's."""

import os
import shutil
import subprocess
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from tests.faults.processes import Keeper, Running, free_port, listens, until

_DEBIAN = Path("/usr/lib")


def _newest(pattern: str) -> str | None:
    """Return the last of Debian's files of this shape: the highest version."""
    found = sorted(_DEBIAN.glob(pattern))
    return str(found[-1]) if found else None


INITDB = shutil.which("initdb") or _newest("postgresql/*/bin/initdb")
REDIS = shutil.which("redis-server")
RABBIT = _newest("rabbitmq/bin/rabbitmq-server") or shutil.which("rabbitmq-server")
EPMD = shutil.which("epmd") or _newest("erlang/erts-*/bin/epmd")


def missing(*names: str) -> list[str]:
    """Say which servers this machine cannot run."""
    there = {"PostgreSQL": INITDB, "Redis": REDIS, "RabbitMQ": RABBIT and EPMD}
    return [name for name in names if not there[name]]


class Server:
    """One server; `kill` is kill -9, `revive` starts it again on what its disk holds."""

    name = ""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self.keeper, self.folder, self.port = keeper, folder / self.name, free_port()
        self.folder.mkdir()
        self.running = self.begin()
        self.wait()

    def begin(self) -> Running:
        raise NotImplementedError

    def answers(self) -> bool:
        return listens(self.port)

    def wait(self) -> None:
        until(lambda: self.answers() or self._fell(), f"{self.name} answers")

    def _fell(self) -> bool:
        if not self.running.is_running:
            raise AssertionError(f"{self.name} ended:\n{self.running.said()[-3000:]}")
        return False

    def kill(self) -> None:
        self.running.kill()

    def revive(self) -> None:
        self.running.start()
        self.wait()


class Postgres(Server):
    """A cluster that keeps what it committed: fsync is on."""

    name = "postgres"

    @cached_property
    def _user(self) -> str | None:
        return "postgres" if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def database(self, name: str) -> str:
        """Make a database and return its address."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def begin(self) -> Running:
        if self._user:
            shutil.chown(self.folder, self._user, self._user)
        bin_folder = Path(str(INITDB)).parent
        data = self.folder / "data"
        words = ["-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [str(INITDB), *words],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=self._user,
            env={"PATH": os.environ["PATH"]},
        )
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "fsync": "on",
            "synchronous_commit": "on",
            "max_connections": 100,
            "shared_buffers": "32MB",
            "restart_after_crash": "on",
            "log_line_prefix": "%m [%p] %a ",
        }
        command = [str(bin_folder / "postgres"), "-D", str(data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return self.keeper.start(self.name, command, self.folder, user=self._user)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
            return True
        return False

    def revive(self) -> None:
        """A killed postmaster leaves its pid file; its children end by themselves before another may start."""
        data = self.folder / "data"
        until(lambda: not _uses(data), "the end of the killed server's children")
        super().revive()


def _uses(folder: Path) -> bool:
    """Tell whether any process works in a folder."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == folder:
                return True
    return False


class Redis(Server):
    """Nothing is kept on disk: what it knew is gone with it."""

    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def begin(self) -> Running:
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        return self.keeper.start(self.name, [str(REDIS), *words], self.folder)


class Rabbit(Server):
    """A node with a name server of its own, so that it meets no other node and leaves no daemon."""

    name = "rabbitmq"

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def begin(self) -> Running:
        names, distribution = free_port(), free_port()
        self.keeper.start("epmd", [str(EPMD), "-port", str(names), "-address", "127.0.0.1"], self.folder)
        until(lambda: listens(names), "epmd answers")
        for name, text in {"rabbit.conf": "loopback_users = none\n", "plugins": "[].\n", "env.conf": ""}.items():
            (self.folder / name).write_text(text)
        settings = {
            "HOME": self.folder,
            "ERL_EPMD_PORT": names,
            "RABBITMQ_NODENAME": f"faults{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": self.port,
            "RABBITMQ_DIST_PORT": distribution,
            "RABBITMQ_MNESIA_BASE": self.folder / "mnesia",
            "RABBITMQ_LOG_BASE": self.folder,
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": self.folder / "rabbit.conf",
            "RABBITMQ_CONF_ENV_FILE": self.folder / "env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.folder / "plugins",
            "RABBITMQ_PID_FILE": self.folder / "pid",
            # Without a shell around it: what is killed is the node itself.
            "RABBITMQ_ALLOW_INPUT": "",
            "RUNNING_UNDER_SYSTEMD": "true",
        }
        texts = {name: str(value) for name, value in settings.items()}
        return self.keeper.start(self.name, [str(RABBIT)], self.folder, **texts)

    def answers(self) -> bool:
        return "Server startup complete" in self.running.said().rpartition("Starting RabbitMQ")[2] and listens(
            self.port
        )
