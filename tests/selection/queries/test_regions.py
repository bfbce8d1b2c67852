"""Nominations by region: weeks, the cycle before, small regions as one, reviews of those who see the cases."""

import datetime as dt

import pytest

from charter.models import Cycle, Region
from common import clock
from nominations.models import Nomination
from selection.queries.cycle import overview_of
from selection.queries.regions import multiples_of


@pytest.fixture
def nominated(house, make_case):
    """``nominated(5, day=3)``: five cases of that day of the cycle."""

    def make(number, *, day=0, region=None, cycle=house.cycle):
        made = [make_case() for _one in range(number)]
        rows = Nomination.objects.filter(pk__in=[one.pk for one in made])
        rows.update(saved_at=cycle.opens_at + dt.timedelta(days=day, hours=1), cycle=cycle)
        if region:
            rows.update(region=region)
        return made

    return make


@pytest.fixture
def last(house):
    """The cycle a year before."""
    year = dt.timedelta(days=365)
    dates = {
        name: getattr(house.cycle, name) - year
        for name in ("opens_at", "closes_at", "dossiers_close_at", "release_planned_at", "term_starts")
    }
    return Cycle.objects.create(slug="last", name="Last", award_year=house.cycle.award_year - 1, **dates)


def test_each_week_has_its_number_and_the_cycle_before_stands_behind(house, cast, nominated, last):
    nominated(4, day=0)
    nominated(3, day=8)
    nominated(5, day=1, cycle=last)
    with clock.at(house.cycle.opens_at + dt.timedelta(days=10)):
        shown = multiples_of(cast.office_1.user, house.cycle, last, {})
    (one,) = shown.regions
    assert (one.weeks, one.total, one.then, one.change) == ([4, 3], 7, 5, 40)
    assert one.before[:2] == [5, 0]
    assert (shown.top, shown.places) == (5, len(one.before))


def test_a_new_invitation_moves_no_nomination_to_another_week(house, cast, nominated):
    """A corrected address and a release by the office begin the time to answer anew."""
    nominated(5, day=0)
    now = house.cycle.opens_at + dt.timedelta(days=10)
    Nomination.objects.update(invited_at=now)
    with clock.at(now):
        (one,) = multiples_of(cast.office_1.user, house.cycle, None, {}).regions
    assert one.weeks == [5, 0]


def test_regions_under_five_are_one_and_none_is_found_by_subtraction(house, cast, nominated):
    regions = [Region.objects.create(slug=f"r{n}", name=f"Region {n}") for n in range(3)]
    nominated(9)
    for region, number in zip(regions, (6, 3, 2), strict=True):
        nominated(number, region=region)
    shown = multiples_of(cast.auditor.user, house.cycle, None, {})
    assert [(one.name, one.total, one.joined) for one in shown.regions][1:] == [
        ("Region 0", 6, 1),
        ("Other regions", 5, 2),
    ]


def test_reviews_by_region_are_for_those_who_see_the_cases(house, cast, nominated, make_candidacy):
    cases = nominated(5)
    make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, nomination=cases[0])
    cast.reviewer_1.assignments.update(state="done")
    reviews = overview_of(cast.office_1.user, house.cycle).counts.regions
    (one,) = multiples_of(cast.office_1.user, house.cycle, None, reviews).regions
    assert (one.tasks, one.done) == (2, 1)
    assert overview_of(cast.auditor.user, house.cycle).counts.regions == {}
