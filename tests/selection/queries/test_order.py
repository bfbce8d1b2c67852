"""A group that the database puts in order: as the pure order says it, by which acts, minutes and exports go."""

import random
from collections import Counter
from decimal import Decimal

from accounts.models import Role
from common import clock
from nominations import states as cases
from nominations.models import Conflict, Nomination
from selection import states
from selection.models import BatchLine, Candidacy, CaseNumbers, DecisionBatch, GroupNumbers, Review
from selection.queries.balance import balance_of
from selection.queries.board import outcome_of
from selection.queries.deciding import reserve_of
from selection.queries.numbers import digest_of
from selection.queries.order import Narrowed, order_of
from selection.queries.ranking import ranking_of
from selection.standing import CLOSE, DISAGREE, SIDES
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import complete, enter
from tests.selection.queries.test_one import fresh

EVERYTHING = Narrowed("", "", None, "", "", 1, 100)


@kept_fixture
def group(house, cast):
    """Twelve cases of one category in two regions and areas; the chair reviews two of them, has a tie in one, and does
    not know of a case that never entered."""
    factories.grant(cast.technology_lead, Role.REVIEWER)
    regions, areas = (house.baltics, house.iberia), (house.networking, house.directory)
    found = []
    for number in range(12):
        nominee = factories.PersonFactory(languages=[["lv"], ["pt", "lv"], []][number % 3])
        if number % 4 == 1:
            factories.AwardFactory(person=nominee, area=house.networking, first_year=2003)
        own = [cast.technology_lead] if number in (3, 8) else []
        fields = {"region": regions[number % 2], "area": areas[number % 5 == 0], "nominee": nominee}
        found.append(enter(house, cast, house.score, *own, **fields))
    Conflict.objects.create(nomination=found[0].nomination, person=cast.technology_lead, kind="partner")
    complete(house, cast, state=cases.INVITED, area=house.directory, region=house.iberia)
    complete(house, cast, state=cases.DRAFT)
    return found


def shuffle(group, house, chance):
    """Other marks, numbers, proposals, rules and places; half of them say nothing, and many are equal."""
    some = lambda *values: chance.choice([None, *values])  # noqa: E731
    for one in group:
        one.mean, one.reviews_in = some(*map(Decimal, ("2.5", "3", "3.25", "4"))), chance.randrange(4)
        one.lowest, one.highest = some(Decimal(1), Decimal(3)), some(Decimal("3.5"), Decimal(5))
        one.proposed = chance.choice(["", states.AWARD, states.RESERVE])
        one.reserve_order = some(1, 2, 3)
    fields = ["mean", "reviews_in", "lowest", "highest", "proposed", "reserve_order"]
    Candidacy.objects.bulk_update(group, fields)
    house.score.state = chance.choice([states.STAGE_OPEN, states.STAGE_CLOSED])
    house.score.rule = {"rank_by": chance.choice(["mean", "calibrated"])}
    house.score.hide_nominee = chance.random() < 0.3
    house.score.save()


def compute(seen, house, chance):
    """Invented numbers of the cases that one may see; sometimes none, and sometimes not of all of them."""
    GroupNumbers.objects.all().delete()
    if chance.random() < 0.2:
        return
    numbers = GroupNumbers.objects.create(
        stage=house.score, category=house.servers, seen=digest_of(seen), computed_at=clock.now(), cases=len(seen),
        reviews=9, reviewers=5, places_known=chance.choice([2, len(seen)]),
        against_model=chance.choice([[], [], ["few_cases"]]),
    )  # fmt: skip
    CaseNumbers.objects.bulk_create(
        CaseNumbers(
            group=numbers,
            candidacy_id=pk,
            score=chance.choice([Decimal("2.75"), Decimal(3), Decimal("3.9")]),
            se=0.3,
            low=chance.choice([None, 1.7, 2.4]),
            high=4.1,
            chances_from=chance.choice([1, 3]),
            chances=chance.choice([[], [900, 1000, 2000], [1001, 2999, 4000]]),
        )
        for pk in seen
        if chance.random() < 0.9
    )


def boards(group, house, cast, number):
    """Random ones of the same cases: reader, ranking by the pure order, places."""
    chance, hidden = random.Random(7), {group[0].pk, group[3].pk, group[8].pk}
    for _board in range(number):
        shuffle(group, house, chance)
        compute([one.pk for one in group if one.pk not in hidden], house, chance)
        count = chance.choice([0, 1, 3, 6, 40])
        user = fresh(cast.technology_lead)
        yield user, ranking_of(user, house.score, house.servers, count), count


def read(user, house, count, asked=EVERYTHING, *, by_proposal=False):
    return order_of(user, house.score, house.servers, count, asked, by_proposal=by_proposal)


