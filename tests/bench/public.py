"""The public face as strangers see it: many different pages, the same one again, an unchanged one, and bad input.

*Drawn* asks for a page that nobody has asked for since the server started; *kept* for one that was asked for a moment ago.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from awards.models import Award
from awards.search import SORTS
from charter.models import Area, Region
from charter.queries import program
from events.models import Summit
from people.models import Person
from tests.bench.costs import WARM_UP, Server
from tests.bench.strangers import Asked, Load, ask, measure

GROWTH = 1.5  # at most, × the cost at M
BAD = "roster, bad input: "
GOALS: dict[str, float] = {  # × the floor, at XL
    "home": 2, "roster": 5, "roster, filters": 5, "roster, text": 10, "roster, filters and text": 10, "roster, deepest page": 5,
    "profile": 3, "award": 2, "API page": 4, "unchanged (304)": 0.7,
}  # fmt: skip
Question = dict[str, Any]
PEOPLE_ON_A_PAGE = 20
LIVELY = 2000  # rows from which pages are drawn by lot


@dataclass(frozen=True)
class Row:
    """A line of the table: ``page`` has the goal."""

    page: str
    how: str
    asked: Asked

    @property
    def name(self) -> str:
        return f"{self.page}, {self.how}" if self.how else self.page

    @property
    def goal(self) -> float | None:
        return GOALS.get(self.page)


class Site:
    """What there is to ask for in the database in use; the same every time."""

    def __init__(self, port: int, requests: int) -> None:
        self.port, self.number = port, WARM_UP + 2 * requests + 10
        self.chance = random.Random(7)
        listed = Person.objects.filter(hidden=False, erased_at=None, awards__state=Award.State.GRANTED)
        self.people = self._some(listed.order_by("key").distinct(), "slug")
        self.awards = self._some(Award.objects.filter(state=Award.State.GRANTED).order_by("key"), "key")
        self.names = self._some(listed.order_by("key").distinct(), "search_text")
        self.areas = list(Area.objects.order_by("slug").values_list("slug", flat=True))
        self.regions = list(Region.objects.order_by("slug").values_list("slug", flat=True))
        countries = Award.objects.filter(key__in=self.awards).exclude(country="").order_by("country")
        self.countries = [str(code) for code in countries.values_list("country", flat=True).distinct()]
        self.years = list(range(program().first_year, program().current_year + 1))
        self.last_page = -(-listed.values("pk").distinct().count() // PEOPLE_ON_A_PAGE)
        if not (self.people and self.awards):
            raise SystemExit("The database of the measurements is empty: run with --rebuild.")

    def _some(self, rows: QuerySet[Any], field: str) -> list[str]:
        """As many as needed, spread over all of them: keys are random."""
        found = list(rows.values_list(field, flat=True)[: max(self.number, LIVELY)])
        self.chance.shuffle(found)
        return found

    def rows(self) -> list[Row]:
        summits = [
            f"/summits/{slug}/" for slug in Summit.objects.order_by("slug").values_list("slug", flat=True)
        ]
        filters, texts = self._different(self._filters), self._different(self._text)
        both = self._different(lambda: {**self._filters(), **self._text()})
        shown = [
            *self._both("roster", [f"/roster/?sort={sort}&page={page}" for page in range(1, 101) for sort in SORTS]),
            *self._both("roster, filters", [f"/roster/?{urlencode(one, doseq=True)}" for one in filters]),
            *self._both("roster, text", [f"/roster/?{urlencode(one)}" for one in texts]),
            *self._both("roster, filters and text", [f"/roster/?{urlencode(one, doseq=True)}" for one in both]),
            *self._both("roster, deepest page", self._deepest()),
            *self._both("profile", [f"/people/{slug}/" for slug in self.people]),
            *self._both("award", [f"/awards/{key}/" for key in self.awards]),
            *self._both("API page", [f"/api/v1/people?{urlencode(one, doseq=True)}" for one in filters]),
            Row("API page", "one after the other", Asked(self._cursors())),
        ]  # fmt: skip
        known = {"Cookie": f"{settings.SESSION_COOKIE_NAME}=of-nobody-{self.number}"}
        alone = [
            row
            for name, address in (("home", "/"), ("numbers", "/numbers/"))
            for row in (
                Row(name, "", Asked([address])),
                Row(name, "with a session", Asked([address], [known])),
            )
        ]
        events = [Row("event", "", Asked(summits))] if summits else []
        return [*alone, *shown, *events, *self._unchanged(), *self._bad()]

    def _both(self, page: str, addresses: Sequence[str]) -> list[Row]:
        return [Row(page, "drawn", Asked(addresses)), Row(page, "kept", Asked(addresses[-1:]))]

    def _different(self, one: Callable[[], Question]) -> list[Question]:
        """Enough questions, none of them twice."""
        found: dict[str, Question] = {}
        while len(found) < self.number:
            question = one()
            found[repr(question)] = question
        return list(found.values())

    def _filters(self) -> Question:
        """One to three questions with one or two answers each, as somebody chooses them."""
        ways: dict[str, list[Any]] = {
            "area": self.areas, "country": self.countries, "region": self.regions, "year": self.years,
            "tenure": ["first-year", "2-to-4-years", "5-to-9-years", "10-years-or-more"],
            "standing": ["holders", "alumni", "in-memoriam"], "language": ["en", "de", "fr", "ja", "es"],
        }  # fmt: skip
        chosen = self.chance.sample(list(ways), self.chance.choice((1, 2, 2, 3)))
        return {
            name: self.chance.sample(ways[name], self.chance.choice((1, 1, 2))) for name in sorted(chosen)
        }

    def _text(self) -> Question:
        """A name or its beginning, two names, now and then with a letter too many."""
        words = [word for word in self.chance.choice(self.names).split() if len(word) > 2] or ["ann"]
        kind = self.chance.random()
        if kind < 0.4:
            text = self.chance.choice(words)[: self.chance.randrange(3, 7)]
        elif kind < 0.7:
            text = self.chance.choice(words)
        elif kind < 0.9:
            text = " ".join(words[:2])
        else:
            word = self.chance.choice(words)
            text = word[:2] + self.chance.choice("aeiou") + word[2:]
        return {"q": text}

    def _deepest(self) -> list[str]:
        return [
            f"/roster/?sort={sort}&page={self.last_page - back}"
            for back in range(min(100, self.last_page))
            for sort in SORTS
        ]

    def _cursors(self) -> list[str]:
        """Each page of the API that the one before leads to."""
        found = ["/api/v1/people"]
        while len(found) < self.number:
            answer = json.loads(ask(self.port, found[-1], {}, (200,))[0])
            if answer["next"] is None:
                break
            found.append("/" + answer["next"].partition("://")[2].partition("/")[2])
        return found

    def _unchanged(self) -> list[Row]:
        """Pages whose tag the browser knows."""
        pages = {
            "home": "/", "roster": "/roster/", "profile": f"/people/{self.people[0]}/", "award": f"/awards/{self.awards[0]}/",
            "API page": "/api/v1/people?limit=20", "numbers": "/numbers/",
        }  # fmt: skip
        rows = []
        for name, address in pages.items():
            tag = ask(self.port, address, {}, (200,))[1].get("ETag")
            if tag:
                rows.append(
                    Row("unchanged (304)", name, Asked([address], statuses=(200, 304), tags={address: tag}))
                )
        return rows

    def _bad(self) -> list[Row]:
        """Answered with 200 or 400 at no more than a plain page of the roster. Each is a little different from the last."""
        sql = "' OR 1=1; DROP TABLE awards_award; --"
        kinds: dict[str, Callable[[int], str]] = {
            "10 kB": lambda n: f"q={n}{'x' * 10_000}",
            "4 kB": lambda n: f"q={n}" + "+ab" * 1300,
            "200 filters": lambda n: "&".join([f"year={1900 + n % 90 + i}" for i in range(100)]
                                              + [f"country={chr(65 + i % 26)}{chr(65 + n % 26)}" for i in range(100)]),
            "SQL": lambda n: urlencode({"q": f"{sql} {n}", "area": f"{n}') UNION SELECT key FROM people_person --",
                                        "year": f"{n} OR 1=1", "sort": "name; SELECT pg_sleep(9)"}),
            "null bytes": lambda n: f"q=%00{n}%00&area=%00&year=%0019{n}&page=%00",
            "page=-1": lambda n: f"page=-1&sort={SORTS[n % 4]}&n={n}",
            "page=1000000000": lambda n: f"page=1000000000&sort={SORTS[n % 4]}&n={n}",
        }  # fmt: skip
        numbers = range(self.number)
        return [
            Row(BAD + name, "", Asked([f"/roster/?{one(n)}" for n in numbers], statuses=(200, 400)))
            for name, one in kinds.items()
        ]


def loads(server: Server, *, requests: int) -> Iterator[tuple[Row, Load]]:
    """Each row, measured one after the other."""
    for row in Site(server.port, requests).rows():
        yield row, measure(server, row.asked, requests=requests)
