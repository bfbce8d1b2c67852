"""The selection as those see it who work in it: a reviewer, a chair, the office, signed in on the demo's page."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Count

from accounts.models import Role, RoleGrant
from common.queries import site_fact
from nominations.models import Nomination
from people.models import Person
from selection import states
from selection.models import Assignment, Candidacy, RedactedDossier, Stage
from tests.bench.costs import Cost, Server, measure
from tests.bench.visitors import Visitor

CASES_OF_A_BOARD = 500
GOALS = {  # × the floor, at 12,000 cases; none where nobody set one
    "workbench: way in": 8, "workbench: one case": 8, "review: draft saved": 5, "review: handed in": 5,
    "search: a name": 10, "search: fields": 10, "board": 15,
}  # fmt: skip
MORE_WITH_TEN_TIMES = 1.3  # at most, × the cost with a tenth of the cases
VERSION = re.compile(r'name="version" value="(\d+)"')


def stage() -> Stage:
    """The technology review that is under way."""
    return Stage.objects.get(kind=Stage.Kind.SCORE, state=states.STAGE_OPEN)


def cases() -> tuple[int, int]:
    """How many cases and reviews the cycle in review has."""
    cycle = stage().cycle
    reviews = Assignment.objects.filter(candidacy__stage__cycle=cycle, review__isnull=False)
    return Nomination.objects.filter(cycle=cycle).count(), reviews.count()


def costs(server: Server, *, requests: int) -> dict[str, Cost]:
    """Each page and each act of the table."""
    reviewer, office = _of_the_cast(Role.REVIEWER), _of_the_cast(Role.PROGRAM_OFFICE)
    desk, staff = Visitor(server.port).sign_in(reviewer.key), Visitor(server.port).sign_in(office.key)
    tasks = _open_tasks(reviewer)
    name = _somebody()
    board = f"/board/?category={_category_of_size()}"

    def page(who: Visitor, address: str) -> Callable[[int], int]:
        return lambda _number: len(who.get(address))

    return {
        "workbench: way in": measure(server, lambda _number: len(_way_in(desk)), requests=requests),
        "workbench: one case": measure(
            server, lambda number: len(desk.get(f"/review/{tasks[number % len(tasks)]}/")), requests=requests
        ),
        "review: draft saved": Reviewing(desk, tasks).cost_of_saving(server, requests),
        "review: handed in": Reviewing(desk, tasks).cost_of_handing_in(server, requests),
        "search: a name": measure(server, page(staff, f"/review/search/?q={name}"), requests=requests),
        "search: fields": measure(
            server, page(staff, "/review/search/?q=status:open+reviews:%3E=2+spread:%3E1"), requests=requests
        ),
        "board": measure(server, page(staff, board), requests=requests),
    }


class Reviewing:
    """A reviewer who types, hands in, and takes back so that it can be measured again."""

    def __init__(self, visitor: Visitor, tasks: list[str]) -> None:
        self.visitor, self.tasks = visitor, tasks
        self.handed_in: set[str] = set()
        self.versions = {key: self._version(key) for key in tasks}

    def cost_of_saving(self, server: Server, requests: int) -> Cost:
        return measure(server, self._save, requests=requests)

    def cost_of_handing_in(self, server: Server, requests: int) -> Cost:
        return measure(
            server, self._hand_in, requests=requests, undo=self._take_back, at_once=len(self.tasks)
        )

    def _save(self, number: int) -> int:
        key = self.tasks[number % len(self.tasks)]
        said = self.visitor.post_json(f"/review/{key}/save/", self._typed(key))
        self.versions[key] = int(said["fields"]["version"])
        return len(str(said))

    def _hand_in(self, number: int) -> int:
        key = self.tasks[number % len(self.tasks)]
        self.handed_in.add(key)
        return len(self.visitor.post(f"/review/{key}/submit/", self._typed(key)))

    def _take_back(self) -> None:
        for key in sorted(self.handed_in):
            self.visitor.post(f"/review/{key}/reopen/", {})
            self.versions[key] = self._version(key)
        self.handed_in.clear()

    def _version(self, key: str) -> int:
        """What the form of a case says; nothing was typed yet without one."""
        found = VERSION.search(self.visitor.learn_token(f"/review/{key}/"))
        return int(found[1]) if found else 0

    def _typed(self, key: str) -> dict[str, Any]:
        marks = {f"mark_{code}": 3 for code in ("impact", "quality", "reach", "conduct")}
        return {
            **marks,
            "comment": "Sound work, and plenty of it.",
            "confidence": 2,
            "version": self.versions[key],
        }


def _way_in(visitor: Visitor) -> bytes:
    """From "Workbench" in the navigation to the first case, with any redirect there might be."""
    return visitor.follow("/review/")


def _of_the_cast(role: str) -> Person:
    """The first of the cast who holds a role."""
    keys = [row["person"] for row in site_fact("cast") or []]
    grants = RoleGrant.objects.in_force().filter(role=role, user__person__key__in=keys)
    by_key = {grant.user.person.key: grant.user.person for grant in grants.select_related("user__person")}
    return next(by_key[key] for key in keys if key in by_key)


def _open_tasks(reviewer: Person) -> list[str]:
    """Those that can be scored: the copy without the name is checked."""
    copies = RedactedDossier.objects.filter(state=states.COPY_CHECKED).values("nomination")
    tasks = Assignment.objects.filter(
        reviewer=reviewer, candidacy__stage=stage(), state=states.ASSIGNED, candidacy__nomination__in=copies
    ).order_by("pk")
    return list(tasks.values_list("candidacy__key", flat=True))


def _somebody() -> str:
    """A family name as one types it, of somebody whose case is in the stage."""
    candidacy = (
        Candidacy.objects.filter(stage=stage()).order_by("key").select_related("nomination__nominee")[0]
    )
    nominee = candidacy.nomination.nominee
    return nominee.sort_key.split()[0] if nominee else ""


def _category_of_size() -> str:
    """The category whose number of cases is nearest to that of the goal."""
    counts = (
        Candidacy.objects.filter(stage=stage())
        .values_list("nomination__category__slug")
        .annotate(number=Count("pk"))
    )
    return str(min(counts, key=lambda row: abs(row[1] - CASES_OF_A_BOARD))[0])
