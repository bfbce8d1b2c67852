"""What the worker does for people."""

from procrastinate.contrib.django import app

from people import actions


@app.task(name="people.make_export")
def make_export(key: str) -> None:
    """Gather all that is held on somebody and tell them that it is ready."""
    actions.make_export(key)


@app.task(name="people.verify_links", lock="people.verify_links")
def verify_links(key: str) -> None:
    """Look whether the pages that somebody links to lead back to their profile."""
    actions.verify_links(key)


@app.periodic(cron="7 * * * *")
@app.task(name="people.verify_due_links", lock="people.verify_links", queueing_lock="people.verify_due_links")
def verify_due_links(timestamp: int = 0) -> None:
    """Look again at links that were looked at a month ago."""
    actions.verify_due_links()


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="people.seek_duplicates", lock="people.seek_duplicates", queueing_lock="people.seek_duplicates"
)
def seek_duplicates(timestamp: int = 0) -> None:
    """Look for the likes of names that are new or have changed."""
    actions.seek_duplicates()


@app.periodic(cron="41 3 * * *")
@app.task(name="people.forget_exports")
def forget_exports(timestamp: int = 0) -> None:
    """Take exports away whose week is over, and what joinings moved that can no longer be undone."""
    actions.forget_exports()
    actions.forget_merges()
