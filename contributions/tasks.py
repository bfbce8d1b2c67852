"""What the worker does for logs: forget what was deleted."""

from procrastinate.contrib.django import app

from contributions import actions


@app.periodic(cron="41 3 * * *")
@app.task(name="contributions.tidy_up")
def tidy_up(timestamp: int = 0) -> None:
    """Once a day: what was deleted or imported two weeks ago can no longer be undone."""
    actions.forget_deleted()
    actions.forget_imports()
