"""Endorsements by link, without an account, editable until the dossier is complete."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from common import clock
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations import actions, links, queries, states
from nominations.models import AccessLink, Conflict, Nomination, Support
from people.actions import change_employer
from people.models import Person
from tests.cast import Cast
from tests.factories import ContributionFactory

SignIn = Callable[[Person | None], Client]
WORDS = "He wrote the checklist that our school uses now."


@pytest.fixture
def address(endorsement: Support) -> str:
    return f"/endorse/{links.token_of(AccessLink.objects.get(purpose='endorse'))}/"


def write(client: Client, address: str, statement: str = WORDS) -> int:
    return client.post(address, {"answer": "write", "statement": statement}).status_code


def test_an_endorser_writes_and_changes_it(endorsement: Support, address: str, client: Client) -> None:
    assert write(client, address) == 302
    assert write(client, address, WORDS + " And more.") == 302
    endorsement.refresh_from_db()
    assert endorsement.statement == WORDS + " And more."


def test_the_nominee_does_not_read_it(
    endorsement: Support, address: str, client: Client, cast: Cast, sign_in: SignIn
) -> None:
    write(client, address)
    page = sign_in(cast.nominee).get(f"/nominations/{endorsement.nomination.key}/dossier/").content.decode()
    assert "Written" in page
    assert WORDS not in page


@pytest.mark.parametrize("statement", ["", "short", "x" * 2000, "a\x00" + WORDS])
def test_a_bad_text_is_told_and_kept(
    statement: str, endorsement: Support, address: str, client: Client
) -> None:
    answer = client.post(address, {"answer": "write", "statement": statement})
    assert answer.status_code == 422
    assert statement.replace("\x00", "")[:40] in answer.content.decode().replace("\x00", "")
    endorsement.refresh_from_db()
    assert endorsement.given_at is None


def test_declining_is_told_without_a_reason(endorsement: Support, address: str, client: Client) -> None:
    assert 'value="decline"' in client.get(address).text
    assert client.post(address, {"answer": "decline"}).status_code == 302
    assert 'value="decline"' not in client.get(address).text
    endorsement.refresh_from_db()
    assert endorsement.declined_at
    assert write(client, address) == 302
    endorsement.refresh_from_db()
    assert (endorsement.declined_at, endorsement.statement) == (None, WORDS)


def test_after_completion_the_link_has_ended(
    endorsement: Support, address: str, accepted: Nomination, client: Client, cast: Cast
) -> None:
    contribution = ContributionFactory(person=cast.nominee)
    actions.pick_contributions(accepted, keys=[contribution.key], by=cast.nominee.user)
    actions.complete_nomination(accepted, by=cast.nominee.user)
    assert client.get(address).status_code == 410
    assert write(client, address) == 410


def test_who_endorsed_is_barred_and_who_was_only_asked_is_not(
    accepted: Nomination, cast: Cast, client: Client
) -> None:
    support = actions.request_endorsement(
        accepted, name="Inês", email="ines@community.example", relation="x", by=cast.nominee.user
    )
    assert support.person == cast.reviewer_1
    assert not Conflict.objects.filter(person=cast.reviewer_1).exists()
    write(client, f"/endorse/{links.token_of(AccessLink.objects.get(purpose='endorse'))}/")
    assert Conflict.objects.get(person=cast.reviewer_1).kind == "endorser"


def ask(client: Client, case: Nomination, email: str) -> tuple[int, str]:
    sent = {"endorser-name": "Jānis", "endorser-email": email, "endorser-relation": "Same forum"}
    answer = client.post(f"/nominations/{case.key}/endorsements/", sent)
    return answer.status_code, answer.content.decode()


def test_at_most_five_people_are_asked_and_nobody_twice(
    accepted: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.nominee)
    for number in (0, 1, 2, 3, 4, 4):
        assert ask(client, accepted, f"e{number}@school.example")[0] == 302
    assert Support.objects.filter(kind="endorser").count() == 5
    status, page = ask(client, accepted, "e6@school.example")
    assert status == 422
    assert "At most 5 people" in page
    assert "e6@school.example" in page


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ilmars@community.example", "own address"),
        ("teodora@community.example", "nominated the case"),
        ("nonsense", "valid email"),
    ],
)
def test_who_cannot_be_asked(
    email: str, sentence: str, accepted: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    status, page = ask(sign_in(cast.nominee), accepted, email)
    assert status == 422
    assert sentence in page


def test_only_the_nominee_asks(accepted: Nomination, cast: Cast, sign_in: SignIn) -> None:
    assert ask(sign_in(cast.nominator), accepted, "e@school.example")[0] == 403
    assert ask(sign_in(cast.outsider), accepted, "e@school.example")[0] == 404


def test_people_named_by_the_nominator_are_asked_when_the_nominee_accepts(
    submit: Callable[..., Nomination], cast: Cast, house: object
) -> None:
    named = [{"name": "Ieva", "email": "ieva@school.example", "relation": "Teacher"}]
    case = submit(endorsers=named)
    assert not AccessLink.objects.filter(purpose="endorse").exists()
    actions.accept_nomination(
        case,
        by=cast.nominee.user,
        agreements=[house.conduct],  # type: ignore[attr-defined]
        attested=True,
        nominator_may_learn=True,
    )
    assert AccessLink.objects.get(purpose="endorse").email == "ieva@school.example"
    case.refresh_from_db()
    assert case.state == states.ACCEPTED


def test_the_nominee_asks_again_and_not_too_often(
    endorsement: Support, address: str, cast: Cast, sign_in: SignIn
) -> None:
    nominee, case = sign_in(cast.nominee), endorsement.nomination
    act = f"/nominations/{case.key}/endorsements/{endorsement.key}/"
    assert act in nominee.get(f"/nominations/{case.key}/dossier/").content.decode()
    assert "within the last day" in nominee.post(act, {"act": "resend"}).content.decode()
    for sent in (2, 3, 3):
        OutboxMail.objects.update(created_at=clock.now() - dt.timedelta(days=2))
        nominee.post(act, {"act": "resend"})
        assert OutboxMail.objects.filter(kind="nominations.endorsement").count() == sent
    assert AccessLink.objects.filter(purpose="endorse").count() == 1
    assert sign_in(cast.outsider).post(act, {"act": "resend"}).status_code == 404
    assert sign_in(cast.nominee).post(act, {"act": "nonsense"}).status_code == 422


def test_a_request_is_taken_back_until_something_was_written(
    endorsement: Support, address: str, client: Client, cast: Cast, sign_in: SignIn
) -> None:
    nominee, case = sign_in(cast.nominee), endorsement.nomination
    act = f"/nominations/{case.key}/endorsements/{endorsement.key}/"
    write(client, address)
    assert nominee.post(act, {"act": "withdraw"}).status_code == 409
    client.post(address, {"answer": "decline"})
    assert nominee.post(act, {"act": "withdraw"}).status_code == 302
    assert client.get(address).status_code == 410
    assert not Support.objects.filter(email="ieva@school.example").exists()
    assert not AccessLink.objects.filter(email="ieva@school.example").exists()
    assert not OutboxMail.objects.filter(to="ieva@school.example").exists()


def test_an_endorser_is_erased_at_once_and_not_asked_again(
    endorsement: Support, address: str, client: Client, cast: Cast, sign_in: SignIn
) -> None:
    write(client, address)
    assert "are erased" in client.post(address, {"answer": "erase"}).content.decode()
    endorsement.refresh_from_db()
    assert (endorsement.name, endorsement.email, endorsement.statement, endorsement.given_at) == (
        "",
        "",
        "",
        None,
    )
    assert client.get(address).status_code == 410
    nominee, key = sign_in(cast.nominee), endorsement.nomination.key
    again = {"endorser-name": "I", "endorser-email": "ieva@school.example", "endorser-relation": "r"}
    answer = nominee.post(f"/nominations/{key}/endorsements/", again)
    assert "asked not to be asked again" in answer.content.decode()
    assert "Somebody whose name was erased" in nominee.get(f"/nominations/{key}/dossier/").content.decode()


def test_mail_follows_in_the_language_of_the_page(
    endorsement: Support, address: str, client: Client, cast: Cast
) -> None:
    client.post(address, {"answer": "write", "statement": WORDS}, headers={"Accept-Language": "es"})
    case = Nomination.objects.get(pk=endorsement.nomination_id)
    actions.pick_contributions(
        case, keys=[ContributionFactory(person=cast.nominee).key], by=cast.nominee.user
    )
    endorsement.refresh_from_db()
    assert (endorsement.person, endorsement.language) == (None, "es")
    assert queries.language_of(endorsement) == "es"


def test_a_second_nominator_says_where_they_work_if_the_cycle_asks(
    accepted: Nomination, endorsement: Support, address: str, client: Client, cast: Cast
) -> None:
    for person in (cast.nominee, cast.nominator):
        change_employer(person, "Baltic Cable", by=None)
    type(accepted.cycle).objects.update(different_employer_required=True)
    Support.objects.filter(pk=endorsement.pk).update(kind="co_nominator")
    actions.pick_contributions(
        accepted, keys=[ContributionFactory(person=cast.nominee).key], by=cast.nominee.user
    )
    assert write(client, address) == 422
    for employer, may in (("baltic  cable", False), ("Harbour Books", True)):
        client.post(address, {"answer": "write", "statement": WORDS, "employer": employer})
        accepted.refresh_from_db()
        if may:
            actions.complete_nomination(accepted, by=cast.nominee.user)
        else:
            with pytest.raises(RuleBroken, match="another employer"):
                actions.complete_nomination(accepted, by=cast.nominee.user)
