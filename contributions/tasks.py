"""What the worker does for logs: try links, forget what can no longer be undone."""

from procrastinate.contrib.django import app

from contributions import actions

EVERY_TEN_MINUTES = "*/10 * * * *"


@app.periodic(cron="41 3 * * *")
@app.task(name="contributions.tidy_up")
def tidy_up(timestamp: int = 0) -> None:
    """Once a day: what was deleted or imported two weeks ago can no longer be undone."""
    actions.forget_deleted()
    actions.forget_imports()


@app.periodic(cron=EVERY_TEN_MINUTES)
@app.task(
    name="contributions.check_links",
    lock="contributions.check_links",
    queueing_lock="contributions.check_links",
)
def check_links(timestamp: int = 0) -> None:
    """Try the links that are due; one run at a time, so that no host is asked twice at once."""
    actions.check_links()
