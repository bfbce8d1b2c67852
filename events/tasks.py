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
