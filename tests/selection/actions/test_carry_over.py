"""A case carried over stays in review, and enters the next cycle with a new candidacy beside its first."""

import pytest

from charter.models import CyclePlaces
from common import clock
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations.models import Nomination
from selection import actions, states
from selection.models import Candidacy
from tests import factories
from tests.cast import make_stages
from tests.selection.conftest import WHY

BECAUSE = {"outcome": "carry_over", "reason_code": "evidence-weighs-more", "reason": WHY}


@pytest.fixture
def candidacy(house, make_candidacy, run_stage):
    for stage in (house.screen, house.score):
        run_stage(stage, states.STAGE_CLOSED)
    return make_candidacy(house.council, proposed="reserve")


def test_a_case_is_carried_over_where_the_cycle_allows_it(house, cast, candidacy):
    with pytest.raises(RuleBroken, match="Choose one of the outcomes"):
        actions.override_proposal(candidacy, by=cast.council_member.user, **BECAUSE)
    house.cycle.carry_over_allowed = True
    house.cycle.save()
    actions.override_proposal(candidacy, by=cast.council_member.user, **BECAUSE)
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)
    candidacy.refresh_from_db()
    assert (candidacy.state, Nomination.objects.get().state) == (states.CARRIED, "in_review")
    assert OutboxMail.objects.filter(kind="selection.carried_over").count() == 1

    following = factories.CycleFactory(slug="after", name="After")
    CyclePlaces.objects.create(cycle=following, category=house.servers, places=1)
    screen, _score, _council = make_stages(following, house.rubric)
    assert actions.open_stage(screen, by=cast.office_1.user, reason=WHY) == 1
    assert [one.stage.cycle.slug for one in Candidacy.objects.order_by("pk")] == ["next", "after"]
    assert actions.admit_cases(screen, by=cast.office_1.user) == 0
