"""Work for later, by name: ``defer("nominations.lapse", key="K7Q2M4XD")``.

The job is a row written in the caller's transaction: no commit, no job. Names are those given in each app's
``tasks.py``; a test checks that every deferred name exists.
"""

import datetime as dt
from typing import Any

from django.db import transaction

from common import prepared


def defer(name: str, *, run_at: dt.datetime | None = None, once: str | None = None, **arguments: Any) -> None:
    """Queue a task. ``run_at`` delays it. ``once`` drops the request while an equal one waits already.

    Tasks are safe to repeat, so ``once`` only saves work: where another open transaction is asking for the
    same, the job is queued a second time rather than letting one transaction wait for the other.
    """
    from procrastinate import exceptions
    from procrastinate.contrib.django import app

    if once is not None:
        alone, waits = _standing_of(once)
        if alone and waits:
            return
        once = once if alone else None
    try:
        with transaction.atomic():  # a refused row must not spoil the caller's transaction
            app.configure_task(name, schedule_at=run_at, queueing_lock=once).defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return


STANDING = """
    SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7204002)),
        EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo')
"""


def _standing_of(once: str) -> tuple[bool, bool]:
    """Take the right to queue ``once`` until the transaction ends; False if another transaction has it. And whether
    an equal job waits: to be refused by the index costs a savepoint and three statements more."""
    alone, waits = prepared.fetch(STANDING, [once, once])[0]
    return bool(alone), bool(waits)
