"""What the worker does for people."""

from procrastinate.contrib.django import app

from people import actions


@app.task(name="people.make_export")
def make_export(key: str) -> None:
    """Gather all that is held on somebody and tell them that it is ready."""
    actions.make_export(key)


@app.periodic(cron="41 3 * * *")
@app.task(name="people.forget_exports")
def forget_exports(timestamp: int = 0) -> None:
    """Take exports away whose week is over."""
    actions.forget_exports()
