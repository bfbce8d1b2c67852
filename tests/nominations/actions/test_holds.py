"""Floods and copied texts wait for a person, and what a stranger must not learn stays unsaid."""

import datetime as dt
from collections.abc import Callable

import pytest

from awards.models import Award
from common import clock, delivery
from common.errors import Outdated, RuleBroken
from common.models import OutboxMail
from nominations import actions, queries, states
from nominations.models import Hold, Nomination, Sending
from nominations.prints import ALIKE_BITS, distance, print_of
from nominations.triage import places_of
from people.actions import confirm_address
from people.models import Person
from tests.cast import Cast, House
from tests.factories import AwardFactory, PersonFactory
from tests.kept import kept_fixture
from tests.nominations.conftest import STATEMENT, answers

WORDS = [
    "router",
    "cable",
    "school",
    "exam",
    "teacher",
    "trace",
    "forum",
    "answer",
    "question",
    "patch",
    "night",
    "tool",
    "list",
    "guide",
]
Submit = Callable[..., Nomination]


def text_of(number: int) -> str:
    """A text of its own."""
    return " ".join(
        f"{word}{'abcdefghij'[number % 10]}{'klmnopqrst'[place % 10]}" for place, word in enumerate(WORDS * 3)
    )


@pytest.fixture
def flood(house: House) -> Callable[[int], list[Nomination]]:
    """``flood(number)``: nominations by as many strangers from one network."""
    return lambda number: _flood(house, number)


def _flood(house: House, number: int) -> list[Nomination]:
    cases = []
    for place in range(number):
        by = confirm_address(PersonFactory(user=None), f"stranger{place}@mail.example")
        given = answers(
            name=by.name,
            email=f"stranger{place}@mail.example",
            nominee_email=f"nominee{place}@else.example",
            nominee_name=f"Nominee {'ABCDEFGHIJKLMNOPQRSTUV'[place]}",
            statement=text_of(place),
        )
        draft = actions.save_draft(
            f"FLD{place:02}".replace("0", "A").replace("1", "B"), cycle=house.cycle, answers=given, by=by
        )
        sent = actions.send_nomination(draft, answers=given, by=by.user, person=by, ip="203.0.113.9")
        cases.append(sent.nomination)
    return cases


def invitations() -> int:
    return OutboxMail.objects.filter(kind="nominations.invitation").count()


def test_what_is_above_so_many_an_hour_waits_and_nobody_is_asked(
    flood: Callable[[int], list[Nomination]], house: House
) -> None:
    house.program.held_above_an_hour = 3
    house.program.save()
    cases = flood(5)
    assert [case.state for case in cases] == ["invited"] * 3 + ["draft"] * 2
    assert invitations() == 3
    assert not Person.objects.filter(name="Nominee E").exists()
    assert [hold.reasons for hold in Hold.objects.all()] == [["rate"]] * 2


def test_a_flood_is_refused_with_a_sentence_and_the_draft_stays(
    flood: Callable[[int], list[Nomination]], house: House
) -> None:
    house.program.refused_above_an_hour = 2
    house.program.save()
    with pytest.raises(RuleBroken, match="please send it again in an hour"):
        flood(3)
    assert Nomination.objects.filter(state=states.DRAFT).count() == 1
    Sending.objects.update(at=clock.now() - dt.timedelta(minutes=61))
    actions.send_nomination(
        Nomination.objects.get(state=states.DRAFT),
        answers=answers(email="stranger2@mail.example"),
        by=None,
        person=None,
        ip="203.0.113.9",
    )


def test_one_mailbox_with_many_tags_is_one_place(house: House) -> None:
    plain, tagged = (places_of("", f"a{tag}@mail.example", house.program) for tag in ("", "+1"))
    assert plain == tagged
    assert len(places_of("2001:db8::1", "a@firm.example", house.program)) == 3
    assert (
        places_of("2001:db8::1", "", house.program)[-1] == places_of("2001:db8::2:1", "", house.program)[-1]
    )


def test_the_same_text_by_a_fourth_nominator_waits(submit: Submit, cast: Cast) -> None:
    for number, by in enumerate([cast.nominator, cast.holder, cast.outsider]):
        submit(by=by, nominee_email=f"n{number}@else.example", nominee_name=f"Person {number}")
    last = submit(by=cast.auditor, nominee_email="n9@else.example", nominee_name="Another")
    assert last.state == states.DRAFT
    assert Hold.objects.get().reasons == ["alike"]


def test_prints_of_like_texts_differ_little_and_of_others_much() -> None:
    filled = [print_of(STATEMENT.replace("Ilmārs", name), without=name) for name in ("Ilmārs", "Jo Bloggs")]
    changed = print_of(STATEMENT.replace("forty", "fifty") + " Thank you!", without="Ilmārs")
    assert distance(*filled) == 0
    assert distance(filled[0], changed) <= ALIKE_BITS
    assert min(distance(print_of(text_of(0)), print_of(text_of(n))) for n in range(1, 10)) > ALIKE_BITS
    assert print_of("") == print_of("")


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("deceased", {"deceased": True}),
        ("employee", {"left_for_organiser_on": dt.date(2020, 1, 1)}),
    ],
)
def test_what_the_office_knows_is_not_told_to_a_stranger(
    reason: str, changes: dict[str, object], submit: Submit, cast: Cast, house: House
) -> None:
    known = PersonFactory(user=None, **changes)
    known.addresses.create(email="known@else.example", primary=True)
    case = submit(nominee_email="known@else.example", nominee_name="Known Well")
    assert (case.state, invitations()) == (states.INVITED, 0)
    assert Hold.objects.get().reasons == [reason]


