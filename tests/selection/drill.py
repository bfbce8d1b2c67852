"""Kills real processes while they carry out releases and send mail: ``python -m tests.selection.drill``.

Run by ``tests/selection/actions/test_release_drills.py`` in a process of its own, as forks must not inherit the
database connections of a test. Each child kills itself before its nth statement; children are made until one
comes through. Arguments: name of the database, folder for the mail, what to do, step between the statements.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import django
from django.conf import settings


class Bomb:
    """An execute wrapper that lets so many statements pass."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return execute(sql, params, many, context)


def killed_after(act: Callable[[], Any], statements: int) -> bool:
    """Whether a child that does ``act`` was killed before it was through."""
    from django.db import connection

    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(Bomb(statements)):
            act()
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the child failed by itself")
    return os.WIFSIGNALED(status)


def is_untouched() -> bool:
    """Nothing of a release can be seen: no award, no mail, no state, no history."""
    from django.db import connection

    from awards.models import Award
    from common.models import HistoryRow, OutboxMail
    from selection.models import Release

    seen = (
        Award.objects.filter(cycle__isnull=False),
        OutboxMail.objects.all(),
        Release.objects.filter(released_at__isnull=False),
        HistoryRow.objects.filter(verb__in=("release", "settle_nomination", "grant")),
    )
    untouched = not any(rows.exists() for rows in seen)
    connection.close()  # the next child must not share it
    return untouched


def main(what: str, step: int) -> None:
    """Print how many children were killed before one came through."""
    from common.delivery import send_waiting
    from selection.tasks import carry_out_due_releases

    act = send_waiting if what == "mail" else carry_out_due_releases
    for killed in count():
        if not killed_after(act, killed * step):
            print(killed)
            return
        if what == "release" and not is_untouched():
            raise SystemExit(f"killed before statement {killed * step}, it left something behind")


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = sys.argv[2]
    django.setup()
    main(sys.argv[3], int(sys.argv[4]))
