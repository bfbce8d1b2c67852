"""The release page: counts, letters, two people."""

import datetime as dt

import pytest

from accounts.models import Role
from common import clock, outbox
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.forms import MomentForm
from selection.models import Candidacy, Decision, Release
from selection.permissions import can_confirm
from selection.queries.releases import mails_of
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import close_stages, enter


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@pytest.fixture
def second(cast, sign_in):
    return sign_in(cast.office_2)


@kept_fixture
def decided(house, cast):
    """Two awards and one no, all stages closed."""
    decisions = []
    for name, outcome in (("Aija", "award"), ("Bruno", "award"), ("Cathrin", "not_this_time")):
        candidacy = enter(house, cast, house.council, name=name, state=states.DECIDED, proposed=outcome)
        decisions.append(
            Decision.objects.create(candidacy=candidacy, outcome=outcome, decided_at=clock.now())
        )
    close_stages(house)
    return decisions


def prepare(client, house, when=None):
    when = when or clock.now() + dt.timedelta(minutes=5)
    data = {"date": when.date().isoformat(), "time": f"{when:%H:%M}"}
    return client.post(f"/office/cycles/{house.cycle.slug}/release/prepare/", data)


def page(client, house):
    return client.get(f"/office/cycles/{house.cycle.slug}/release/").content.decode()


def test_the_page_counts_and_shows_real_letters_before_anything_goes_out(house, office, decided):
    content = page(office, house)
    assert "3 decisions" in content
    assert "You hold the MVP award" in content
    assert "You do not receive the MVP award" in content


def checks(client, house):
    found = client.get(f"/office/cycles/{house.cycle.slug}/release/").context["checks"]
    return {one.title: (one.state, one.text) for one in found}


def test_the_list_before_says_what_stands_in_the_way_with_the_way_to_it(
    house, office, decided, make_candidacy, run_stage
):
    make_candidacy(house.score, name="Read by nobody", case_state="in_review")
    run_stage(house.score, states.STAGE_CLOSED)
    run_stage(house.council)
    house.cycle.places.update(places=1)
    found = checks(office, house)
    assert found["A stage is not closed"] == ("bad", "Product-team council has to close first.")
    assert found["Cases without an outcome"] == ("bad", "1 case has none")
    assert found["Reviews are missing"] == ("warn", "1 case has fewer reviews than its stage asks for")
    assert found["A “no” without a reason"] == ("warn", "1 letter gives none")
    assert found["More awards than places"] == ("bad", "Servers: awards 2, places 1")
    assert found["Nobody has prepared the release"][0] == "warn"
    content = page(office, house)
    for way in ("undecided/", "feedback/", "/board/"):
        assert way in content


def test_the_list_before_is_good_when_all_is_done(house, office, second, decided):
    Decision.objects.update(reason_code="places")
    prepare(office, house)
    assert {state for state, _text in checks(office, house).values()} == {"good", "warn"}
    second.post(f"/office/releases/{Release.objects.get().key}/confirm/")
    assert {state for state, _text in checks(office, house).values()} == {"good"}


def test_the_list_before_counts_nothing_that_is_hidden(house, cast, office, decided, make_candidacy):
    hidden = make_candidacy(house.council, name="Hidden", state=states.OPEN)
    Conflict.objects.create(nomination=hidden.nomination, person=cast.office_1, kind="family")
    Conflict.objects.create(nomination=decided[2].candidacy.nomination, person=cast.office_1, kind="family")
    found = checks(office, house)
    assert "Cases without an outcome" not in found
    assert "A “no” without a reason" not in found


def test_the_thanks_to_reviewers_and_leads_are_shown_beforehand(house, cast, office, decided):
    content = page(office, house)
    assert "To 1 reviewer or regional lead" in content
    assert "Your part in the Next cycle" in content


def test_one_person_prepares_and_another_confirms(house, cast, office, second, decided):
    assert prepare(office, house).status_code == 302
    release = Release.objects.get()
    own = office.post(f"/office/releases/{release.key}/confirm/")
    assert (own.status_code, "Confirm the release" in own.content.decode()) == (422, False)
    assert "Confirm the release" in page(second, house)
    assert second.post(f"/office/releases/{release.key}/confirm/").status_code == 302
    assert second.post(f"/office/releases/{release.key}/confirm/").status_code == 409
    release.refresh_from_db()
    assert (release.prepared_by, release.confirmed_by) == (cast.office_1, cast.office_2)


