"""What the pages print is run as it stands, against a server that this test starts."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.config.serving.test_serve import KEPT, free_port, is_up, wait_for

ADMIN = {"ADMIN_EMAIL": "ada@garden.example", "ADMIN_PASSWORD": "rows of beans in june"}
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks_of(page: str) -> list[str]:
    """The shell commands of a page, block by block."""
    return _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


@dataclass
class Reader:
    """Somebody who types what a page says."""

    port: int
    environment: dict[str, str]

    def types(self, *pages: str) -> dict[str, list[str]]:
        """What each block of these pages prints, run one after the other in one shell; a command that fails is a failure."""
        mark = "-- end of block --"
        script = ["set -euo pipefail"]
        for page in pages:
            script += [f"{block}\necho '{mark}'" for block in blocks_of(page)]
        text = "\n".join(script).replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        printed = iter(done.stdout.split(f"{mark}\n"))
        return {page: [next(printed) for _ in blocks_of(page)] for page in pages}


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    if shutil.which("bash") is None or shutil.which("curl") is None:
        pytest.fail("These tests need bash and curl.")
    folder, port = tmp_path_factory.mktemp("docs"), free_port()
    inherited = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("COVERAGE")}
    path = os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", "")])
    environment = inherited | {"PATH": path, "DATA_DIR": str(folder / "data"), "PORT": str(port), "COLUMNS": "120"}
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment | ADMIN,
            stdout=said,
            stderr=said,
            text=True,
        )
    try:
        wait_for(lambda: is_up(port), process)
        yield Reader(port, environment)
    finally:
        process.terminate()
        process.wait(20)
