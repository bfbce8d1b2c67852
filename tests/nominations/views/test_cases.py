"""The buttons of a case's page: who may press them, what a second press does, what two at once see."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from common import clock
from nominations import actions, queries, states
from nominations.models import Nomination, Support
from people.models import Person
from tests.cast import Cast
from tests.nominations.conftest import put_in_state

SignIn = Callable[[Person | None], Client]

# What each of the cast gets when they open the page of an act on a case in review.
MAY = {
    "withdraw": {"nominee": 200, "nominator": 200, "office_1": 403, "auditor": 403, "outsider": 404},
    "reopen": {"nominee": 403, "nominator": 403, "office_1": 200, "auditor": 403, "outsider": 404},
    "ineligible": {"nominee": 403, "nominator": 403, "office_1": 200, "auditor": 403, "outsider": 404},
    "merge": {"nominee": 403, "nominator": 403, "office_1": 200, "auditor": 403, "outsider": 404},
    "merge/undo": {"nominee": 403, "nominator": 403, "office_1": 200, "auditor": 403, "outsider": 404},
    "second-look": {"nominee": 200, "nominator": 403, "office_1": 403, "auditor": 403, "outsider": 404},
}


@pytest.mark.parametrize("act", MAY)
def test_who_may_open_the_page_of_an_act(
    act: str, in_review: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    found = {
        name: sign_in(getattr(cast, name)).get(f"/nominations/{in_review.key}/{act}/").status_code
        for name in MAY[act]
    }
    assert found == MAY[act]


@pytest.mark.parametrize("act", [*MAY, "decline-award", "complete", "dossier/pick", "endorsements"])
def test_strangers_and_wrong_keys_change_nothing(
    act: str, in_review: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    assert sign_in(cast.outsider).post(f"/nominations/{in_review.key}/{act}/").status_code == 404
    assert sign_in(cast.outsider).post(f"/nominations/NOSUCH22/{act}/").status_code == 404
    assert sign_in(None).post(f"/nominations/{in_review.key}/{act}/").status_code == 302
    in_review.refresh_from_db()
    assert in_review.state == states.IN_REVIEW


@pytest.mark.parametrize("act", ["decline-award", "complete", "dossier/pick", "dossier/add", "endorsements"])
def test_acts_without_a_page_are_posts_alone(
    act: str, in_review: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    assert sign_in(cast.nominee).get(f"/nominations/{in_review.key}/{act}/").status_code == 405


def test_withdrawing_twice_is_one_act(in_review: Nomination, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.nominee)
    for _ in range(2):
        answer = client.post(f"/nominations/{in_review.key}/withdraw/", {"note": "No time this year."})
        assert answer["Location"] == f"/nominations/{in_review.key}/"
    in_review.refresh_from_db()
    assert in_review.state == states.WITHDRAWN


def test_who_comes_second_reads_what_happened(in_review: Nomination, cast: Cast, sign_in: SignIn) -> None:
    actions.withdraw_nomination(in_review, by=cast.nominee.user)
    answer = sign_in(cast.office_1).post(
        f"/nominations/{in_review.key}/ineligible/", {"reason_code": "employee", "note": "We were told."}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The nomination was withdrawn on" in page
    assert "We were told." in page


@pytest.mark.parametrize(
    ("act", "who"), [("reopen", "office_1"), ("merge/undo", "office_1"), ("second-look", "nominee")]
)
def test_an_act_that_the_state_does_not_allow_has_no_form(
    act: str, who: str, in_review: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(getattr(cast, who)).get(f"/nominations/{in_review.key}/{act}/").content.decode()
    assert "Not possible now" in page
    assert "The case is in review now" in page
    assert "data-once" not in page.partition("<main")[2]


def test_a_second_look_that_is_too_late_says_until_when_it_could_be_asked_for(
    in_review: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    put_in_state(in_review, states.NOT_AWARDED)
    days = in_review.cycle.second_look_days + 1
    Nomination.objects.update(ended_at=clock.now() - dt.timedelta(days=days))
    page = sign_in(cast.nominee).get(f"/nominations/{in_review.key}/second-look/").content.decode()
    assert "A second look could be asked for until" in page
    assert "<textarea" not in page


def test_withdrawing_after_the_release_is_too_late(
    in_review: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    put_in_state(in_review, states.NOT_AWARDED)
    answer = sign_in(cast.nominee).post(f"/nominations/{in_review.key}/withdraw/")
    assert answer.status_code == 409
    assert "was announced on" in answer.content.decode()


def test_a_nominator_takes_a_case_back_before_the_answer_and_not_after(
    invited: Nomination, submit: Callable[..., Nomination], cast: Cast, sign_in: SignIn, house: object
) -> None:
    other = submit(area="directory")
    client = sign_in(cast.nominator)
    assert client.post(f"/nominations/{invited.key}/withdraw/").status_code == 302
    invited.refresh_from_db()
    assert invited.state == states.WITHDRAWN
    actions.accept_nomination(
        other,
        by=cast.nominee.user,
        agreements=[house.conduct],  # type: ignore[attr-defined]
        attested=True,
        nominator_may_learn=True,
    )
    answer = client.post(f"/nominations/{other.key}/withdraw/")
    assert answer.status_code == 409
    other.refresh_from_db()
    assert other.state == states.ACCEPTED


def test_a_case_with_two_nominators_goes_on_without_one(
    invited: Nomination, submit: Callable[..., Nomination], cast: Cast, sign_in: SignIn
) -> None:
    joined = submit(by=cast.outsider)
    for person, row in ((cast.nominator, invited), (cast.outsider, joined)):
        client = sign_in(person)
        client.post(f"/nominations/{row.key}/withdraw/")
        assert "You took your nomination back" in client.get(f"/nominations/{row.key}/").content.decode()
        invited.refresh_from_db()
        if person == cast.nominator:
            assert invited.state == states.INVITED
            assert [s.person for s in queries.nominators_of(invited)] == [cast.outsider]


def test_the_office_joins_two_cases_and_takes_it_back(
    submit: Callable[..., Nomination], cast: Cast, sign_in: SignIn
) -> None:
    kept, absorbed = (submit(nominee_email=f"{name}@elsewhere.example") for name in ("dana", "d.sipos"))
    client = sign_in(cast.office_1)
    sent = {"into": kept.key.lower(), "reason": "Same home page, same talks."}
    assert client.post(f"/nominations/{absorbed.key}/merge/", sent).status_code == 302
    absorbed.refresh_from_db()
    assert (absorbed.state, absorbed.merged_into) == (states.MERGED, kept)
    assert len(queries.nominators_of(kept)) == 2
    undo = client.post(f"/nominations/{absorbed.key}/merge/undo/", {"reason": "Two namesakes."})
    assert undo.status_code == 302
    absorbed.refresh_from_db()
    assert (absorbed.state, absorbed.merged_into) == (states.INVITED, None)


def test_undoing_a_shared_address_gives_the_case_a_person_of_its_own(
    submit: Callable[..., Nomination], cast: Cast
) -> None:
    first = submit(nominee_email="info@elsewhere.example", nominee_name="Dana")
    joined = submit(by=cast.outsider, nominee_email="info@elsewhere.example", nominee_name="Egon")
    actions.undo_merge(joined, by=cast.office_1.user, reason="A mailbox of two people.")
    joined.refresh_from_db()
    assert (joined.state, joined.nominee.name) == (states.INVITED, "Egon")
    assert joined.nominee != first.nominee


@pytest.mark.parametrize("into", ["NOSUCH22", "", "x" * 10_000, "a\x00", "self"])
def test_a_case_is_not_joined_with_nonsense(
    into: str, invited: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    sent = {"into": invited.key if into == "self" else into, "reason": "Why not."}
    answer = sign_in(cast.office_1).post(f"/nominations/{invited.key}/merge/", sent)
    assert answer.status_code == 422
    assert "Why not." in answer.content.decode()


def test_the_office_does_not_act_on_a_case_of_its_own(
    submit: Callable[..., Nomination], cast: Cast, sign_in: SignIn
) -> None:
    own = submit(by=cast.office_1)
    client = sign_in(cast.office_1)
    assert "Find the case ineligible" not in client.get(f"/nominations/{own.key}/").content.decode()
    assert client.post(f"/nominations/{own.key}/ineligible/", {"reason_code": "employee"}).status_code == 403
    assert client.post(f"/nominations/{own.key}/withdraw/").status_code == 302


def test_a_case_in_which_the_office_has_a_tie_cannot_be_joined_with(
    submit: Callable[..., Nomination], cast: Cast, sign_in: SignIn
) -> None:
    own = submit(by=cast.office_1)
    other = submit(nominee_email="dana@elsewhere.example")
    sent = {"into": own.key, "reason": "Why not."}
    answer = sign_in(cast.office_1).post(f"/nominations/{other.key}/merge/", sent)
    assert answer.status_code == 422
    assert "There is no case with this key." in answer.content.decode()


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", "2 July 2026"), ("", "1 July 2026")])
def test_a_day_without_a_time_is_one_of_the_readers_clock(
    zone: str, day: str, invited: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    at = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    Nomination.objects.filter(pk=invited.pk).update(invited_at=at)
    Person.objects.filter(pk=cast.nominator.pk).update(zone=zone)
    Support.objects.update(given_at=at)
    page = sign_in(Person.objects.get(pk=cast.nominator.pk)).get(f"/nominations/{invited.key}/").text
    assert f'timeline__when">{day}<' in page
