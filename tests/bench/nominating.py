"""Nominating as a stranger does it, and the search for people of a like name."""

import random
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from charter.models import Program
from charter.queries import areas_open_on, cycle_open_for_nominations
from common.models import OutboxMail
from nominations.models import Nomination
from people import names
from people.duplicates import people_like
from people.models import Person
from tests.bench.costs import Cost, Server, measure, rows_fetched
from tests.bench.processes import TICKS
from tests.bench.visitors import Visitor

GOALS = {"nominate: five requests": 25, "possible duplicates": 6}  # × the floor
PEOPLE = 100_000
DRAFT = re.compile(r'name="draft" value="([^"]+)"')
STATEMENT = (
    "When the school network failed the week before exams, they worked through the traces with a teacher whom they "
    "had never met, and then published the whole thread as a checklist that forty schools have used since. "
)


class Nominating:
    """One stranger after the other goes through the four steps; none of them is the same."""

    def __init__(self, server: Server) -> None:
        self.port, self.made = server.port, 0
        self.area = areas_open_on()[0].slug
        self.keys: list[str] = []

    def cost(self, server: Server, requests: int) -> Cost:
        return measure(server, self.nominate, requests=requests, undo=self.forget, at_once=50)

    def nominate(self, _number: int) -> int:
        """The first page, then each step sent: five requests. The next page is what the browser asks for by itself."""
        self.made += 1
        stranger = Visitor(self.port)
        page = stranger.learn_token("/nominate/")
        about = {
            "name": f"Stranger {self.made}", "email": f"stranger{self.made}@bench{self.made}.example",
            "country": "RO", "relation": "helped", "go": "next",
        }  # fmt: skip
        stranger.post("/nominate/", {**about, "draft": DRAFT.search(page)[1]})
        key = (stranger.location or "").split("/")[2]
        self.keys.append(key)
        size = 0
        for step, sent in self._steps():
            size += len(stranger.post(f"/nominate/{key}/{step}/", {**sent, "go": "next"}))
            if f"/nominate/{key}/" not in (stranger.location or ""):
                raise SystemExit(f"The step “{step}” was refused.")
        return len(page) + size

    def forget(self) -> None:
        """Their nominations, and the mails about them, which a worker would find without what they speak of."""
        Nomination.objects.filter(key__in=self.keys).delete()
        OutboxMail.objects.filter(to__regex=r"@bench\d*\.example$").delete()
        self.keys = []

    def _steps(self) -> list[tuple[str, dict[str, Any]]]:
        text = STATEMENT + " ".join(random.Random(self.made).choices(STATEMENT.split(), k=120))
        person = {
            "nominee_name": f"Nominee Number {self.made}", "nominee_email": f"nominee{self.made}@bench.example",
            "area": self.area, "nominee_country": "LV", "employee": "no", "adult": "yes", "statement": text,
            "links-TOTAL_FORMS": "3", "links-INITIAL_FORMS": "0", "links-0-url": f"https://lists.example/{self.made}",
            "links-0-kind": "list",
        }  # fmt: skip
        vouch = {"endorsers-TOTAL_FORMS": "1", "endorsers-INITIAL_FORMS": "0"}
        return [("person", person), ("vouch", vouch), ("check", {"true": "on", "named": "on"})]


def costs(server: Server, *, requests: int) -> dict[str, Cost]:
    """The wizard with as many nominations in the base as there are, and the search among 100,000 people."""
    if cycle_open_for_nominations() is None:
        raise SystemExit("No cycle takes nominations today: remove the database of the measurements.")
    with _no_limits():
        found = {"nominate: five requests": Nominating(server).cost(server, max(20, requests // 3))}
    return found | {"possible duplicates": _duplicates(requests)}


@contextmanager
def _no_limits() -> Iterator[None]:
    """All come from one machine here; the limits of floods are set back afterwards."""
    before = Program.objects.values("held_above_an_hour", "refused_above_an_hour").get()
    Program.objects.update(held_above_an_hour=30_000, refused_above_an_hour=30_000)
    try:
        yield
    finally:
        Program.objects.update(**before)


def _duplicates(requests: int) -> Cost:
    """CPU of this process and of its backend for one search among 100,000 people, who are gone afterwards."""
    with transaction.atomic():
        _fill_up()
        asked = list(Person.objects.exclude(name="").order_by("?").values_list("name", flat=True)[:requests])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE people_person")
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        for name in asked[:10]:
            people_like(name, among=Person.objects.all())
        rows, walls = rows_fetched(), []
        before = time.process_time() + _seconds(backend)
        for name in asked:
            began = time.perf_counter()
            people_like(name, among=Person.objects.all())
            walls.append(time.perf_counter() - began)
        spent = time.process_time() + _seconds(backend) - before
        transaction.set_rollback(True)
    return Cost(
        spent / len(asked) * 1000, statistics.median(walls) * 1000, (rows_fetched() - rows) / len(asked), 0
    )


def _fill_up() -> None:
    """Made of the names that are there, parts exchanged, so that many are like each other."""
    there = list(Person.objects.exclude(name="").values_list("name", flat=True)[:30_000])
    chance, start = random.Random(4), (Person.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    more = []
    for number in range(max(0, PEOPLE - Person.objects.count())):
        first, last = chance.choice(there).split()[0], chance.choice(there).split()[-1]
        name = f"{first} {last}"
        more.append(
            Person(
                pk=start + number, key=f"B{number:07}", slug=f"bench-{number}", name=name,
                sort_key=names.sort_key(name), search_text=names.search_text(name),
            )
        )  # fmt: skip
    Person.objects.bulk_create(more, batch_size=5_000)


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
