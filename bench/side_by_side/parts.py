"""The parts of the bench on one database, in a process whose Django knows that one."""

import sys

if __name__ == "__main__":
    import django

    django.setup()

from bench.side_by_side import cost, growth, rates, side
from bench.side_by_side.database import prepared
from bench.side_by_side.options import Options, read_options


def run_parts(options: Options) -> int:
    """Run what was asked for; return the worst exit code."""
    sqlite = options.databases == ("sqlite",)
    database = prepared(options.tasks, sqlite=sqlite)
    worst = 0
    if "side" in options.parts:
        worst = max(worst, side.run(options, database))
    if "port" in options.parts and not sqlite:
        worst = max(worst, side.run_one_port(options, database))
    if "growth" in options.parts and not sqlite:
        worst = max(worst, growth.run(options))
    if "rates" in options.parts:
        worst = max(worst, rates.run(options, database))
    if "cost" in options.parts:
        worst = max(worst, cost.run(options, database))
    return worst


if __name__ == "__main__":
    sys.exit(run_parts(read_options()))
