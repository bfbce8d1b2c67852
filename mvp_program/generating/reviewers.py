"""Invents who reviews: regional leads, chairs and councils of the staff, and reviewers with their expertise."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from accounts.bulk import GrantRow
from accounts.models import Role, RoleGrant
from charter.models import Area
from mvp_program.generating.cases import Case
from mvp_program.generating.chance import shares
from mvp_program.generating.people import Population, Someone
from people.models import Employer
from selection.bulk import ExpertiseRow
from selection.models import Assignment, Expertise

LEADS_PER_REGION = 2  # half as many in a small program
COUNCIL_PER_CATEGORY = 3  # one in a small program
STAFF_SHARE = 0.32  # of the reviewers work for the organiser
EVERYWHERE_SHARE = 0.34  # review outside their category too
FEW_PER_CATEGORY = 9  # fewer than so many: everybody reviews everywhere
CAPACITY = 12


@dataclass(slots=True, eq=False)
class Reviewer:
    """Somebody who may review: what they know, and how much they have."""

    person_id: int
    person_key: str
    user_id: int | None
    employers: frozenset[str]
    category_id: int | None
    levels: dict[int, int] = field(default_factory=dict)
    categories_known: frozenset[int] = frozenset()
    severity: float = 0.0
    load: int = 0
    capacity: int = CAPACITY
    is_cast: bool = False

    @property
    def share(self) -> float:
        """How much of the capacity is taken."""
        return self.load / self.capacity if self.capacity else 1.0


class Reviewers:
    """The people of the selection: invented ones and those who are there."""

    def __init__(self, population: Population, cases: list[Case]) -> None:
        self.population, self.world = population, population.world
        self.chance = random.Random(f"{population.size.name}/reviewers")  # noqa: S311  invented people, no secret
        self._is_small = population.size.persons < 2000
        self._staff: list[tuple[Someone, str, int | None, int | None]] = []
        self.leads = self._invent_leads()
        self._invent_chairs()
        there = list(
            RoleGrant.objects.in_force(self.world.calendar.first)
            .filter(role=Role.REVIEWER, user__person__isnull=False)
            .select_related("user__person")
            .order_by("user__email")
        )
        self._cast = there
        self._chosen = self._choose(
            cases, population.size.reviewers - len({grant.user_id for grant in there})
        )

    def _invent_leads(self) -> dict[int, list[Someone]]:
        leads: dict[int, list[Someone]] = {}
        for region_id in self.world.regions:
            countries = sorted(
                code
                for code in self.population.size.countries
                if self.world.region_on(code, self.world.calendar.first) == region_id
            )
            for place in range(1 if self._is_small else LEADS_PER_REGION):
                one = self.population.invent_staff(country=countries[place % len(countries)])
                self._staff.append((one, Role.REGIONAL_LEAD, region_id, None))
                leads.setdefault(region_id, []).append(one)
        return leads

    def _invent_chairs(self) -> None:
        for category_id in self.world.categories:
            areas = [area for area in self.world.open_areas if area.category_id == category_id]
            members = 1 if self._is_small else COUNCIL_PER_CATEGORY
            chairs = [Role.TECHNOLOGY_LEAD, *[Role.COUNCIL_MEMBER] * members]
            for role in chairs:
                one = self.population.invent_staff(area=self.chance.choice(areas))
                self._staff.append((one, role, None, category_id))

    def _choose(self, cases: list[Case], number: int) -> list[tuple[Someone, bool]]:
        """Reviewers for each area as its cases need them, holders and staff; with whether they review everywhere."""
        weights: dict[str, float] = {area.slug: 1.0 for area in self.world.open_areas}
        for case in cases:
            weights[case.nominee.area.slug] += 1.0
        this_year = self.world.calendar.year(0)
        holders: dict[str, list[Someone]] = {}
        for one in self.population.holders:
            if one.years[-1] == this_year and len(one.years) > 1:
                holders.setdefault(one.area.slug, []).append(one)
        few = number < FEW_PER_CATEGORY * len(self.world.categories)
        chosen = []
        for slug, count in shares(number, weights).items():
            ready = holders.get(slug, [])
            self.chance.shuffle(ready)
            for place in range(count):
                is_staff = self.chance.random() < STAFF_SHARE or place >= len(ready)
                one = self.population.invent_staff(area=self.world.areas[slug]) if is_staff else ready[place]
                one.account = True
                chosen.append((one, few or self.chance.random() < EVERYWHERE_SHARE))
        return chosen

    def settle(self) -> list[Reviewer]:
        """Everybody who reviews, once persons have their account numbers."""
        return [*(self._invented(one, anywhere) for one, anywhere in self._chosen), *self._of_the_cast()]

    def _invented(self, one: Someone, anywhere: bool) -> Reviewer:
        near = [area for area in self.world.open_areas if area.category_id == one.area.category_id]
        levels = {one.area.pk: self.chance.choice((2, 2, 3))}
        for area in self.chance.sample(near, min(self.chance.randrange(4), len(near))):
            levels.setdefault(area.pk, self.chance.choice((1, 1, 2)))
        employers = frozenset([one.employer] if one.employer else [])
        return Reviewer(
            one.id,
            one.key,
            one.user_id,
            employers,
            None if anywhere else one.area.category_id,
            levels,
            frozenset([one.area.category_id]),
            self.chance.gauss(0, 0.35),
        )

    def _of_the_cast(self) -> list[Reviewer]:
        """Reviewers who are there already: they get a small queue, the open tasks they have counted in.

        Whoever has never reviewed gets none: the training cases come first.
        """
        busy = Counter(
            Assignment.objects.filter(candidacy__stage=self.world.stages[1]).values_list(
                "reviewer_id", flat=True
            )
        )
        known: dict[int, list[Expertise]] = {}
        for row in Expertise.objects.select_related("area").order_by("pk"):
            known.setdefault(row.person_id, []).append(row)
        found = []
        begun = set(
            Assignment.objects.filter(review__submitted_at__isnull=False).values_list(
                "reviewer_id", flat=True
            )
        )
        for grant in self._cast:
            person = grant.user.person
            if person.pk not in begun:
                continue
            rows = known.get(person.pk, [])
            employers = Employer.objects.filter(person=person).values_list("name", flat=True)
            found.append(
                Reviewer(
                    person.pk,
                    person.key,
                    grant.user_id,
                    frozenset(employers),
                    grant.category_id,
                    {row.area_id: row.level for row in rows},
                    frozenset(row.area.category_id for row in rows if row.level),
                    0.0,
                    capacity=max(0, CAPACITY - busy.get(person.pk, 0)),
                    is_cast=True,
                )
            )
        return found

    def grant_rows(self, since: dt.date) -> list[GrantRow]:
        rows = [
            GrantRow(one.user_id or 0, role, since, region_id, category_id)
            for one, role, region_id, category_id in self._staff
        ]
        for one, anywhere in self._chosen:
            category_id = None if anywhere else one.area.category_id
            rows.append(GrantRow(one.user_id or 0, Role.REVIEWER, since, None, category_id))
        return rows

    def expertise_rows(self, reviewers: list[Reviewer]) -> list[ExpertiseRow]:
        invented = {one.id for one, _anywhere in self._chosen}
        return [
            ExpertiseRow(reviewer.person_id, area_id, level)
            for reviewer in reviewers
            if reviewer.person_id in invented
            for area_id, level in sorted(reviewer.levels.items())
        ]


class Pool:
    """Reviewers by how much of their capacity is taken; the lightest comes first, of equal ones any."""

    def __init__(self, reviewers: Iterable[Reviewer], chance: random.Random) -> None:
        self._chance = chance
        self._heap = [self._entry(one) for one in reviewers]
        heapify(self._heap)

    def _entry(self, one: Reviewer) -> tuple[float, float, int, Reviewer]:
        """In an order drawn anew each time: else the same three would meet again, and no two teams compare."""
        return one.share, self._chance.random(), one.person_id, one

    def take(self, fits: Callable[[Reviewer], bool]) -> Reviewer | None:
        """The lightest reviewer who fits. Entries whose load has grown in another pool are put back first."""
        passed, found = [], None
        while self._heap and found is None:
            entry = heappop(self._heap)
            share, _drawn, _person_id, one = entry
            if share != one.share:
                heappush(self._heap, self._entry(one))
            elif one.load < one.capacity:
                passed.append(entry)
                found = one if fits(one) else None
        for entry in passed:
            heappush(self._heap, entry)
        return found


class Team:
    """Gives each case an expert, a second reader of the category and somebody from outside it, loads kept equal."""

    def __init__(self, reviewers: list[Reviewer], chance: random.Random) -> None:
        experts: dict[int, list[Reviewer]] = {}
        insiders: dict[int, list[Reviewer]] = {}
        for one in reviewers:
            for area_id, level in one.levels.items():
                if level >= 2:
                    experts.setdefault(area_id, []).append(one)
            for category_id in one.categories_known:
                insiders.setdefault(category_id, []).append(one)
        self._none = Pool((), chance)
        self._experts = {area_id: Pool(found, chance) for area_id, found in experts.items()}
        self._insiders = {category_id: Pool(found, chance) for category_id, found in insiders.items()}
        self._everywhere = Pool((one for one in reviewers if one.category_id is None), chance)

    def of(self, case: Case, area: Area) -> list[Reviewer]:
        """Up to three reviewers without a tie to the case, no two of one employer."""
        barred = {case.nominee.id, *(who.id for _kind, who in case.supporters)}
        employers = {case.nominee.employer}
        team: list[Reviewer] = []

        def fits(one: Reviewer) -> bool:
            return (
                one.person_id not in barred
                and one.employers.isdisjoint(employers)
                and one.category_id in (None, area.category_id)
            )

        def outside(one: Reviewer) -> bool:
            return fits(one) and area.category_id not in one.categories_known

        for pool, wanted in (
            (self._experts.get(area.pk, self._none), fits),
            (self._insiders.get(area.category_id, self._none), fits),
            (self._everywhere, outside),
        ):
            found = pool.take(wanted) or self._everywhere.take(fits)
            if found is not None:
                found.load += 1
                barred.add(found.person_id)
                employers |= found.employers
                team.append(found)
        return team
