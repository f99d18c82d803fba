"""python -m bench.side_by_side: see bench/README.md. Every database gets a process of its own."""

import subprocess
import sys

from bench.side_by_side import wrk
from bench.side_by_side.database import ROOT, environment, prepared
from bench.side_by_side.options import read_options


def main() -> int:
    """Prepare each database, and run the parts on it; the worst exit code counts."""
    options = read_options()
    if (lack := wrk.missing()) and {"side", "port", "growth", "rates"} & set(options.parts):
        print(lack, file=sys.stderr)
        return 3
    worst = 0
    for name in options.databases:
        database = prepared(options.tasks, sqlite=name == "sqlite")
        command = [sys.executable, "-m", "bench.side_by_side.parts", *sys.argv[1:], "--on", name]
        done = subprocess.run(command, cwd=ROOT, env=environment(database), check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
