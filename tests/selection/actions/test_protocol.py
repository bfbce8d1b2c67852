"""The protocol where two act at once, and across moves that come and go."""

import datetime as dt

import pytest

from common import clock
from common.errors import Outdated
from selection import actions
from selection.models import ProtocolVersion, Stage
from selection.queries.protocol import rules_of
from tests.selection.actions.test_races import refused, together
from tests.selection.conftest import WHY


@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_first_stage_at_once_publish_one_version(house, cast):
    results = together(
        lambda: actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY),
        lambda: actions.open_stage(house.screen, by=cast.office_2.user, reason=WHY),
    )
    assert [type(one) for one in refused(results)] == [Outdated]
    version = ProtocolVersion.objects.get()
    assert version.rules == rules_of(house.cycle)


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_make_two_versions_one_after_the_other(house, cast):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    results = together(
        lambda: actions.move_stage(
            house.score,
            closes_at=house.score.closes_at + dt.timedelta(1),
            by=cast.office_1.user,
            reason="One",
        ),
        lambda: actions.move_stage(
            house.council,
            closes_at=house.council.closes_at + dt.timedelta(1),
            by=cast.office_2.user,
            reason="Two",
        ),
    )
    assert refused(results) == []
    versions = list(ProtocolVersion.objects.order_by("number"))
    assert [one.number for one in versions] == [1, 2, 3]
    assert versions[-1].rules == rules_of(house.cycle)


def test_each_scored_stage_has_a_seed_of_its_own_that_stays(house, cast):
    house.council.kind, house.council.rule = Stage.Kind.VOTE, {}
    house.council.save()
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    seeds = dict(Stage.objects.exclude(draw_seed="").values_list("pk", "draw_seed"))
    assert set(seeds) == {house.score.pk, house.council.pk}
    assert len(set(seeds.values())) == 2
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    with clock.at(clock.now() + dt.timedelta(minutes=1)):
        actions.open_stage(house.score, by=cast.office_1.user, reason=WHY)
    assert dict(Stage.objects.exclude(draw_seed="").values_list("pk", "draw_seed")) == seeds
