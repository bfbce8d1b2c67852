"""A stage as arrays: what the assignment is computed from. Reads in a fixed number of statements."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from accounts.models import Role, RoleGrant
from charter.models import Area, RegionCountry
from common import clock
from nominations.conflicts import recent_employers
from nominations.models import Conflict
from people.models import Person
from selection import rules, states
from selection.assignment import Cases, Pairs, Panel, known_pairs, pairs_of, room_in_top_up
from selection.models import Assignment, AssignmentPlan, Candidacy, Expertise, ReviewerCapacity, Stage

WORKING = (states.ASSIGNED, states.DONE)
LEFT = (states.RECUSED, states.ABSTAINED, states.ASSIGNMENT_DECLINED)
NO_LIMIT = 1_000_000
Columns = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Reading:
    """Arrays for ``selection.assignment.plan``, with the keys that their codes stand for.

    Tasks outside of ``candidacies`` are running tasks of one more case, the last, which needs nobody: so they
    count in the loads and nowhere else.
    """

    candidacies: list[int]
    keys: list[str]
    people: list[int]
    cases: Cases
    panel: Panel
    barred: Any
    fixed: Pairs
    needed: Any

    def found_fitting(self, tasks: Iterable[tuple[int, int]]) -> list[bool]:
        """Which of these (candidacy, person) still break no rule, one after the other, as things stand here."""
        case = {pk: place for place, pk in enumerate(self.candidacies)}
        person = {pk: place for place, pk in enumerate(self.people)}
        barred = set(map(tuple, self.barred.tolist()))
        busy = np.bincount(self.fixed.reviewer, minlength=len(self.people))
        places = self.needed - np.bincount(self.fixed.case, minlength=len(self.needed))
        firms: dict[int, set[int]] = defaultdict(set)
        for one, firm in self.panel.employers.tolist():
            firms[one].add(firm)
        on_case: dict[int, set[int]] = defaultdict(set)
        taken = set()
        for one, who in zip(self.fixed.case.tolist(), self.fixed.reviewer.tolist(), strict=True):
            taken.add((one, who))
            on_case[one] |= firms[who]
        answers = []
        for candidacy, reviewer in tasks:
            one, who = case.get(candidacy, -1), person.get(reviewer, -1)
            fits = (
                min(one, who) >= 0
                and bool(self.panel.allowed[self.cases.scope[one], who])
                and (one, who) not in barred
                and (one, who) not in taken
                and places[one] > 0
                and busy[who] < self.panel.room[who]
                and not firms[who] & on_case[one]
            )
            answers.append(fits)
            if fits:
                taken.add((one, who))
                places[one] -= 1
                busy[who] += 1
                on_case[one] |= firms[who]
        return answers


def read_stage(
    stage: Stage, candidacies: QuerySet[Candidacy], *, top_up: Iterable[int] | None = None
) -> Reading:
    """The open cases among ``candidacies`` with everybody who may review them.

    Each needs what the stage asks for, and what the top-up adds where it was chosen for it. ``top_up``: plan the
    top-up of these candidacies: so many more than they have, and the room of the top-up.
    """
    rule = rules.score_rule(stage.rule)
    rows = _cases(candidacies.filter(stage=stage, state=states.OPEN))
    number = {row[0]: code for code, row in enumerate(rows)}
    tasks = list(Assignment.objects.filter(candidacy__stage=stage, candidacy__in=list(number)).values_list(
        "candidacy_id", "reviewer_id", "state", "is_top_up"))  # fmt: skip
    running = [(case, person) for case, person, state, _top in tasks if state in WORKING]
    elsewhere = _elsewhere(stage, list(number))
    grants = _grants(stage)
    people = sorted({person for person, _scope in grants} | {person for _case, person in running})
    code = {person: place for place, person in enumerate(people)}
    cases, panel = _arrays(stage, rows, people, code, grants)
    own = dict(
        ReviewerCapacity.objects.filter(stage=stage, person__in=people).values_list("person_id", "cases")
    )
    fixed = known_pairs(
        cases,
        panel,
        np.array([number[case] for case, _person in running], dtype=np.int64),
        np.array([code[person] for _case, person in running], dtype=np.int64),
    )
    outside = [
        code[person] for person, count in elsewhere.items() if person in code for _task in range(count)
    ]
    fixed = fixed.plus(pairs_of([len(rows)] * len(outside), outside))
    needed = np.append(_needed(stage, rows, tasks), len(outside))
    room = np.array([own.get(person, rule.capacity) for person in people], dtype=np.int64)
    if top_up is not None:
        wanted = np.array([number[one] for one in top_up if one in number], dtype=np.int64)
        needed = np.bincount(fixed.case, minlength=len(rows) + 1)
        needed[wanted] += rule.top_up_reviews
        limit = np.array([own.get(person, NO_LIMIT) for person in people], dtype=np.int64)
        room = room_in_top_up(fixed, limit, rule.top_up_capacity)
    elif stage.topped_up_at is not None:
        room = room + np.array(
            [0 if person in own else rule.top_up_capacity for person in people], dtype=np.int64
        )
    return Reading(
        candidacies=[row[0] for row in rows],
        keys=[row[1] for row in rows],
        people=people,
        cases=cases,
        panel=replace(panel, room=room),
        barred=_barred(rows, number, code, tasks),
        fixed=fixed,
        needed=needed,
    )


def read_second_look(candidacy: Candidacy) -> Reading:
    """The same for a second look alone: nobody who ever had the case, and one more case for everybody, whatever
    they have besides, but for those who said that they take none."""
    stage = candidacy.stage
    reading = read_stage(stage, Candidacy.objects.filter(pk=candidacy.pk))
    place = {person: code for code, person in enumerate(reading.people)}
    before = Assignment.objects.filter(candidacy__nomination=candidacy.nomination_id).exclude(
        candidacy=candidacy
    )
    known = [(0, place[one]) for one in before.values_list("reviewer_id", flat=True) if one in place]
    barred = np.vstack([reading.barred, np.array(sorted(set(known)), dtype=np.int64).reshape(-1, 2)])
    room = np.bincount(reading.fixed.reviewer, minlength=len(reading.people)) + 1
    none = ReviewerCapacity.objects.filter(stage=stage, cases=0).values_list("person_id", flat=True)
    room[[place[one] for one in none if one in place]] = 0
    return replace(reading, barred=barred, panel=replace(reading.panel, room=room))


def cases_of_plan(plan: AssignmentPlan) -> QuerySet[Candidacy]:
    """The open cases that a plan is about."""
    cases = Candidacy.objects.filter(stage=plan.stage_id, state=states.OPEN)
    return cases if plan.category_id is None else cases.filter(nomination__category=plan.category_id)


def cases_of_discarded_top_up(stage: Stage) -> list[str]:
    """The cases that wait for more reviewers, because the plan of the top-up was put aside."""
    last = AssignmentPlan.objects.filter(stage=stage, purpose=AssignmentPlan.Purpose.TOP_UP).first()
    return list(last.cases) if last is not None and last.state == states.PLAN_DISCARDED else []


def cases_left_by_somebody(stage: Stage) -> QuerySet[Candidacy]:
    """Open cases with fewer reviewers than the stage asks for, because one stepped back or was found to be tied.

    A task that the chair took back is not among them: the chair has somebody else in mind.
    """
    ended = Assignment.objects.filter(candidacy=OuterRef("pk"), state__in=LEFT)
    cases = Candidacy.objects.filter(Exists(ended), stage=stage, state=states.OPEN)
    return cases.annotate(working=Count("assignments", filter=Q(assignments__state__in=WORKING))).filter(
        working__lt=stage.reviews_needed + _extra(stage) * _has_top_up()
    )


def _extra(stage: Stage) -> int:
    return rules.score_rule(stage.rule).top_up_reviews if stage.topped_up_at else 0


def _has_top_up() -> Any:
    chosen = Exists(Assignment.objects.filter(candidacy=OuterRef("pk"), is_top_up=True))
    return Case(When(chosen, then=Value(1)), default=Value(0), output_field=IntegerField())


def _cases(candidacies: QuerySet[Candidacy]) -> Columns:
    """(pk, key, nomination, area, category, region, nominee's languages, language of their mail)."""
    return list(
        candidacies.order_by("pk").values_list(
            "pk",
            "key",
            "nomination_id",
            "nomination__area_id",
            "nomination__category_id",
            "nomination__region_id",
            "nomination__nominee__languages",
            "nomination__nominee__mail_language",
        )
    )


def _elsewhere(stage: Stage, candidacies: list[int]) -> Counter[int]:
    tasks = Assignment.objects.filter(candidacy__stage=stage, state__in=WORKING)
    outside = tasks.exclude(candidacy__in=candidacies).values("reviewer_id").order_by()
    return Counter(dict(outside.annotate(count=Count("pk")).values_list("reviewer_id", "count")))


def _grants(stage: Stage) -> list[tuple[int, int | None]]:
    """(person, scope) of everybody with the stage's role: its region for leads, its category for others."""
    scope = "region_id" if stage.reviewer_role == Role.REGIONAL_LEAD else "category_id"
    held = RoleGrant.objects.in_force().filter(
        role=stage.reviewer_role, user__person__isnull=False, user__is_active=True
    )
    return list(held.values_list("user__person__pk", scope).distinct())


def _arrays(
    stage: Stage, rows: Columns, people: list[int], code: dict[int, int], grants: list[tuple[int, int | None]]
) -> tuple[Cases, Panel]:
    areas = dict(Area.objects.order_by("pk").values_list("pk", "category_id"))
    area = {pk: place for place, pk in enumerate(areas)}
    category = _codes([*areas.values(), *(row[4] for row in rows)])
    region = _codes(row[5] for row in rows)
    language = _codes(_language(row) for row in rows)
    scoped = 5 if stage.reviewer_role == Role.REGIONAL_LEAD else 4
    scope = {value: place for place, value in enumerate(dict.fromkeys(row[scoped] for row in rows))}
    level = np.zeros((len(areas), len(people)), dtype=np.int8)
    for person, known, value in Expertise.objects.filter(person__in=people).values_list(
        "person_id", "area_id", "level"
    ):
        level[area[known], code[person]] = value
    allowed = np.zeros((max(1, len(scope)), len(people)), dtype=bool)
    for person, of in grants:
        if of is None:
            allowed[:, code[person]] = True
        elif of in scope:
            allowed[scope[of], code[person]] = True
    reads, lives = _where_people_are(people, code, language, region)
    last = (0, 0, -1, -1, 0)  # the case that stands for tasks elsewhere
    table = [
        (area[row[3]], category[row[4]], language[_language(row)], region.get(row[5], -1), scope[row[scoped]])
        for row in rows
    ]
    columns = np.array([*table, last], dtype=np.int64).T
    panel = Panel(
        level=level,
        category=np.array([category[one] for one in areas.values()], dtype=np.int64),
        language=reads,
        region=lives,
        allowed=allowed,
        room=np.zeros(len(people), dtype=np.int64),
        employers=_employers(people, code),
    )
    return Cases(*columns), panel


def _where_people_are(
    people: list[int], code: dict[int, int], language: dict[Any, int], region: dict[Any, int]
) -> tuple[Any, Any]:
    """(languages, people) and (regions, people): who reads what, who lives where today."""
    today = clock.today()
    in_force = RegionCountry.objects.filter(starts__lte=today).filter(Q(ends=None) | Q(ends__gte=today))
    region_of = {str(country): of for country, of in in_force.values_list("country", "region_id")}
    reads = np.zeros((len(language), len(people)), dtype=bool)
    lives = np.zeros((len(region), len(people)), dtype=bool)
    columns = ("pk", "languages", "mail_language", "country")
    for person, languages, mail, country in Person.objects.filter(pk__in=people).values_list(*columns):
        for one in {*languages, mail} & language.keys():
            reads[language[one], code[person]] = True
        if region_of.get(str(country)) in region:
            lives[region[region_of[str(country)]], code[person]] = True
    return reads, lives


def _language(row: tuple[Any, ...]) -> str:
    """The nominee's own language, as far as it is known: the first one they name, or that of their mail."""
    return str((row[6] or [row[7]])[0])


def _employers(people: list[int], code: dict[int, int]) -> Any:
    rows = recent_employers(people)
    firm = _codes(key for _person, key in rows)
    return np.array([(code[person], firm[key]) for person, key in rows], dtype=np.int64).reshape(-1, 2)


def _needed(stage: Stage, rows: Columns, tasks: Columns) -> Any:
    """(cases,) how many reviewers each shall have."""
    topped = {case for case, _person, _state, is_top_up in tasks if is_top_up}
    return np.array(
        [stage.reviews_needed + (_extra(stage) if row[0] in topped else 0) for row in rows], dtype=np.int64
    )


def _barred(rows: Columns, number: dict[int, int], code: dict[int, int], tasks: Columns) -> Any:
    """(k, 2): ties, those that a chair has not judged included, and tasks that were ended."""
    case_of = {row[2]: number[row[0]] for row in rows}
    ties = Conflict.objects.filter(nomination__in=list(case_of), person__in=list(code)).filter(
        Q(strength=Conflict.Strength.HARD) | Q(dismissed_at=None)
    )
    pairs = [(case_of[case], code[person]) for case, person in ties.values_list("nomination_id", "person_id")]
    pairs += [
        (number[case], code[person])
        for case, person, state, _top in tasks
        if state not in WORKING and person in code
    ]
    return np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)


def _codes(values: Iterable[Any]) -> dict[Any, int]:
    return {
        value: place for place, value in enumerate(dict.fromkeys(one for one in values if one is not None))
    }
