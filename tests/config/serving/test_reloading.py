import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from workloom.config.serving.reloading import stamps

SCRIPT = """
import sys
from pathlib import Path
from workloom.config.serving.reloading import serve_and_reload
sys.exit(serve_and_reload(["-c", "import time; print('up', flush=True); time.sleep(600)"], Path(sys.argv[1])))
"""


def test_a_change_of_the_code_shows_in_the_stamps(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    before = stamps(tmp_path)
    (tmp_path / "notes.swp").write_text("")
    assert stamps(tmp_path) == before
    (tmp_path / "b.html").write_text("")
    assert set(stamps(tmp_path)) == {tmp_path / "a.py", tmp_path / "b.html"}


@pytest.mark.slow
def test_the_server_starts_again_when_the_code_changes(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE, text=True
    ) as watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "up\n"
        (tmp_path / "new.py").write_text("")
        assert watcher.stdout.readline() == "Changed: new.py. Starting again.\n"
        assert watcher.stdout.readline() == "up\n"
        watcher.terminate()
