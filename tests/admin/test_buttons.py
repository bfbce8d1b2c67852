"""Buttons of the admin call actions; their sentences come back as messages."""

import datetime as dt

from django.contrib import admin

from awards.models import Award
from charter.models import ReasonCode
from common import clock
from common.models import HistoryRow
from nominations.models import Nomination
from people.models import Merge, Person
from selection.models import Assignment, Release, Stage
from tests import factories
from tests.admin.conftest import SignIn, address
from tests.cast import Cast, House
from tests.world import Case


def press(client: object, record: object, verb: str, **answers: object) -> list[str]:
    response = client.post(address(record, "do", record.pk, verb), answers, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_a_get_asks_and_changes_nothing(cast: Cast, case: Case, sign_in: SignIn) -> None:
    page = address(case.nomination, "do", case.nomination.pk, "withdraw")
    assert b"a sentence that the nominee reads" in sign_in(cast.office_1).get(page).content.lower()
    case.nomination.refresh_from_db()
    assert case.nomination.state == Nomination.State.IN_REVIEW


def test_a_case_is_withdrawn_with_a_sentence_for_the_nominee(cast: Cast, case: Case, sign_in: SignIn) -> None:
    assert press(sign_in(cast.office_1), case.nomination, "withdraw", note="You asked.") == [
        "Done: withdraw."
    ]
    case.nomination.refresh_from_db()
    assert case.nomination.state == Nomination.State.WITHDRAWN
    assert HistoryRow.objects.get(verb="withdraw_nomination").text.text == "You asked."


def test_a_case_is_marked_ineligible_for_a_reason_that_exists(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client = sign_in(cast.office_1)
    page = address(case.nomination, "do", case.nomination.pk, "ineligible")
    assert b"errorlist" in client.post(page, {"reason": "invented"}).content
    press(client, case.nomination, "ineligible", reason="employee")
    case.nomination.refresh_from_db()
    assert case.nomination.state == Nomination.State.INELIGIBLE


def test_what_the_rules_forbid_is_said(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    Nomination.objects.filter(pk=case.nomination.pk).update(state=Nomination.State.AWARDED)
    messages = press(client, case.nomination, "withdraw")
    assert len(messages) == 1
    assert "Done" not in messages[0]
    case.nomination.refresh_from_db()
    assert case.nomination.state == Nomination.State.AWARDED


def test_only_what_the_state_allows_is_offered(cast: Cast, case: Case, sign_in: SignIn) -> None:
    response = sign_in(cast.office_1).get(address(case.nomination, "change"))
    assert [button.verb for button in response.context["buttons"]] == ["withdraw", "ineligible", "merge"]


def test_an_award_is_held_and_restored_and_revoked(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client, states = sign_in(cast.office_1), []
    for verb, answers in (("hold", {}), ("restore", {}), ("revoke", {"reason": "conduct"})):
        press(client, case.award, verb, **answers)
        states.append(Award.objects.get(pk=case.award.pk).state)
    assert states == ["on_hold", "granted", "revoked"]


def test_a_term_is_ended_and_extended(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    press(client, case.award, "extend", to="2090-12-31", reason="The program moves its date.")
    case.award.refresh_from_db()
    assert case.award.ends == dt.date(2090, 12, 31)
    press(client, case.award, "end", reason="retired", good_standing="on")
    case.award.refresh_from_db()
    assert (case.award.ends, case.award.end_reason) == (clock.today(), "retired")


def test_a_stage_is_opened_and_moved(cast: Cast, house: House, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    messages = press(client, house.screen, "open", reason="")
    house.screen.refresh_from_db()
    assert house.screen.state == Stage.State.PLANNED  # before its day it needs a reason
    assert messages[0] != "Done: open."
    later = house.screen.closes_at + dt.timedelta(days=1)
    press(client, house.screen, "move", closes_at=f"{later:%Y-%m-%d %H:%M}", reason="A holiday.")
    house.screen.refresh_from_db()
    assert house.screen.closes_at.date() == later.date()


def test_a_task_is_taken_back(cast: Cast, case: Case, sign_in: SignIn) -> None:
    Stage.objects.filter(pk=case.candidacy.stage_id).update(
        state=Stage.State.OPEN, opens_at=clock.now() - dt.timedelta(days=1)
    )
    press(sign_in(cast.office_1), case.waiting, "take-back", reason="On holiday.")
    case.waiting.refresh_from_db()
    assert case.waiting.state == Assignment.State.RELEASED


def test_who_prepared_a_release_cannot_confirm_it(cast: Cast, house: House, sign_in: SignIn) -> None:
    release = Release.objects.create(
        cycle=house.cycle, scheduled_at=clock.now() + dt.timedelta(days=3), prepared_at=clock.now(),
        prepared_by=cast.office_1,
    )  # fmt: skip
    assert press(sign_in(cast.office_1), release, "confirm")[0] != "Done: confirm as the second person."
    press(sign_in(cast.office_2), release, "confirm")
    release.refresh_from_db()
    assert (release.state, release.confirmed_by) == ("confirmed", cast.office_2)


def test_two_rows_of_one_human_are_merged(cast: Cast, sign_in: SignIn) -> None:
    twin = factories.PersonFactory(name="I. Vītolbergs")
    assert press(sign_in(cast.office_1), cast.nominee, "merge", other="NOBODY22") == [
        "There is no person with this key."
    ]
    press(sign_in(cast.office_1), cast.nominee, "merge", other=twin.key)
    assert Person.objects.get(pk=twin.pk).merged_into == cast.nominee


def test_somebody_is_erased_only_by_their_key(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    messages = press(client, cast.holder, "erase", key="NOBODY22")
    assert messages == ["This is not the key of this person. Nothing was erased."]
    press(client, cast.holder, "erase", key=cast.holder.key)
    cast.holder.refresh_from_db()
    assert (cast.holder.name, cast.holder.erased_at is None) == ("", False)


def test_every_button_asks_before_it_acts(cast: Cast, case: Case, sign_in: SignIn) -> None:
    Merge.objects.create(kept=cast.holder, absorbed=cast.outsider, at=clock.now())
    client = sign_in(cast.office_1)
    with_buttons = {model: records for model, records in admin.site._registry.items() if records.buttons}
    assert len(with_buttons) >= 7
    for model, records in with_buttons.items():
        record = model._default_manager.all()[0]
        for button in records.buttons:
            assert client.get(address(record, "do", record.pk, button.verb)).status_code == 200, button


def test_reasons_offered_are_those_of_their_use(cast: Cast, case: Case, sign_in: SignIn) -> None:
    page = address(case.award, "do", case.award.pk, "revoke")
    choices = sign_in(cast.office_1).get(page).context["form"].fields["reason"].queryset
    assert set(choices) == set(ReasonCode.objects.filter(use="revoked"))


def test_dates_and_times_of_the_admin_have_labels(cast: Cast, house: House, sign_in: SignIn) -> None:
    page = sign_in(cast.office_1).get("/admin/charter/cycle/add/").content.decode()
    for part in ("id_opens_at_0", "id_opens_at_1"):
        assert f'for="{part}"' in page
