"""What the worker does for awards: sign their proofs, keep the notes of the roster few."""

from procrastinate.contrib.django import app

from awards import actions, queries
from people.actions import ask_about_profiles as ask_about


@app.task(name="awards.sign_credentials")
def sign_credentials(keys: list[str]) -> None:
    """Sign the proofs of awards that were granted; whoever asks earlier gets theirs signed at once."""
    actions.sign_credentials(keys)


@app.periodic(cron="*/5 * * * *")
@app.task(name="awards.sign_status_lists")
def sign_status_lists(timestamp: int = 0) -> None:
    """Sign the status lists anew before they end, and after something was taken back."""
    actions.sign_status_lists()


@app.periodic(cron="37 9 * * *")
@app.task(name="awards.ask_about_profiles")
def ask_about_profiles(timestamp: int = 0) -> None:
    """Once a year whoever has an award is asked whether their profile is still right."""
    ask_about(queries.profiles_to_ask_about())


@app.periodic(cron="23 * * * *")
@app.task(name="awards.forget_roster_changes")
def forget_roster_changes(timestamp: int = 0) -> None:
    """Keep the notes of what changed on the roster few."""
    actions.forget_roster_changes()
