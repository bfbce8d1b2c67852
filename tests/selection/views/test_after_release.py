"""After the release: the reserve in its order, second looks, and the later release that tells them."""

import pytest

from common import clock
from common.errors import RuleBroken
from nominations.actions import decline_award, merge_nominations, undo_merge
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.emails import outcome_letter
from selection.models import Candidacy, Decision, Release, Stage
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, close_stages, enter, release


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@kept_fixture
def reserve(house, cast):
    """Two cases on a released reserve; both places are free."""
    candidacies = [
        enter(house, cast, house.council, name=name, state=states.DECIDED, rank=rank)
        for rank, name in enumerate(("First Reserve", "Second Reserve"), start=3)
    ]
    for one in candidacies:
        Decision.objects.create(candidacy=one, outcome="reserve", decided_at=clock.now())
    close_stages(house)
    release(house, cast)
    return candidacies


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
    release(house, cast)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"awarded"}
    assert [one.kind for one in Release.objects.order_by("pk")] == ["main", "later"]


def test_no_place_no_award_but_always_a_word(house, cast, office, reserve):
    house.cycle.places.update(places=0)
    refused = decide(office, reserve[0])
    assert refused.status_code == 422
    assert "No place has come free" in refused.content.decode()
    assert decide(office, reserve[0], "not_this_time").status_code == 302
    release(house, cast)
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


def take_back(client, candidacy, reason=WHY):
    return client.post(f"/office/cases/{candidacy.key}/take-back/", {"reason": reason})


def test_a_decision_is_taken_back_as_long_as_no_release_holds_it(house, cast, office, reserve):
    decide(office, reserve[0])
    assert take_back(office, reserve[0], reason="").status_code == 422
    assert take_back(office, reserve[0]).status_code == 302
    assert take_back(office, reserve[0]).status_code == 409
    assert not Decision.objects.filter(release=None).exists()
    assert decide(office, reserve[0], "not_this_time").status_code == 302
    actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    assert (
        "Take the decision back"
        not in office.get(f"/office/cycles/{house.cycle.slug}/after/").content.decode()
    )
    assert take_back(office, reserve[0]).status_code == 409


def test_who_is_tied_to_the_first_of_the_reserve_learns_nothing_of_it(house, cast, office, sign_in, reserve):
    """They serve the reserve as they see it; whoever sees all finds one award too many, and takes one back."""
    house.cycle.places.update(places=1)
    Conflict.objects.create(nomination=reserve[0].nomination, person=cast.office_1, kind="family")
    other = sign_in(cast.office_2)
    decide(other, reserve[0])
    assert decide(office, reserve[1]).status_code == 302
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    with pytest.raises(RuleBroken, match="more awards than places"):
        actions.confirm_release(release, by=cast.office_2.user)
    actions.cancel_release(release, by=cast.office_2.user, reason=WHY)
    assert take_back(other, reserve[1]).status_code == 302
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_2.user)
    actions.carry_out_release(actions.confirm_release(release, by=cast.office_1.user))
    assert dict(Nomination.objects.values_list("nominee_name", "state")) == {
        "First Reserve": "awarded", "Second Reserve": "on_reserve",
    }  # fmt: skip


def test_only_the_office_enters(house, cast, sign_in, reserve):
    for person in (cast.auditor, cast.technology_lead, cast.outsider):
        assert sign_in(person).get(f"/office/cycles/{house.cycle.slug}/after/").status_code == 403


def test_a_declined_award_goes_to_the_next_of_the_reserve_by_itself(
    house, cast, office, sign_in, reserve, make_candidacy
):
    """As a proposal: it waits for a later release with its two people."""
    winner = make_candidacy(house.council, name="Declines", state=states.DECIDED)
    Decision.objects.create(candidacy=winner, outcome="award", decided_at=clock.now())
    house.cycle.places.update(places=1)
    release(house, cast)
    case = winner.nomination
    case.nominee.user = factories.UserFactory()
    case.nominee.save()
    assert sign_in(case.nominee).post(f"/nominations/{case.key}/decline-award/").status_code == 302
    [proposed] = Decision.objects.filter(release=None)
    assert (proposed.candidacy.nomination, proposed.outcome, proposed.decided_by) == (
        reserve[0].nomination, "award", None,
    )  # fmt: skip
    assert Nomination.objects.get(pk=reserve[0].nomination_id).state == "on_reserve"
    page = office.get(f"/office/cycles/{house.cycle.slug}/after/").content.decode()
    assert "Decided, waits for a release" in page
    assert "1 case waits after the release" in office.get("/me/").content.decode()
    release(house, cast)
    states_now = dict(Nomination.objects.values_list("nominee_name", "state"))
    assert states_now == {
        "Declines": "award_declined", "First Reserve": "awarded", "Second Reserve": "on_reserve",
    }  # fmt: skip


@pytest.mark.parametrize("why", ["equals", "no place"])
def test_nothing_is_proposed_where_the_office_has_to_choose_or_no_place_is_free(
    house, cast, sign_in, reserve, make_candidacy, why
):
    winner = make_candidacy(house.council, name="Declines", state=states.DECIDED)
    Decision.objects.create(candidacy=winner, outcome="award", decided_at=clock.now())
    house.cycle.places.update(places=1)
    if why == "equals":
        Decision.objects.filter(outcome="reserve").update(reserve_order=1)
    release(house, cast)
    house.cycle.places.update(places=0 if why == "no place" else 1)
    decline_award(winner.nomination, by=cast.office_1.user)
    assert not Decision.objects.filter(release=None).exists()


def test_a_reserve_that_gets_no_place_may_still_ask_for_a_second_look(house, cast, office, reserve):
    decide(office, reserve[0], "not_this_time")
    release(house, cast)
    told = Decision.objects.select_related("candidacy__nomination", "release").latest("pk")
    keys = {"nomination": told.candidacy.nomination.key, "release": told.release.key}
    assert "You can ask for a second look until" in outcome_letter(keys, "en").text
    Nomination.objects.filter(pk=told.candidacy.nomination_id).update(second_look_at=clock.now())
    assert "second look" not in outcome_letter(keys, "en").text


def test_a_joining_that_is_undone_after_the_release_leaves_the_case_to_the_office(
    house, cast, office, sign_in, make_candidacy
):
    """It waits among the undecided, with a sentence, and goes out with a later release."""
    kept, joined = (make_candidacy(house.score, name=name) for name in ("Aija Kalna", "Bruno Kalns"))
    merge_nominations(kept.nomination, joined.nomination, by=cast.office_1.user, reason=WHY)
    Decision.objects.create(candidacy=kept, outcome="award", decided_at=clock.now())
    Candidacy.objects.filter(pk=kept.pk).update(state="decided", proposed="award")
    house.council.delete()
    Stage.objects.update(state=states.STAGE_CLOSED)
    for _release in ("main", "later"):
        release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
        actions.confirm_release(release, by=cast.office_2.user)
        actions.carry_out_release(release)
        if release.kind == "main":
            undo_merge(joined.nomination, by=cast.office_2.user, reason=WHY)
            page = office.get(f"/office/cycles/{house.cycle.slug}/undecided/").content.decode()
            assert ("Bruno Kalns" in page, "a joining of two cases was undone" in page) == (True, True)
            data = {"outcome": "not_this_time", "reason": WHY}
            assert office.post(f"/office/cases/{joined.key}/resolve/", data).status_code == 302
    joined.nomination.refresh_from_db()
    assert (release.kind, joined.nomination.state) == ("later", "not_awarded")
