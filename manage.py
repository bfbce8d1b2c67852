#!/usr/bin/env python
"""Django's command line for this project."""

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

SERVING = {
    "procrastinate",
    "runserver",
}  # these serve, with the application's rights; all others own the tables


def main() -> None:
    """Choose the database role by the command, and say what is wrong in a sentence rather than a traceback."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mvp_program.settings.dev")
    os.environ.setdefault("MVP_DATABASE_ROLE", "app" if command in SERVING else "owner")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # leave the database in order
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
