"""Who comes to the summits of a demo: through the actions that people use, each on its day."""

import datetime as dt

from awards.models import Award
from common import clock
from common.bulk import mark_past_as_sent
from common.errors import RuleBroken
from events.actions import mark_attendance, register_for_summit, show_attendance
from events.models import Registration, Summit
from events.queries import inviting
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import Entry, read_list
from mvp_program.seeding.theatre import account_of
from people.models import Person, Visibility

MEALS = ("", "", "vegetarian", "", "no nuts", "", "halal")
SIZES = ("m", "l", "s", "xl", "", "xs")


def load_registrations(calendar: Calendar, tally: Tally) -> None:
    """Holders register, the places fill, and of a summit that is over it is noted who came."""
    summits = {summit.slug: summit for summit in Summit.objects.select_related("agreement")}
    for row in read_list("registrations"):
        row.only("summit", "day", "people", "besides", "last", "came")
        summit = row.found("summit", row.text("summit"), summits)
        try:
            rows = _register(row, summit, calendar.at(row.number("day")))
            if "came" in row:
                _note_who_came(summit, rows, rows[: row.number("came")])
        except RuleBroken as rule:
            raise row.wrong(f"This breaks a rule: {rule}") from rule
        tally.new += len(rows)
    mark_past_as_sent(calendar.at(0, hour=0))


def _register(row: Entry, summit: Summit, moment: dt.datetime) -> list[Registration]:
    made = []
    with clock.at(moment):
        people = _invited(row, summit)
    for number, person in enumerate(people):
        details = {"diet": MEALS[number % len(MEALS)], "shirt": SIZES[number % len(SIZES)]}
        with clock.at(moment + dt.timedelta(hours=number)):
            by = account_of(person)
            made.append(register_for_summit(summit, person, by=by, details=details, signs=True))
    return made


def _invited(row: Entry, summit: Summit) -> list[Person]:
    """Holders with an account whom the summit invites today, as many as the row says."""
    awards = inviting(Award.objects.all(), summit).order_by()
    besides = row.texts("besides") if "besides" in row else []
    people = Person.objects.filter(awards__in=awards, user__isnull=False).exclude(slug__in=besides)
    last = row.text("last", default="")
    ordered = sorted(people.distinct(), key=lambda person: (person.slug == last, person.slug))
    chosen = ordered[: row.number("people")]
    return chosen if not last or chosen[-1].slug == last else [*chosen[:-1], ordered[-1]]


def _note_who_came(summit: Summit, rows: list[Registration], came: list[Registration]) -> None:
    keys = [row.key for row in rows]
    with clock.at(summit.finishes + dt.timedelta(days=1)):
        mark_attendance(summit, came=[row.key for row in came], shown=keys, by=None)
        for row in came:
            show_attendance(row, by=row.person.user, seen_by=Visibility.EVERYONE)
