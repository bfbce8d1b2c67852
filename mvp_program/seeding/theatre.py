"""Who is there to play the cycles of a demo, and what they say."""

import datetime as dt
import random

from accounts.models import User
from charter.models import Area, Region
from charter.queries import region_of
from contributions.models import Contribution, ContributionType
from mvp_program.generating.chance import Ids, Keys
from mvp_program.generating.texts import Texts
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.people import Catalogue, cast_member, load_people
from mvp_program.seeding.reading import Entry
from nominations.models import Nomination
from people.models import Person
from selection.models import Assignment, Review


class Theatre:
    """Who is there to play, and what they say."""

    def __init__(self, calendar: Calendar, file: Entry) -> None:
        self.calendar = calendar
        self.chance = random.Random("cases")  # noqa: S311  invented texts, no secret
        self.texts, self.keys = Texts(self.chance), Keys(self.chance)
        self.case_ids, self.contribution_ids = Ids(Nomination, 100), Ids(Contribution, 500)
        self.task_ids, self.review_ids = Ids(Assignment, 300), Ids(Review, 300)
        self.types = {kind.code: kind for kind in ContributionType.objects.order_by("code")}
        self.areas = {area.slug: area for area in Area.objects.select_related("category")}
        self._emails: dict[int, str] = {}
        self._regions: dict[str, Region | None] = {}
        self.people: dict[str, Person] = {}
        rows = file.entries("people")
        made = load_people(rows, calendar, Catalogue())
        self.people |= {row.text("key"): person for row, person in zip(rows, made, strict=True)}
        self.friends = [person for row, person in zip(rows, made, strict=True) if "grants" not in row]
        teams = file.entry("teams")
        self.teams = {
            category: [self.person(teams, key) for key in teams.texts(category)] for category in teams
        }
        self.office, self.office_2 = cast_member("office"), cast_member("office_2")

    def email_of(self, person: Person) -> str:
        if person.pk not in self._emails:
            self._emails[person.pk] = person.addresses.order_by("-primary")[0].email
        return self._emails[person.pk]

    def region(self, country: str, day: dt.date) -> Region | None:
        if country not in self._regions:
            self._regions[country] = region_of(country, day)
        return self._regions[country]

    def person(self, row: Entry, key: str) -> Person:
        if key not in self.people:
            found = cast_member(key)
            if found is None:
                raise row.wrong(f"Neither cast.yaml nor “people” has a “{key}”.")
            self.people[key] = found
        return self.people[key]


def account_of(person: Person | None) -> User:
    user = person.user if person else None
    if user is None:
        raise LookupError("everybody who acts in a demo has an account")
    return user
