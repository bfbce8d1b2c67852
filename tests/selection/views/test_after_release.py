"""After the release: the reserve in its order, second looks, and the later release that tells them."""

import pytest

from common import clock
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.models import Decision, Release
from tests.selection.conftest import WHY


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@pytest.fixture
def reserve(house, cast, make_candidacy):
    """Two cases on a released reserve; both places are free."""
    candidacies = [
        make_candidacy(house.council, name=name, state=states.DECIDED, rank=rank)
        for rank, name in enumerate(("First Reserve", "Second Reserve"), start=3)
    ]
    for one in candidacies:
        Decision.objects.create(candidacy=one, outcome="reserve", decided_at=clock.now())
    for stage in (house.screen, house.score, house.council):
        stage.state = states.STAGE_CLOSED
        stage.save()
    _release(house, cast)
    return candidacies


def _release(house, cast):
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)


def decide(client, candidacy, outcome="award", reason=WHY):
    address = f"/office/cases/{candidacy.key}/decide-again/"
    return client.post(address, {"outcome": outcome, "reason": reason})


def test_a_free_place_goes_to_the_reserve_in_order(house, cast, office, reserve):
    page = office.get(f"/office/cycles/{house.cycle.slug}/after/").content.decode()
    assert page.index("First Reserve") < page.index("Second Reserve")
    out_of_turn = decide(office, reserve[1])
    assert out_of_turn.status_code == 422
    assert "Another case comes first" in out_of_turn.content.decode()
    assert decide(office, reserve[0]).status_code == 302
    assert decide(office, reserve[0]).status_code == 409
    assert decide(office, reserve[1]).status_code == 302
    _release(house, cast)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"awarded"}
    assert [one.kind for one in Release.objects.order_by("pk")] == ["main", "later"]


def test_no_place_no_award_but_always_a_word(house, cast, office, reserve):
    house.cycle.places.update(places=0)
    refused = decide(office, reserve[0])
    assert refused.status_code == 422
    assert "No place has come free" in refused.content.decode()
    assert decide(office, reserve[0], "not_this_time").status_code == 302
    _release(house, cast)
    assert Nomination.objects.get(nominee_name="First Reserve").state == "not_awarded"


def test_a_decision_needs_an_outcome_and_a_reason(office, reserve):
    assert decide(office, reserve[0], reason="").status_code == 422
    assert decide(office, reserve[0], outcome="reserve").status_code == 422


def test_a_second_look_appears_and_is_decided(house, cast, office, reserve):
    Nomination.objects.filter(nominee_name="First Reserve").update(state="second_look")
    assert "second look" in office.get(f"/office/cycles/{house.cycle.slug}/after/").content.decode()
    assert decide(office, reserve[0]).status_code == 302


def test_a_tie_hides_the_case_here_too(house, cast, office, reserve):
    Conflict.objects.create(nomination=reserve[0].nomination, person=cast.office_1, kind="family")
    assert "First Reserve" not in office.get(f"/office/cycles/{house.cycle.slug}/after/").content.decode()
    assert decide(office, reserve[0]).status_code == 404


def test_only_the_office_enters(house, cast, sign_in, reserve):
    for person in (cast.auditor, cast.technology_lead, cast.outsider):
        assert sign_in(person).get(f"/office/cycles/{house.cycle.slug}/after/").status_code == 403
