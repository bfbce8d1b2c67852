"""Work at set times. Each task may run twice, or late, without harm."""

from procrastinate.contrib.django import app

from events import actions


@app.periodic(cron="17 * * * *")
@app.task(name="events.remind", queueing_lock="events.remind", pass_context=False)
def remind(timestamp: int = 0) -> None:
    """Every hour: reminders two weeks before, and word to those who are still in line when it ends."""
    actions.remind_registered()
    actions.tell_left_waiting()


@app.periodic(cron="53 3 * * *")
@app.task(name="events.erase", queueing_lock="events.erase", pass_context=False)
def erase(timestamp: int = 0) -> None:
    """Every night: what people said of food, guests and sizes ends some time after their summit."""
    actions.erase_details()


@app.periodic(cron="41 3 * * *")
@app.task(name="events.leave", queueing_lock="events.leave", pass_context=False)
def leave(timestamp: int = 0) -> None:
    """Every night: whose term ran out gives up the places that no other award of theirs opens."""
    actions.leave_where_terms_ended()
