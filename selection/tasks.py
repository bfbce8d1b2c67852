"""What the worker does for the selection."""

from procrastinate.contrib.django import app

from charter.models import Category
from selection import actions, states
from selection.models import Release, Stage


@app.task(name="selection.carry_out_release")
def carry_out_release(key: str) -> None:
    """Carry out one release; safe to run twice."""
    release = Release.objects.filter(key=key).first()
    if release is not None:
        actions.carry_out_release(release)


@app.task(name="selection.make_plan")
def make_plan(key: str) -> None:
    """Compute who shall review what."""
    actions.make_plan(key)


@app.task(name="selection.refill")
def refill(stage: int) -> None:
    """Fill the places that somebody left."""
    actions.refill_stage(stage)


@app.task(name="selection.find_readers")
def find_readers(key: str) -> None:
    """Find people who have not seen the case for a second look."""
    actions.find_readers(key)


@app.task(name="selection.end_tied_tasks")
def end_tied_tasks(nominations: list[int]) -> None:
    """Take cases off people who were found to be tied to them."""
    actions.end_tied_tasks(nominations)


@app.task(name="selection.suggest_ties")
def suggest_ties(stage: int) -> None:
    """Tell chairs of people who review each other."""
    actions.suggest_mutual(stage)


@app.task(name="selection.look_for_ties")
def look_for_ties(stage: int) -> None:
    """Signs of ties of the cases that came into a stage; safe to run twice."""
    found = Stage.objects.filter(pk=stage).first()
    if found is not None:
        actions.look_for_ties(found)


@app.periodic(cron="*/10 * * * *")
@app.task(name="selection.look_for_ties_again")
def look_for_ties_again(timestamp: int = 0) -> None:
    """Catch up with stages whose own job was lost."""
    for stage in actions.stages_without_ties():
        actions.look_for_ties(stage)


@app.task(name="selection.tell_own_year")
def tell_own_year(key: str) -> None:
    """The mails about one's own year after a main release; each goes out once."""
    release = Release.objects.select_related("cycle").filter(key=key).first()
    if release is not None:
        actions.tell_own_year(release)


@app.task(name="selection.mail_history_head")
def mail_history_head(key: str) -> None:
    """The head digest of the history, to the auditors after each release; each mail goes out once."""
    release = Release.objects.select_related("cycle").filter(key=key).first()
    if release is not None:
        actions.mail_history_head(release)


@app.periodic(cron="* * * * *")
@app.task(name="selection.carry_out_due_releases")
def carry_out_due_releases(timestamp: int = 0) -> None:
    """Catch up with releases whose own job was lost."""
    for release in actions.releases_due():
        actions.carry_out_release(release)


@app.periodic(cron="1 * * * *")
@app.task(name="selection.begin_award_year")
def begin_award_year(timestamp: int = 0) -> None:
    """At the first hour of a term, ribbons and figures count from its year."""
    actions.begin_award_year()


@app.periodic(cron="11 * * * *")
@app.task(name="selection.publish_missing_reports")
def publish_missing_reports(timestamp: int = 0) -> None:
    """Reports of cycles whose letters were out before the site had any."""
    actions.publish_missing_reports()


@app.task(name="selection.compute_numbers")
def compute_numbers(stage: int, category: int) -> None:
    """Agreement, calibrated scores and chances of a decision group; safe to run twice."""
    found, group = Stage.objects.filter(pk=stage).first(), Category.objects.filter(pk=category).first()
    if found is not None and group is not None:
        actions.compute_numbers(found, group)


@app.task(name="selection.propose_copies")
def propose_copies(stage: int) -> None:
    """Copies without names for the cases of a stage that hides them; safe to run twice."""
    found = Stage.objects.filter(pk=stage).first()
    if found is not None:
        actions.propose_copies(found)


@app.periodic(cron="7 * * * *")
@app.task(name="selection.propose_copies_again")
def propose_copies_again(timestamp: int = 0) -> None:
    """Catch up with dossiers that changed while their stage runs, and with jobs that were lost."""
    for stage in Stage.objects.filter(state=states.STAGE_OPEN, hide_nominee=True):
        actions.propose_copies(stage)


@app.periodic(cron="23 * * * *")
@app.task(name="selection.send_due_reminders")
def send_due_reminders(timestamp: int = 0) -> None:
    """Remind reviewers on the days that their stages say; each goes out once."""
    actions.send_due_reminders()


@app.periodic(cron="*/10 * * * *")
@app.task(name="selection.watch_dates")
def watch_dates(timestamp: int = 0) -> None:
    """Note dates that slipped, whoever moved them, and those that passed without an end."""
    actions.watch_dates()


@app.task(name="selection.tell_delay")
def tell_delay(batch: str) -> None:
    """Tell the parties of all cases of a cycle what slipped; safe to run twice."""
    actions.tell_delay(batch)
