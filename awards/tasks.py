"""What the worker does for awards: sign their proofs."""

from procrastinate.contrib.django import app

from awards import actions


@app.task(name="awards.sign_credentials")
def sign_credentials(keys: list[str]) -> None:
    """Sign the proofs of awards that were granted; whoever asks earlier gets theirs signed at once."""
    actions.sign_credentials(keys)


@app.periodic(cron="*/5 * * * *")
@app.task(name="awards.sign_status_lists")
def sign_status_lists(timestamp: int = 0) -> None:
    """Sign the status lists anew before they end, and after something was taken back."""
    actions.sign_status_lists()
