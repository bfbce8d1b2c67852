"""Work for later, by name: ``defer("nominations.lapse", key="K7Q2M4XD")``.

The job is a row written in the caller's transaction: no commit, no job. Names are those given in each app's
``tasks.py``; a test checks that every deferred name exists.
"""

import datetime as dt
from typing import Any


def defer(name: str, *, run_at: dt.datetime | None = None, once: str | None = None, **arguments: Any) -> None:
    """Queue a task. ``once`` drops the request while an equal one still waits; ``run_at`` delays it."""
    from procrastinate import exceptions
    from procrastinate.contrib.django import app

    task = app.configure_task(name, schedule_at=run_at, queueing_lock=once)
    try:
        task.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return
