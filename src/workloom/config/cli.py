import importlib
import os
import sys
import tempfile

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """`workloom X` and `workloom manage X` are both Django's command X, found in any room's `management/commands/`; `send-x` is `send_x`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workloom.config.settings")
    arguments = sys.argv[1:]
    if arguments[:1] == ["manage"]:
        arguments = arguments[1:]
    if arguments and not arguments[0].startswith("-"):
        arguments[0] = arguments[0].replace("-", "_")  # Python's modules cannot have the names that people type
    try:
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as error:
        sys.exit(f"workloom: {error}")
    if arguments[:1] == ["serve"] and "--reload" not in arguments:
        with tempfile.TemporaryDirectory(prefix="workloom-metrics-") as folder:
            # The metrics library decides when it is imported whether several processes count together.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
            execute_from_command_line(["workloom", *arguments])
    else:
        execute_from_command_line(["workloom", *arguments])