def test_a_revoked_award_and_a_name_like_ones_own_wait_too(submit: Submit, cast: Cast) -> None:
    AwardFactory(person=cast.nominee, state=Award.State.REVOKED, good_standing=False)
    submit()
    submit(nominee_email="second@else.example", nominee_name=" ".join(reversed(cast.nominator.name.split())))
    assert [hold.reasons for hold in Hold.objects.order_by("pk")] == [["barred"], ["oneself"]]


def test_an_undecided_invitation_does_not_lapse(submit: Submit, cast: Cast) -> None:
    cast.nominee.deceased = True
    cast.nominee.save()
    case = submit()
    Nomination.objects.update(invited_at=clock.now() - dt.timedelta(days=22))
    assert actions.expire_nominations() == 0
    Hold.objects.update(decision="release")
    assert actions.expire_nominations() == 1
    case.refresh_from_db()
    assert case.state == states.EXPIRED


@kept_fixture
def held(house: House) -> list[Nomination]:
    """Two that wait as drafts."""
    house.program.held_above_an_hour = 0
    house.program.save()
    return _flood(house, 2)


def later(monkeypatch: pytest.MonkeyPatch, **time: int) -> None:
    moment = clock.now() + dt.timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_what_is_released_goes_on_after_ten_minutes(
    held: list[Nomination], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = cast.office_1.user
    actions.triage_nominations(queries.holds_waiting(office), decision="release", count=2, by=office)
    assert (actions.apply_triage(), invitations()) == (0, 0)
    later(monkeypatch, minutes=11)
    assert (actions.apply_triage(), actions.apply_triage()) == (2, 0)
    assert invitations() == 2
    assert {case.state for case in Nomination.objects.all()} == {states.INVITED}


def test_a_decision_is_undone_before_it_takes_effect(
    held: list[Nomination], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = cast.office_1.user
    batch = actions.triage_nominations(queries.holds_waiting(office), decision="release", count=2, by=office)
    assert actions.undo_triage(batch, by=office) == 2
    later(monkeypatch, minutes=11)
    assert (actions.apply_triage(), queries.holds_waiting(office).count()) == (0, 2)
    batch = actions.triage_nominations(queries.holds_waiting(office), decision="release", count=2, by=office)
    later(monkeypatch, minutes=11)
    actions.apply_triage()
    with pytest.raises(Outdated, match="cannot be undone"):
        actions.undo_triage(batch, by=office)


def test_what_is_not_taken_is_deleted_after_30_days_and_told_to_nobody(
    held: list[Nomination], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = cast.office_1.user
    actions.triage_nominations(queries.holds_waiting(office), decision="reject", count=2, by=office)
    later(monkeypatch, days=29)
    actions.erase_ended_cases()
    assert Nomination.objects.count() == 2
    later(monkeypatch, days=2)
    actions.erase_ended_cases()
    assert (Nomination.objects.count(), OutboxMail.objects.count(), Sending.objects.count()) == (0, 0, 0)


def test_what_nobody_looked_at_is_told_a_week_before_it_is_deleted(
    held: list[Nomination], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = house.cycle.dossiers_close_at - clock.now()
    later(monkeypatch, days=closed.days + 22)
    actions.erase_ended_cases()
    assert not OutboxMail.objects.exists()
    later(monkeypatch, days=2)
    for _ in range(2):
        actions.erase_ended_cases()
    mails = list(OutboxMail.objects.all())
    assert [mail.kind for mail in mails] == ["nominations.held_too_long"] * 2
    assert "is deleted on" in delivery.write(mails[0]).text
    later(monkeypatch, days=6)
    actions.erase_ended_cases()
    assert Nomination.objects.count() == 2
    later(monkeypatch, days=2)
    actions.erase_ended_cases()
    assert not Nomination.objects.exists()


def test_what_a_rule_stops_waits_again_with_the_sentence(
    held: list[Nomination], cast: Cast, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = cast.office_1.user
    house.networking.ends = clock.today() - dt.timedelta(days=1)
    house.networking.save()
    actions.triage_nominations(queries.holds_waiting(office), decision="release", count=2, by=office)
    later(monkeypatch, minutes=11)
    assert actions.apply_triage() == 0
    assert {hold.problem for hold in queries.holds_waiting(office)} == {
        "This technology is no longer open for nominations. Please choose another one."
    }


def test_a_list_that_changed_is_refused(held: list[Nomination], cast: Cast) -> None:
    office = cast.office_1.user
    with pytest.raises(Outdated, match="has changed"):
        actions.triage_nominations(queries.holds_waiting(office), decision="release", count=3, by=office)
    with pytest.raises(RuleBroken, match="at least one"):
        actions.triage_nominations(
            queries.holds_waiting(office, reason="alike"), decision="release", count=0, by=office
        )


def test_a_case_under_way_that_is_not_taken_is_ineligible(
    submit: Submit, cast: Cast, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = cast.office_1.user
    cast.nominee.deceased = True
    cast.nominee.save()
    case = submit()
    with pytest.raises(RuleBroken, match="Choose the rule"):
        actions.triage_nominations(queries.holds_waiting(office), decision="reject", count=1, by=office)
    actions.triage_nominations(
        queries.holds_waiting(office), decision="reject", count=1, by=office, reason_code="employee"
    )
    later(monkeypatch, minutes=11)
    assert actions.apply_triage() == 1
    case.refresh_from_db()
    assert case.state == states.INELIGIBLE


def test_the_office_does_not_see_what_it_sent_or_what_is_about_itself(submit: Submit, cast: Cast) -> None:
    cast.nominee.deceased = True
    cast.nominee.save()
    submit(by=cast.office_1)
    assert queries.holds_waiting(cast.office_2.user).count() == 1
    assert not queries.holds_waiting(cast.office_1.user).exists()
    assert not queries.holds_waiting(cast.outsider.user).exists()