def test_the_page_says_how_far_it_is(house, office, second, decided):
    later = clock.now() + dt.timedelta(minutes=5)
    prepare(office, house, later)
    release = Release.objects.get()
    second.post(f"/office/releases/{release.key}/confirm/")
    with clock.at(later + dt.timedelta(minutes=1)):
        actions.carry_out_release(release)
    content = page(office, house)
    assert "Every outcome is public." in content
    assert "2 of 2" in content
    assert "0 of 3" in content


def test_thanks_to_reviewers_are_no_mail_to_candidates(house, cast, office, decided):
    release = Release.objects.create(cycle=house.cycle, scheduled_at=clock.now(), prepared_at=clock.now())
    for kind, keys in (
        ("selection.awarded", {"nomination": decided[0].candidacy.nomination.key}),
        ("selection.own_year", {"person": cast.reviewer_1.key}),
        ("selection.history_head", {"person": cast.auditor.key}),
    ):
        outbox.post(kind, to="a@x.example", cause=kind, keys={"release": release.key, **keys})
    found = mails_of(cast.office_1.user, release)
    assert (found["nominees"], found["supporters"], found["others"]) == (1, 0, 2)


def test_a_second_preparation_changes_the_time_and_asks_again(house, office, second, decided):
    prepare(office, house)
    second.post(f"/office/releases/{Release.objects.get().key}/confirm/")
    assert prepare(second, house, clock.now() + dt.timedelta(days=2)).status_code == 302
    release = Release.objects.get()
    assert (release.state, release.confirmed_by) == (states.PLANNED, None)


def test_a_release_is_held_with_a_reason(house, office, decided):
    prepare(office, house)
    release = Release.objects.get()
    assert office.post(f"/office/releases/{release.key}/hold/", {"reason": ""}).status_code == 422
    assert (
        office.post(f"/office/releases/{release.key}/hold/", {"reason": "A letter is wrong."}).status_code
        == 302
    )
    assert Release.objects.get().state == states.CANCELLED
    content = page(office, house)
    for words in ("The release was held", "A letter is wrong.", "Hana Procházková"):
        assert words in content
    prepare(office, house)
    assert "The release was held" not in page(office, house)


def test_the_time_lies_ahead_and_reads_as_a_time(house, office, decided):
    assert prepare(office, house, clock.now() - dt.timedelta(days=1)).status_code == 422
    assert not MomentForm({"date": "soon", "time": "noon"}).is_valid()
    assert not Release.objects.exists()


def test_counts_and_letters_leave_out_a_tie(house, cast, office, decided):
    Conflict.objects.create(nomination=decided[2].candidacy.nomination, person=cast.office_1, kind="family")
    content = page(office, house)
    assert "0 decisions" in content
    assert "You do not receive" not in content
    assert "Cathrin" not in content
    assert "You have a tie in Servers" in content


def test_what_one_was_to_review_and_has_not_is_left_out_until_somebody_excuses_them(
    house, cast, office, second, decided, make_candidacy
):
    factories.grant(cast.office_1, Role.REVIEWER)
    tie_free = decided[2].candidacy.nomination
    own = make_candidacy(house.score, cast.office_1, cast.reviewer_1, nomination=tie_free)
    house.score.state = states.STAGE_CLOSED
    house.score.save()
    content = page(office, house)
    assert ("2 decisions" in content, "your review never came" in content) == (True, True)
    mails = f"/office/cycles/{house.cycle.slug}/release/mails/"
    letters = f"/office/cycles/{house.cycle.slug}/feedback/"
    for address in (mails, letters):
        assert "Cathrin" not in office.get(address).content.decode()
        assert "Cathrin" in second.get(address).content.decode()
    taken_back = f"/board/{own.key}/take-back/{cast.office_1.key}/"
    assert office.post(taken_back).status_code == 422
    assert "Take back" in second.get(f"/board/{own.key}/").content.decode()
    assert second.post(taken_back).status_code == 302
    assert "3 decisions" in page(office, house)
    assert "Cathrin" in office.get(mails).content.decode()


def test_nothing_a_nominee_can_see_changes_before_the_release(house, cast, office, second, decided, sign_in):
    case = decided[0].candidacy.nomination
    before = Nomination.objects.filter(pk=case.pk).values().get()
    prepare(office, house)
    second.post(f"/office/releases/{Release.objects.get().key}/confirm/")
    assert Nomination.objects.filter(pk=case.pk).values().get() == before


