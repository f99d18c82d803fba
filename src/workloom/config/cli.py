import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """`workloom X` and `workloom manage X` are both Django's command X, found in any room's `management/commands/`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workloom.config.settings")
    arguments = sys.argv[1:]
    if arguments[:1] == ["manage"]:
        arguments = arguments[1:]
    execute_from_command_line(["workloom", *arguments])
