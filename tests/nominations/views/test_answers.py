"""Mailed links and the invitation: a GET changes nothing, wrong and used links say so, all answers are POSTs."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AgreementSignature, User
from common import clock
from common.models import HistoryRow, OutboxMail
from nominations import actions, links, states, stops
from nominations.models import AccessLink, Nomination
from nominations.queries import wants_no_invitations
from people.models import Address, Person
from tests.cast import Cast, House
from tests.kept import kept_fixture
from tests.nominations.conftest import send

SignIn = Callable[[Person | None], Client]
YES = {"answer": "accept", "attested": "on", "agreement_code-of-conduct": "on", "may_learn": "on"}


@kept_fixture
def case(house: House, cast: Cast) -> Nomination:
    """Teodora nominated somebody without an account."""
    names = {"nominee_email": "dana@elsewhere.example", "nominee_name": "Dana Sipos"}
    return send("DANA222", cast.nominator, house.cycle, **names)


@pytest.fixture
def address(case: Nomination) -> str:
    return address_of(AccessLink.objects.get(purpose="invitation"))


def address_of(link: AccessLink) -> str:
    return f"/invitation/{links.token_of(link)}/"


def test_opening_the_link_changes_nothing(case: Nomination, address: str, client: Client) -> None:
    before = Nomination.objects.values().get(), AccessLink.objects.values().get()
    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code in (200, 405)
    assert (Nomination.objects.values().get(), AccessLink.objects.values().get()) == before


def test_a_wrong_link_does_not_exist(address: str, client: Client) -> None:
    key, _, digest = address.strip("/").split("/")[1].partition("-")
    for wrong in (f"{key}-{'0' * 32}", f"{'A' * 20}-{digest}", "x", f"{key}-{digest[:-1]}"):
        assert client.get(f"/invitation/{wrong}/").status_code == 404
        assert client.post(f"/invitation/{wrong}/", YES).status_code == 404


def test_a_link_of_another_purpose_does_not_open_the_invitation(address: str, client: Client) -> None:
    assert client.get(address.replace("/invitation/", "/endorse/")).status_code == 404
    assert client.get(address.replace("/invitation/", "/nominate/confirm/")).status_code == 404


def test_accepting_confirms_the_address_makes_the_account_and_signs(
    case: Nomination, address: str, client: Client, house: House
) -> None:
    assert client.post(address, YES).status_code == 302
    case.refresh_from_db()
    assert case.state == states.ACCEPTED
    assert Address.objects.get(email="dana@elsewhere.example").confirmed_at
    assert AgreementSignature.objects.get().agreement == house.conduct
    assert client.get(f"/nominations/{case.key}/").status_code == 200
    assert OutboxMail.objects.filter(kind="nominations.accepted", to="teodora@community.example").exists()


def test_nobody_accepts_what_they_alone_wrote_about_another_mailbox_of_theirs(
    case: Nomination, address: str, cast: Cast, house: House, sign_in: SignIn
) -> None:
    client = sign_in(cast.nominator)
    answer = client.post(address, YES)
    assert answer.status_code == 422
    assert "only you have nominated the reader of this mailbox" in answer.text
    case.refresh_from_db()
    assert case.state == states.INVITED
    assert not Address.objects.filter(email="dana@elsewhere.example", person=cast.nominator).exists()
    house.cycle.self_nomination = True
    house.cycle.save()
    assert client.post(address, YES).status_code == 302


@pytest.fixture
def oneself(house: House, submit: Callable[..., Nomination]) -> Nomination:
    """Teodora, signed in, nominated herself under a mailbox that her account does not have."""
    house.cycle.self_nomination = True
    house.cycle.save()
    return submit(relation="self", nominee_email="dora@elsewhere.example", nominee_name="Teodora Vasilescu")


def test_who_nominated_themselves_signs_in_first_and_stays_one_person(
    oneself: Nomination, cast: Cast, client: Client, sign_in: SignIn
) -> None:
    address, people = address_of(AccessLink.objects.get(purpose="invitation")), User.objects.count()
    page = client.get(address).text
    assert "sent by somebody about themselves" in page
    assert f"/accounts/login/?next={address}" in page
    assert "No account is needed" not in page
    for reader in (client, sign_in(cast.outsider)):
        answer = reader.post(address, YES)
        assert answer.status_code == 422
        assert "sign in first with the account" in answer.text
    assert not Address.objects.filter(email="dora@elsewhere.example").exclude(confirmed_at=None).exists()
    assert sign_in(cast.nominator).post(address, YES).status_code == 302
    oneself.refresh_from_db()
    assert (oneself.state, oneself.nominee, User.objects.count()) == (states.ACCEPTED, cast.nominator, people)


def test_an_account_made_with_the_address_does_not_accept_as_a_second_person(
    oneself: Nomination, submit: Callable[..., Nomination], cast: Cast, client: Client
) -> None:
    client.post("/accounts/signup/", {"email": "dora@elsewhere.example", "name": "Dora"})
    client.post("/accounts/confirm-email/", {"code": OutboxMail.objects.latest("id").keys["code"]})
    address = address_of(AccessLink.objects.get(purpose="invitation"))
    for page in (address, f"/nominations/{oneself.key}/answer/"):
        assert "with another account than the one of this address" in client.get(page).text
        answer = client.post(page, YES)
        assert answer.status_code == 422
        assert "Write to the program office" in answer.text
    submit(by=cast.outsider, nominee_email="dora@elsewhere.example")
    assert client.post(address, YES).status_code == 302


def test_who_nominated_themselves_under_a_confirmed_address_accepts_by_the_link_alone(
    house: House, submit: Callable[..., Nomination], cast: Cast, client: Client
) -> None:
    house.cycle.self_nomination = True
    house.cycle.save()
    case = submit(
        relation="self", nominee_email="teodora@community.example", nominee_name="Teodora Vasilescu"
    )
    address = address_of(AccessLink.objects.get(purpose="invitation"))
    assert "sent by somebody about themselves" not in client.get(address).text
    assert client.post(address, YES).status_code == 302
    case.refresh_from_db()
    assert case.nominee == cast.nominator


def test_nobody_keeps_a_stranger_from_accepting_by_nominating_them_as_oneself(
    oneself: Nomination, submit: Callable[..., Nomination], cast: Cast, client: Client
) -> None:
    submit(by=cast.outsider, nominee_email="dora@elsewhere.example")
    address = address_of(AccessLink.objects.get(purpose="invitation"))
    assert "sent by somebody about themselves" not in client.get(address).text
    assert client.post(address, YES).status_code == 302
    oneself.refresh_from_db()
    assert oneself.nominee != cast.nominator


def test_who_nominated_themselves_may_refuse_signed_out(oneself: Nomination, client: Client) -> None:
    address = address_of(AccessLink.objects.get(purpose="invitation"))
    assert client.post(address, {"answer": "refuse"}).status_code == 200
    oneself.refresh_from_db()
    assert oneself.state == states.DECLINED


def test_a_used_link_says_so(case: Nomination, address: str, client: Client) -> None:
    client.post(address, YES)
    for answer, next_step in (
        (client.get(address), "Your cases"),
        (client.post(address, YES), "Your cases"),
        (Client().post(address, {"answer": "refuse"}), "If you accepted, sign in"),
    ):
        assert answer.status_code == 410
        assert "This link has been used on" in answer.content.decode()
        assert next_step in answer.content.decode()
    case.refresh_from_db()
    assert case.state == states.ACCEPTED


def test_an_ended_link_says_so(case: Nomination, address: str, client: Client) -> None:
    with clock.at(clock.now() + dt.timedelta(days=22)):
        for answer in (client.get(address), client.post(address, YES)):
            assert answer.status_code == 410
            assert "This link has ended on" in answer.content.decode()


def test_the_link_of_a_withdrawn_case_has_ended(
    case: Nomination, address: str, client: Client, cast: Cast
) -> None:
    actions.take_back_nomination(case, by=cast.nominator.user)
    assert "This link has ended on" in client.get(address).content.decode()


@pytest.mark.parametrize("missing", ["attested", "agreement_code-of-conduct"])
def test_accepting_needs_each_agreement_and_keeps_what_was_ticked(
    missing: str, case: Nomination, address: str, client: Client
) -> None:
    ticked = {name: value for name, value in YES.items() if name != missing}
    answer = client.post(address, ticked)
    assert answer.status_code == 422
    assert answer.content.decode().count(" checked") == 2
    case.refresh_from_db()
    assert case.state == states.INVITED


@pytest.mark.parametrize(("answer", "for_good"), [("later", False), ("refuse", True)])
def test_the_other_two_answers_end_the_case_and_stop_invitations(
    answer: str, for_good: bool, case: Nomination, address: str, client: Client
) -> None:
    page = client.post(address, {"answer": answer}).content.decode()
    case.refresh_from_db()
    assert (case.state, case.erase_at - case.ended_at) == (states.DECLINED, dt.timedelta(days=30))
    assert ("for good" in page) == for_good
    digest = stops.digest_of("dana@elsewhere.example")
    assert wants_no_invitations(digest)
    with clock.at(clock.now() + dt.timedelta(days=366)):
        assert wants_no_invitations(digest) == for_good


def test_the_nominator_hears_only_that_it_does_not_go_on(
    case: Nomination, address: str, client: Client, cast: Cast, sign_in: SignIn
) -> None:
    client.post(address, {"answer": "refuse"})
    page = sign_in(cast.nominator).get(f"/nominations/{case.key}/").content.decode()
    assert "does not go on" in page
    assert "eclined" not in page
    assert OutboxMail.objects.filter(kind="nominations.ended").count() == 1


def test_an_unknown_answer_changes_nothing(case: Nomination, address: str, client: Client) -> None:
    assert client.post(address, {"answer": "whatever"}).status_code == 200
    case.refresh_from_db()
    assert case.state == states.INVITED


def test_a_correction_is_no_answer(case: Nomination, address: str, client: Client) -> None:
    sent = {"answer": "correct", "name": "Dána Sípos\u202e", "country": "HU"}
    assert client.post(address, sent).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.nominee_name, case.country.code) == (states.INVITED, "Dána Sípos", "HU")
    assert case.nominee.name == "Dána Sípos"
    assert case.region is None


@pytest.mark.parametrize("name", ["", "x" * 10_000, "a\x00"])
def test_a_bad_correction_says_why(name: str, address: str, client: Client) -> None:
    answer = client.post(address, {"answer": "correct", "name": name, "country": "HU"})
    assert answer.status_code == 422


def test_somebody_signed_in_takes_the_case_to_their_own_account(
    case: Nomination, address: str, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.outsider)
    assert "You are signed in as" in client.get(address).content.decode()
    client.post(address, YES)
    case.refresh_from_db()
    assert case.nominee == cast.outsider
    assert cast.outsider.addresses.filter(email="dana@elsewhere.example").exclude(confirmed_at=None).exists()


def test_an_invitation_to_somebody_elses_account_is_refused(
    invited: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.outsider)
    answer = client.post(address_of(AccessLink.objects.get(purpose="invitation")), YES)
    assert answer.status_code == 422
    assert "Sign out first" in answer.content.decode()
    invited.refresh_from_db()
    assert (invited.state, invited.nominee) == (states.INVITED, cast.nominee)


def test_two_invitations_of_one_unknown_address_become_one_person(
    case: Nomination, submit: Callable[..., Nomination], client: Client
) -> None:
    second = submit(nominee_email="dana@elsewhere.example", nominee_name="Dana S.", area="directory")
    for link in AccessLink.objects.filter(purpose="invitation"):
        assert client.post(address_of(link), YES).status_code == 302
    case.refresh_from_db()
    second.refresh_from_db()
    assert case.nominee == second.nominee
    assert (case.state, second.state) == (states.ACCEPTED, states.ACCEPTED)


def test_nobody_accepts_for_more_areas_than_the_cycle_allows(
    submit: Callable[..., Nomination], client: Client, house: House
) -> None:
    for area in ("networking", "directory", "spreadsheets"):
        submit(nominee_email="dana@elsewhere.example", area=area) if area != "spreadsheets" else None
    house.cycle.areas_per_nominee = 1
    house.cycle.save()
    first, second = AccessLink.objects.filter(purpose="invitation")
    assert client.post(address_of(first), YES).status_code == 302
    answer = client.post(address_of(second), YES)
    assert answer.status_code == 422
    assert "Withdraw one of them first" in answer.content.decode()


def test_the_nominee_answers_signed_in_without_the_mail(
    invited: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.nominee)
    assert client.get(f"/nominations/{invited.key}/answer/").status_code == 200
    assert client.post(f"/nominations/{invited.key}/answer/", YES).status_code == 302
    invited.refresh_from_db()
    assert invited.state == states.ACCEPTED
    assert sign_in(cast.nominator).get(f"/nominations/{invited.key}/answer/").status_code == 403
    assert sign_in(cast.outsider).get(f"/nominations/{invited.key}/answer/").status_code == 404


def test_an_unnamed_nominator_stays_unnamed(submit: Callable[..., Nomination], client: Client) -> None:
    submit(nominee_email="dana@elsewhere.example", named=False)
    page = client.get(address_of(AccessLink.objects.get(purpose="invitation"))).content.decode()
    assert "Teodora" not in page
    assert "Somebody who knows your work" in page


def test_whoever_works_for_the_organiser_cannot_accept(
    invited: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    Address.objects.create(person=cast.nominee, email="i@contoso.example", confirmed_at=clock.now())
    answer = sign_in(cast.nominee).post(f"/nominations/{invited.key}/answer/", YES)
    assert answer.status_code == 422
    assert "People who work for Contoso" in answer.content.decode()


def test_somebody_else_signed_in_can_sign_out_and_come_back(
    address: str, cast: Cast, sign_in: Callable[[Person | None], Client]
) -> None:
    client = sign_in(cast.outsider)
    assert "Sign out and come back here" in client.get(address).content.decode()
    answer = client.post("/accounts/logout/", {"next": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert "Sign out and come back here" not in client.get(address).content.decode()


def test_whoever_is_too_young_or_an_employee_ends_it_with_one_button(
    submit: Callable[..., Nomination], client: Client
) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    address = f"/invitation/{links.token_of(AccessLink.objects.get(purpose='invitation'))}/"
    assert "Younger than 18" in client.get(address).content.decode()
    assert client.post(address, {"answer": "may_not"}).status_code == 200
    case.refresh_from_db()
    assert case.state == states.DECLINED
    assert case.erase_at is not None
    row = HistoryRow.objects.get(verb="decline_nomination")
    assert row.codes["may_not"]