def test_an_unknown_release_is_missing(office):
    assert office.post("/office/releases/NOTAKEY2/confirm/").status_code == 404


def tie(decision, person):
    Conflict.objects.create(nomination=decision.candidacy.nomination, person=person, kind="family")


def test_two_who_miss_a_case_of_one_category_do_not_release_together(house, cast, office, second, decided):
    """Each counts the awards without what is hidden from them: one too many would pass between them."""
    tie(decided[0], cast.office_1)
    tie(decided[2], cast.office_2)
    prepare(office, house)
    release = Release.objects.get()
    refused = second.post(f"/office/releases/{release.key}/confirm/")
    content = refused.content.decode()
    assert (refused.status_code, "Somebody else confirms this one" in content) == (422, True)
    assert ("Confirm the release" in content, "can be the second person as yet" in content) == (False, True)
    assert checks(office, house)["Nobody of the office can be the second person"][0] == "bad"


def test_one_too_many_that_two_cannot_see_is_found_by_a_third(
    house, cast, office, second, decided, sign_in, make_candidacy
):
    third = factories.make_person("Ottilie Brandeis", "ottilie@contoso.example")
    factories.grant(third, Role.PROGRAM_OFFICE)
    one = make_candidacy(house.council, name="Dace", state=states.DECIDED, proposed="award")
    hidden = Decision.objects.create(candidacy=one, outcome="award", decided_at=clock.now())
    tie(hidden, cast.office_1)
    tie(hidden, cast.office_2)
    prepare(office, house)
    release = Release.objects.get()
    own = second.post(f"/office/releases/{release.key}/confirm/")
    assert (own.status_code, "confirmed by Ottilie Brandeis" in own.content.decode()) == (422, True)
    refused = sign_in(third).post(f"/office/releases/{release.key}/confirm/")
    assert (refused.status_code, "more awards than places" in refused.content.decode()) == (422, True)


def test_who_can_confirm_says_nothing_of_how_a_hidden_case_was_decided(
    house, cast, office, second, decided, make_candidacy
):
    one = make_candidacy(house.council, name="Dace", state=states.DECIDED, area=house.spreadsheets)
    hidden = Decision.objects.create(candidacy=one, outcome="award", decided_at=clock.now())
    tie(hidden, cast.office_2)
    prepare(office, house)
    release = Release.objects.get()

    def confirm_by_outcome():
        for outcome in ("award", "not_this_time", "ineligible"):
            Candidacy.objects.filter(pk=one.pk).update(proposed=outcome)
            Decision.objects.filter(pk=hidden.pk).update(outcome=outcome)
            yield can_confirm(cast.office_2.user, release)

    assert list(confirm_by_outcome()) == [True] * 3
    assert "Confirm the release" in page(second, house)
    tie(hidden, cast.office_1)
    assert list(confirm_by_outcome()) == [False] * 3
    assert "Confirm the release" not in page(second, house)


def go_out(house, cast, **fields):
    return Release.objects.create(
        cycle=house.cycle, state=states.RELEASED, scheduled_at=clock.now(), prepared_at=clock.now(),
        released_at=clock.now(), **fields,
    )  # fmt: skip


def test_every_release_that_went_out_is_listed_and_can_be_read_again(house, cast, office, decided, sign_in):
    first, later = go_out(house, cast), go_out(house, cast, kind="later")
    Decision.objects.update(release=first)
    Decision.objects.filter(pk=decided[2].pk).update(release=later)
    content = page(office, house)
    assert ("Main release" in content, "2 decisions" in content) == (True, True)
    address = f"/office/cycles/{house.cycle.slug}/release/"
    shown = office.get(address, {"release": first.key})
    assert (shown.context["release"], shown.context["preview"].total) == (first, 2)
    mails = office.get(f"{address}mails/", {"release": first.key}).content.decode()
    assert ("Aija" in mails, "Cathrin" in mails) == (True, False)
    assert office.get(address, {"release": "ZZZZ9999"}).context["release"] == later


def test_a_release_of_hidden_cases_alone_is_in_no_list_and_at_no_address(house, cast, office, decided):
    first, later = go_out(house, cast), go_out(house, cast, kind="later")
    Decision.objects.update(release=first)
    Decision.objects.filter(pk=decided[2].pk).update(release=later)
    tie(decided[2], cast.office_1)
    assert "Later release" not in page(office, house)
    shown = office.get(f"/office/cycles/{house.cycle.slug}/release/", {"release": later.key})
    assert shown.context["release"] == first
