"""Work at set times: reminders on their days, lapses, erasure; each run twice without harm."""

import datetime as dt
from collections.abc import Callable

import pytest

from charter.models import Cycle
from common import clock
from common.models import HistoryText, OutboxMail
from nominations import actions, states, tasks
from nominations.models import AccessLink, DossierItem, Nomination, Support
from people.models import Address, Person
from tests.cast import Cast, House

Submit = Callable[..., Nomination]


def at(days: float) -> object:
    return clock.at(clock.now() + dt.timedelta(days=days))


@pytest.mark.parametrize(
    ("day", "number"), [(4.9, 0), (5.1, 1), (11.9, 1), (12.1, 2), (18.1, 3), (20.9, 3), (21.5, 3)]
)
def test_reminders_go_out_on_days_5_12_and_18(
    day: float, number: int, invited: Nomination, house: House
) -> None:
    Cycle.objects.update(dossiers_close_at=clock.now() + dt.timedelta(days=60))
    for step in (5.1, 12.1, 18.1, day):
        if step <= day:
            with at(step):
                tasks.remind()
                tasks.remind()
    assert OutboxMail.objects.filter(kind="nominations.reminder").count() == number


def test_a_worker_that_stood_still_sends_the_latest_reminder_alone(invited: Nomination) -> None:
    with at(13):
        tasks.remind()
    assert [mail.keys["day"] for mail in OutboxMail.objects.filter(kind="nominations.reminder")] == [12]


def test_nobody_who_answered_is_reminded(accepted: Nomination) -> None:
    with at(6):
        tasks.remind()
    assert not OutboxMail.objects.filter(kind="nominations.reminder").exists()


def test_the_link_of_an_invitation_lapses_with_the_close_of_dossiers(submit: Submit, house: House) -> None:
    with clock.at(house.cycle.closes_at - dt.timedelta(hours=1)):
        link = AccessLink.objects.get(nomination=submit(), purpose="invitation")
    assert link.ends_at == house.cycle.dossiers_close_at + dt.timedelta(minutes=house.cycle.grace_minutes)


def test_an_invitation_lapses_after_21_days(invited: Nomination) -> None:
    with at(20.9):
        tasks.lapse()
        invited.refresh_from_db()
        assert invited.state == states.INVITED
    with at(21.1):
        tasks.lapse()
        tasks.lapse()
    invited.refresh_from_db()
    assert invited.state == states.EXPIRED
    assert OutboxMail.objects.filter(kind="nominations.ended").count() == 1


def test_an_open_dossier_lapses_when_dossiers_close_grace_included(
    accepted: Nomination, house: House
) -> None:
    for minutes, state in ((14, states.ACCEPTED), (16, states.EXPIRED)):
        with clock.at(house.cycle.dossiers_close_at + dt.timedelta(minutes=minutes)):
            tasks.lapse()
        accepted.refresh_from_db()
        assert accepted.state == state
    assert OutboxMail.objects.filter(kind="nominations.expired", to="ilmars@community.example").exists()


def test_a_complete_dossier_does_not_lapse(complete: Nomination, house: House) -> None:
    with clock.at(house.cycle.dossiers_close_at + dt.timedelta(days=1)):
        tasks.lapse()
    complete.refresh_from_db()
    assert complete.state == states.COMPLETE


@pytest.mark.as_app
def test_a_refused_case_is_erased_after_30_days(submit: Submit, cast: Cast, house: House) -> None:
    case = submit(nominee_email="dana@elsewhere.example", nominee_name="Dana Sipos")
    actions.decline_nomination(case, by=None, for_good=False)
    with at(29):
        tasks.erase()
        assert Nomination.objects.get(pk=case.pk).nominee_name == "Dana Sipos"
    with at(31):
        tasks.erase()
        tasks.erase()
    case.refresh_from_db()
    assert (case.state, case.nominee_name, case.nominee_email, str(case.country)) == (
        states.DECLINED,
        "",
        "",
        "",
    )
    assert case.nominee.erased_at
    assert not Person.objects.filter(name__contains="Sipos").exists()
    for rows in (Support, AccessLink, DossierItem):
        assert not rows.objects.filter(nomination=case).exists()
    assert not Address.objects.filter(email="dana@elsewhere.example").exists()
    assert not OutboxMail.objects.filter(to="dana@elsewhere.example").exists()


def test_erasing_leaves_people_who_are_known_otherwise(invited: Nomination, cast: Cast) -> None:
    actions.decline_nomination(invited, by=cast.nominee.user, for_good=False)
    with at(31):
        tasks.erase()
    cast.nominee.refresh_from_db()
    assert (cast.nominee.name, cast.nominee.erased_at) == ("Ilmārs Vītolbergs", None)


def test_texts_of_an_erased_case_leave_the_history(accepted: Nomination, cast: Cast) -> None:
    actions.decline_nomination(accepted, by=cast.nominee.user, for_good=False)
    from common import history

    history.record("nomination", accepted.key, "note", by=None, text="A secret.")
    with at(31):
        tasks.erase()
    assert not HistoryText.objects.filter(text="A secret.").exists()


def test_a_draft_is_kept_for_60_days(draft: Nomination) -> None:
    with at(59):
        tasks.erase()
        assert Nomination.objects.exists()
    with at(61):
        tasks.erase()
    assert not Nomination.objects.exists()


def test_a_lapsed_case_of_a_dead_nominee_sends_no_mail(invited: Nomination, cast: Cast) -> None:
    Person.objects.filter(pk=cast.nominee.pk).update(deceased=True)
    put = actions.withdraw_nomination(invited, by=cast.office_1.user)
    assert put.state == states.WITHDRAWN
    assert not OutboxMail.objects.filter(kind="nominations.withdrawn").exists()


def test_what_others_began_to_write_about_an_erased_nominee_forgets_them(
    submit: Submit, house: House, cast: Cast
) -> None:
    case = submit(nominee_email="dana@elsewhere.example", nominee_name="Dana Skuja")
    typed = {
        "nominee_name": "Dana Skuja",
        "nominee_email": "Dana@elsewhere.example",
        "statement": "Dana helps.",
    }
    draft = actions.save_draft("OTHER222", cycle=house.cycle, answers=typed, by=cast.holder)
    actions.decline_nomination(case, by=None, for_good=True)
    with at(31):
        tasks.erase()
    draft.refresh_from_db()
    assert "Dana" not in str(draft.draft) + draft.nominee_name
    assert draft.draft["answers"]["statement"] == "… helps."
    assert not Person.objects.filter(name__contains="Dana").exists()
