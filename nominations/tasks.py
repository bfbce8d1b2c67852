"""Work at set times. Each task may run twice, or late, without harm."""

from procrastinate.contrib.django import app

from nominations import actions


@app.periodic(cron="7 * * * *")
@app.task(name="nominations.remind", queueing_lock="nominations.remind", pass_context=False)
def remind(timestamp: int = 0) -> None:
    """Every hour: reminders of unanswered invitations."""
    actions.remind_nominees()


@app.periodic(cron="*/10 * * * *")
@app.task(name="nominations.lapse", queueing_lock="nominations.lapse", pass_context=False)
def lapse(timestamp: int = 0) -> None:
    """Every ten minutes: invitations of three weeks ago and dossiers that were not complete in time lapse."""
    actions.expire_nominations()


@app.periodic(cron="*/5 * * * *")
@app.task(name="nominations.triage", queueing_lock="nominations.triage", pass_context=False)
def triage(timestamp: int = 0) -> None:
    """Every five minutes: what the office decided on held nominations takes effect once it can't be undone."""
    actions.apply_triage()


@app.periodic(cron="23 3 * * *")
@app.task(name="nominations.erase", queueing_lock="nominations.erase", pass_context=False)
def erase(timestamp: int = 0) -> None:
    """Every night: personal data whose day has come are erased."""
    actions.erase_ended_cases()


@app.periodic(cron="41 3 * * *")
@app.task(name="nominations.anonymise", queueing_lock="nominations.anonymise", pass_context=False)
def anonymise(timestamp: int = 0) -> None:
    """Every night: cases without an award whose months are over lose their names and texts."""
    actions.anonymise_cases()