def test_random_groups_stand_as_the_pure_order_says(group, house, cast):
    for user, ranking, count in boards(group, house, cast, 6):
        order, lights = read(user, house, count), ranking.rows
        assert [one[2:] for one in order.rows] == [
            (*place[1:], ranking.figures_of(lights[place.seen.key])) for place in ranking.places
        ]
        assert [one.light for one in order.rows] == [lights[place.seen.key] for place in ranking.places]
        assert (order.line, order.by_calibrated) == (ranking.standing.line, ranking.standing.by_calibrated)
        assert (order.numbers, order.shows_model) == (ranking.numbers, ranking.shows_model)
        assert order.seen == {row.pk for row in lights.values() if not row.hidden}
        assert set(order.tied) == {lights[place.seen.key].pk for place in ranking.places if place.is_tied}
        assert order.flagged == Counter(flag for place in ranking.places for flag in place.flags)
        assert [one.key for one in order.reserve] == [row.key for row in reserve_of(ranking)]
        assert (order.entered, len(order.seen)) == (11, 9)


def test_what_is_narrowed_is_narrowed_as_the_rows_are(group, house, cast):
    batch = DecisionBatch.objects.create(
        stage=house.score, category=house.servers, outcome=states.DISCUSS, made_by=cast.office_1, made_at=clock.now()
    )  # fmt: skip
    for one in group[:5]:
        BatchLine.objects.create(batch=batch, candidacy=one, after=states.DISCUSS, state_before=one.state)
    of = {one.key: one.nomination for one in group}
    for user, ranking, count in boards(group, house, cast, 1):
        rows = [(ranking.rows[place.seen.key], place) for place in ranking.places]
        ways = {
            "region": lambda row, place: of[row.key].region.slug,
            "area": lambda row, place: of[row.key].area.slug,
            "returning": lambda row, place: of[row.key].nominee.awards.exists(),
            "outcome": lambda row, place: outcome_of(house.score, row),
        }
        for name, way in ways.items():
            for value in {way(*one) for one in rows} - {""} | {"nonsense"} - {
                name == "returning" and "nonsense"
            }:
                order = read(user, house, count, EVERYTHING._replace(**{name: value}))
                assert [one.light.key for one in order.rows] == [
                    row.key for row, place in rows if way(row, place) == value
                ]
        for flag in (DISAGREE, CLOSE, SIDES, states.DISCUSS, "nonsense"):
            order = read(user, house, count, EVERYTHING._replace(flag=flag))
            said = {one.key for one in (group[1], group[2], group[4])} if flag == states.DISCUSS else set()
            assert [one.light.key for one in order.rows] == [
                row.key for row, place in rows if flag in place.flags or row.key in said
            ]


def test_pages_hold_all_rows_once_and_strange_ones_are_the_last(group, house, cast):
    user, ranking, count = next(boards(group, house, cast, 1))
    pages = [
        read(user, house, count, EVERYTHING._replace(page=number, rows=4)) for number in (1, 2, 3, 4, -1)
    ]
    assert [one.page for one in pages] == [1, 2, 3, 3, 3]
    shown = [one.light.key for page in pages[:3] for one in page.rows]
    assert shown == [place.seen.key for place in ranking.places]
    assert {page.found for page in pages} == {11}


def test_the_balance_counts_who_has_a_place_beside_who_is_nominated(group, house, cast):
    more = [*group[1:], None]  # the last one never entered
    for number, (user, ranking, count) in enumerate(boards(group, house, cast, 4)):
        by_proposal = number % 2 == 1
        balance = balance_of(read(user, house, count, by_proposal=by_proposal), by_proposal=by_proposal)
        lights = ranking.rows
        taken = {
            place.seen.key
            for place in ranking.places
            if (lights[place.seen.key].proposed == states.AWARD if by_proposal else place.is_in)
        }
        ways = (
            (balance.regions, lambda case: case.region.name, house.iberia.name),
            (balance.areas, lambda case: case.area.name, house.directory.name),
            (balance.holders, lambda case: case.nominee.awards.exists(), False),
            (balance.languages, lambda case: (case.nominee.languages or [""])[0], ""),
        )
        for shares, way, outside in ways:
            names = [outside if one is None else way(one.nomination) for one in more]
            into = Counter(name for one, name in zip(more, names, strict=True) if one and one.key in taken)
            expected = {name: (into[name], number) for name, number in Counter(names).items()}
            assert {one.name: (one.taken, one.nominated) for one in shares} == expected
        assert (balance.taken, balance.nominated, balance.complete) == (len(taken), 12, 11)


def test_the_counts_are_those_of_reviews_and_tasks(group, house, cast):
    """The chair's two cases wait, too, and how many reviews they have is not told."""
    Candidacy.objects.filter(pk__in=[one.pk for one in group[:6]]).update(
        reviews_in=house.score.reviews_needed
    )
    order = read(fresh(cast.technology_lead), house, 3)
    assert (order.reviewed, order.waiting) == (4, 5)
    assert not Review.objects.exists()


def test_the_category_of_a_case_is_its_nominations_whoever_writes_either(group, house):
    one = group[1]
    one.category = None
    one.save()
    assert Candidacy.objects.get(pk=one.pk).category == house.servers
    Nomination.objects.filter(pk=one.nomination_id).update(category=house.office_tools)
    assert Candidacy.objects.get(pk=one.pk).category == house.office_tools
