"""The office's list of held nominations: many at once, with a preview, and never without a second look."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common import clock
from nominations import states
from nominations.models import Hold, Nomination
from people.models import Person
from tests.cast import Cast, House
from tests.factories import NominationFactory, PersonFactory

SignIn = Callable[[Person | None], Client]


def hold(house: House, number: int, *reasons: str, by: Person | None = None) -> Hold:
    case = NominationFactory(
        cycle=house.cycle,
        area=None,
        category=None,
        area_name="",
        state=states.DRAFT,
        nominee=None,
        nominee_name=f"Nominee {number}",
        draft_by=by or PersonFactory(),
        draft={
            "sent": {"name": "Nadia", "email": "n@else.example", "statement": "<b>Helps</b> every evening."}
        },
    )
    return Hold.objects.create(nomination=case, reasons=list(reasons or ["rate"]), made_at=clock.now())


@pytest.fixture
def office(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.office_1)


def test_an_empty_list_says_when_something_comes_here(house: House, office: Client) -> None:
    page = office.get("/office/triage/").content.decode()
    assert "Nothing waits" in page
    assert "Let them go on" not in page


def test_auditors_read_and_others_do_not(house: House, cast: Cast, sign_in: SignIn) -> None:
    hold(house, 1)
    page = sign_in(cast.auditor).get("/office/triage/").content.decode()
    assert "Nominee 1" in page
    assert "Let them go on" not in page
    assert sign_in(cast.auditor).post("/office/triage/decide/", {}).status_code == 403
    assert sign_in(cast.outsider).get("/office/triage/").status_code == 403


def test_the_reasons_narrow_the_list(house: House, office: Client) -> None:
    hold(house, 1, "rate", "alike")
    hold(house, 2, "alike")
    page = office.get("/office/triage/?reason=rate").content.decode()
    assert "Nominee 1" in page
    assert "Nominee 2" not in page
    assert "&lt;b&gt;Helps&lt;/b&gt;" in page
    assert office.get("/office/triage/?reason=%3Cnonsense&page=x").status_code == 200


def test_ticked_ones_are_previewed_decided_and_put_back(house: House, office: Client) -> None:
    first, second = hold(house, 1), hold(house, 2)
    ticked = {"pick": [first.nomination.key], "decision": "reject"}
    page = office.post("/office/triage/preview/", ticked).content.decode()
    assert "Not take 1 nomination?" in page
    assert not Hold.objects.exclude(decision="").exists()
    assert office.post("/office/triage/decide/", {**ticked, "count": 1}).status_code == 302
    first.refresh_from_db()
    assert (first.decision, Hold.objects.get(pk=second.pk).decision) == ("reject", "")
    page = office.get("/office/triage/").content.decode()
    assert "Nominee 1<" not in page
    assert office.post(f"/office/triage/{first.batch.key}/undo/").status_code == 302
    assert "Nominee 1<" in office.get("/office/triage/").content.decode()


def test_all_of_the_list_means_what_was_there_when_it_was_drawn(house: House, office: Client) -> None:
    rows = [hold(house, number) for number in range(3)]
    other = hold(house, 7, "alike")
    wanted: dict[str, Any] = {
        "everything": "on",
        "reason": "rate",
        "last": rows[-1].pk,
        "decision": "release",
    }
    hold(house, 9)
    assert "Let 3 nominations go on?" in office.post("/office/triage/preview/", wanted).content.decode()
    assert office.post("/office/triage/decide/", {**wanted, "count": 2}).status_code == 409
    assert office.post("/office/triage/decide/", {**wanted, "count": 3}).status_code == 302
    assert Hold.objects.filter(decision="release").count() == 3
    assert Hold.objects.get(pk=other.pk).decision == ""


@pytest.mark.parametrize(
    "sent", [{}, {"decision": "release"}, {"decision": "nonsense", "everything": "on"}, {"pick": "x\x00"}]
)
def test_nonsense_decides_nothing(sent: dict[str, str], house: House, office: Client) -> None:
    hold(house, 1)
    for page in ("preview", "decide"):
        answer = office.post(f"/office/triage/{page}/", sent)
        assert answer.status_code == 422
        assert "Tick at least one nomination" in answer.content.decode()
    assert not Hold.objects.exclude(decision="").exists()


def test_a_case_under_way_needs_the_rule_it_does_not_meet(house: House, cast: Cast, office: Client) -> None:
    case = NominationFactory(cycle=house.cycle, nominee=cast.nominee, nominee_name="Ilmārs")
    Hold.objects.create(nomination=case, reasons=["deceased"], made_at=clock.now())
    wanted = {"pick": [case.key], "decision": "reject"}
    assert "Rule that is not met" in office.post("/office/triage/preview/", wanted).content.decode()
    answer = office.post("/office/triage/decide/", {**wanted, "count": 1})
    assert (answer.status_code, "Choose the rule" in answer.content.decode()) == (422, True)
    sent = {**wanted, "count": 1, "reason_code": "employee"}
    assert office.post("/office/triage/decide/", sent).status_code == 302


@pytest.mark.parametrize("number", [1, 3, 8])
def test_the_list_asks_as_much_for_one_as_for_many(
    number: int, house: House, office: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    for place in range(number):
        hold(house, place)
    office.get("/office/triage/")
    with django_assert_num_queries(10):
        office.get("/office/triage/")


def test_the_nominator_reads_that_a_person_looks_at_it_and_what_became_of_it(
    house: House, cast: Cast, sign_in: SignIn
) -> None:
    row = hold(house, 1, by=cast.nominator)
    nominator, address = sign_in(cast.nominator), f"/nominate/{row.nomination.key}/sent/"
    assert nominator.get(f"/nominate/{row.nomination.key}/person/")["Location"] == address
    assert "with the program office" in nominator.get(address).content.decode()
    assert "Your cases" in nominator.get(address).text
    Hold.objects.update(decision="reject", decided_at=clock.now())
    assert "This nomination does not go on" in nominator.get(address).content.decode()
    assert Nomination.objects.get(pk=row.nomination.pk).state == states.DRAFT
