"""The cases of a category in the order in which a meeting takes them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from accounts.models import Role, RoleGrant
from charter.models import Category
from nominations.models import Conflict
from people.models import Person
from people.queries import person_of
from selection import states
from selection.meeting import exits, meeting_order
from selection.models import Assignment, Stage
from selection.queries.cases import candidacies_visible_to

CASES_AT_MOST = 500
IN_THE_ROOM = (Role.COUNCIL_MEMBER, Role.TECHNOLOGY_LEAD, Role.PROGRAM_OFFICE)


@dataclass(frozen=True)
class MeetingGroup:
    """Cases in a row, and who leaves the room before them, comes back, or stays out."""

    leave: list[Person]
    come_back: list[Person]
    out: list[Person]
    cases: list[Any]


@dataclass(frozen=True)
class Meeting:
    """A meeting of one category in one stage, over the cases that the reader may see."""

    stage: Stage
    category: Category
    groups: list[MeetingGroup]
    members: list[Person]
    exits: int


def meeting_of(user: Any, stage: Stage, category: Category) -> Meeting:
    """The open cases of a category, those with the same people out of the room together; four statements.

    The room is the council, the chairs and the office. Cases in which the reader has a tie are not here at all. A
    case that the reader reviews in a stage that hides names goes by its key.
    """
    cases = _cases(user, stage, category)
    members = list(_members(category))
    people = {one.pk: one for one in members}
    ties: dict[int, set[int]] = defaultdict(set)
    rows = Conflict.objects.filter(
        nomination__in=[one.nomination_id for one in cases],
        person__in=list(people),
        strength=Conflict.Strength.HARD,
    )
    for nomination, person in rows.values_list("nomination_id", "person_id"):
        ties[nomination].add(person)
    by_pk = {one.pk: one for one in cases}
    order = meeting_order((one.pk, sorted(ties[one.nomination_id])) for one in cases)
    groups, before = [], frozenset[Any]()
    for group in order:
        groups.append(
            MeetingGroup(
                leave=_named(people, group.out - before),
                come_back=_named(people, before - group.out),
                out=_named(people, group.out),
                cases=[by_pk[pk] for pk in group.cases],
            )
        )
        before = group.out
    return Meeting(stage, category, groups, members, exits(group.out for group in order))


def _cases(user: Any, stage: Stage, category: Category) -> list[Any]:
    tasks = Assignment.objects.filter(reviewer=person_of(user), state__in=(states.ASSIGNED, states.DONE))
    own = set(tasks.filter(candidacy__stage=stage).values_list("candidacy_id", flat=True))
    rows = (
        candidacies_visible_to(user)
        .filter(stage=stage, nomination__category=category, state=states.OPEN)
        .select_related("nomination__nominee", "nomination__area")
        .order_by("nomination__area_name", "pk")[:CASES_AT_MOST]
    )
    found: list[Any] = list(rows)
    for one in found:
        blind = stage.hide_nominee and one.pk in own
        one.title = one.key if blind else one.nomination.nominee_name
        one.latin = "" if blind or one.nomination.nominee is None else one.nomination.nominee.latin_name
    return found


def _members(category: Category) -> Any:
    grants = RoleGrant.objects.in_force().filter(role__in=IN_THE_ROOM)
    there = grants.filter(category=None) | grants.filter(category=category)
    return Person.objects.filter(user__in=there.values("user")).order_by("sort_key", "pk").distinct()


def _named(people: dict[int, Person], keys: frozenset[Any]) -> list[Person]:
    return [one for pk, one in people.items() if pk in keys]
