"""Work for later, by name: ``defer("nominations.lapse", key="K7Q2M4XD")``.

The job is a row written in the caller's transaction: no commit, no job. Names are those given in each app's
``tasks.py``; a test checks that every deferred name exists.
"""

import datetime as dt
from typing import Any

from django.db import connection, transaction


def defer(name: str, *, run_at: dt.datetime | None = None, once: str | None = None, **arguments: Any) -> None:
    """Queue a task. ``run_at`` delays it. ``once`` drops the request while an equal one waits already.

    Tasks are safe to repeat, so ``once`` only saves work: where another open transaction is asking for the
    same, the job is queued a second time rather than letting one transaction wait for the other.
    """
    from procrastinate import exceptions
    from procrastinate.contrib.django import app

    if once is not None and not _alone_with(once):
        once = None
    try:
        with transaction.atomic():  # a refused row must not spoil the caller's transaction
            app.configure_task(name, schedule_at=run_at, queueing_lock=once).defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return


def _alone_with(once: str) -> bool:
    """Take the right to queue ``once`` until the transaction ends; False if another transaction has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7204002))", [once])
        return bool(cursor.fetchone()[0])
