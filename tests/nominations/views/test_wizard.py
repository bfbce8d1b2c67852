"""The four steps: nothing typed is lost, nothing odd breaks them, and nobody learns whether a case is open."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from charter.models import Cycle
from common import clock
from nominations import actions, links, queries, states
from nominations.models import AccessLink, Nomination
from people.actions import add_address
from people.models import Person
from tests.cast import Cast, House
from tests.nominations.conftest import STATEMENT, answers
from tests.nominations.views.test_journey import ABOUT, CHECK, PERSON, VOUCH, start

SignIn = Callable[[Person | None], Client]


def write(client: Client, draft: Nomination, step: str, **sent: Any) -> Any:
    return client.post(f"/nominate/{draft.key}/{step}/", sent)


def typed(draft: Nomination) -> dict[str, Any]:
    draft.refresh_from_db()
    return dict(draft.draft["answers"])


def test_reading_the_first_page_makes_nothing(house: House, client: Client) -> None:
    assert client.get("/nominate/").status_code == 200
    assert not Nomination.objects.exists()


def test_the_first_form_sent_twice_makes_one_draft(house: House, client: Client) -> None:
    page = client.get("/nominate/").content.decode()
    token = re.search(r'name="draft" value="([^"]+)"', page)[1]
    for _ in range(2):
        client.post("/nominate/", {**ABOUT, "draft": token})
    assert Nomination.objects.count() == 1


def test_an_unfinished_step_is_saved_by_the_autosave(draft: Nomination, cast: Cast, sign_in: SignIn) -> None:
    answer = write(sign_in(cast.nominator), draft, "person", nominee_name="Half a na", autosave="1")
    assert (answer.status_code, answer.json()) == (200, {})
    assert typed(draft)["nominee_name"] == "Half a na"


def test_a_wrong_step_is_saved_and_says_what_to_put_right(
    draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    changed = {**PERSON, "nominee_email": "ilmars@example", "statement": "Too short."}
    answer = write(sign_in(cast.nominator), draft, "person", **changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Two things to put right" in page
    assert 'value="ilmars@example"' in page
    assert typed(draft)["statement"] == "Too short."


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("nominee_name", "x" * 10_000, "at most 200"),
        ("nominee_name", "a\x00b", "invisible character"),
        ("statement", STATEMENT + "\x00", "invisible character"),
        ("statement", "x" * 2_000, "at most 1500"),
        ("nominee_email", "a\x00b@c.example", "invisible character"),
        ("area", "no-such-area", "no longer open"),
        ("area", "a\x00b", "invisible character"),
        ("nominee_country", "XX", "Select a valid choice"),
        ("employee", "maybe", "Select a valid choice"),
        ("links-0-url", "javascript:alert(1)", "Write the whole address"),
        ("links-0-kind", "nonsense", "Select a valid choice"),
        ("nominee_email", "boss@contoso.example", "People who work for Contoso"),
        ("nominee_email", "teodora@community.example", "nobody can nominate themselves"),
    ],
)
def test_bad_input_gets_a_sentence_beside_the_field(
    field: str, value: str, sentence: str, draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    answer = write(sign_in(cast.nominator), draft, "person", **{**PERSON, field: value})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_script_is_shown_as_text(draft: Nomination, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.nominator)
    write(client, draft, "person", **{**PERSON, "nominee_name": "<script>alert(1)</script>"})
    page = client.get(f"/nominate/{draft.key}/check/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_direction_marks_are_taken_out_of_names(
    draft: Nomination, cast: Cast, sign_in: SignIn, house: House
) -> None:
    client = sign_in(cast.nominator)
    write(client, draft, "person", **{**PERSON, "nominee_name": "Ilmārs\u202e Vītolbergs"})
    write(client, draft, "vouch", **VOUCH)
    write(client, draft, "check", **CHECK)
    draft.refresh_from_db()
    assert (draft.state, draft.nominee_name) == (states.INVITED, "Ilmārs Vītolbergs")


@pytest.mark.parametrize("number", ["100000", "-1", "x", "", "9" * 400])
def test_a_forged_number_of_rows_breaks_nothing(
    number: str, draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    answer = write(sign_in(cast.nominator), draft, "person", **{**PERSON, "links-TOTAL_FORMS": number})
    assert answer.status_code == 302
    assert [row["url"] for row in typed(draft)["links"]] == ["https://lists.example/0117", "", ""]


def test_rows_are_added_and_removed_without_a_script(draft: Nomination, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.nominator)
    rows = {"endorsers-0-name": "Ieva", "endorsers-1-name": "Janis"}
    assert write(client, draft, "vouch", **rows, add="endorsers").status_code == 302
    assert [row.get("name") for row in typed(draft)["endorsers"]] == ["Ieva", "Janis", None]
    write(client, draft, "vouch", **rows, remove="1")
    assert [row["name"] for row in typed(draft)["endorsers"]] == ["Janis"]
    assert "Janis" in client.get(f"/nominate/{draft.key}/vouch/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"endorsers-0-email": "dana@elsewhere.example"}, "This is the nominee’s own address."),
        ({"endorsers-0-email": "teodora@community.example"}, "This is your own address."),
        ({"endorsers-0-relation": ""}, "A few words, such as"),
        (
            {
                "endorsers-1-name": "B",
                "endorsers-1-email": "IEVA@school.example",
                "endorsers-1-relation": "c",
            },
            "This person is in the list already.",
        ),
    ],
)
def test_nobody_vouches_for_themselves_or_twice(
    changes: dict[str, str], sentence: str, draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.nominator)
    write(client, draft, "person", **PERSON)
    answer = write(client, draft, "vouch", **{**VOUCH, **changes})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_sending_looks_at_all_steps_again(draft: Nomination, cast: Cast, sign_in: SignIn) -> None:
    actions.save_draft(draft.key, cycle=draft.cycle, answers={"statement": ""}, by=None, draft=draft)
    client = sign_in(cast.nominator)
    answer = write(client, draft, "check", **CHECK)
    assert answer["Location"] == f"/nominate/{draft.key}/person/?check"
    assert client.get(answer["Location"]).status_code == 422


def test_the_last_step_says_at_once_what_is_wrong_in_the_others(
    draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    client, here = sign_in(cast.nominator), f"/nominate/{draft.key}"
    assert "Before you can send it" not in client.get(f"{here}/check/").text
    wrong = {"statement": "", "nominee_country": "", "endorsers": [{"name": "Ieva"}]}
    actions.save_draft(draft.key, cycle=draft.cycle, answers=wrong, by=None, draft=draft)
    page = client.get(f"{here}/check/").text
    for place in ("person/?check#id_statement", "person/?check#id_nominee_country", "vouch/?check#"):
        assert f'<li><a href="{here}/{place}' in page
    assert "Before you can send it" in write(client, draft, "check").text


def test_a_second_click_on_send_is_one_nomination(draft: Nomination, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.nominator)
    for _ in range(2):
        assert write(client, draft, "check", **CHECK).status_code == 302
    assert Nomination.objects.count() == 1
    assert client.get(f"/nominate/{draft.key}/sent/")["Location"] == f"/nominations/{draft.key}/"


def test_an_area_that_closed_meanwhile_is_told_at_the_field(
    draft: Nomination, cast: Cast, house: House, sign_in: SignIn
) -> None:
    house.networking.ends = clock.today() - dt.timedelta(days=1)
    house.networking.save()
    client = sign_in(cast.nominator)
    answer = write(client, draft, "check", **CHECK)
    page = client.get(answer["Location"]).content.decode()
    assert "This technology is no longer open for nominations" in page


def test_a_window_that_closed_meanwhile_refuses_and_keeps_all(
    draft: Nomination, cast: Cast, house: House, sign_in: SignIn
) -> None:
    client = sign_in(cast.nominator)
    before = typed(draft)
    with clock.at(house.cycle.closes_at + dt.timedelta(hours=1)):
        answer = write(client, draft, "check", **CHECK)
        page = answer.content.decode()
    assert answer.status_code == 422
    assert "closed on" in page
    assert "What you typed is kept." in page
    assert typed(draft) | {"true": True} == before | {"true": True}


def test_a_closed_window_says_when_and_shows_what_was_typed(house: House, client: Client) -> None:
    with clock.at(house.cycle.closes_at + dt.timedelta(hours=1)):
        page = client.get("/nominate/").content.decode()
        answer = client.post("/nominate/", ABOUT)
    assert "closed on" in page
    assert answer.status_code == 422
    assert "nadia@stranger.example" in answer.content.decode()


def test_who_may_not_nominate_reads_why(house: House, cast: Cast, sign_in: SignIn) -> None:
    Cycle.objects.update(who_may_nominate=Cycle.Nominators.OFFICE)
    assert "sign in first" in sign_in(None).get("/nominate/").content.decode()
    assert "program office alone" in sign_in(cast.outsider).get("/nominate/").content.decode()
    assert "Who are you?" in sign_in(cast.office_1).get("/nominate/").content.decode()


def test_a_signed_in_nominator_cannot_write_as_somebody_else(
    house: House, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.nominator)
    key = start(client, name="Somebody Else", email="else@elsewhere.example")
    draft = Nomination.objects.get(key=key)
    for step, sent in (("person", PERSON), ("vouch", VOUCH), ("check", CHECK)):
        assert write(client, draft, step, **sent).status_code == 302
    support = draft.supports.get(kind="nominator")
    assert (support.person, support.name, support.email) == (
        cast.nominator,
        cast.nominator.name,
        "teodora@community.example",
    )


def test_the_limit_of_five_is_said_when_sending(
    submit: Callable[..., Nomination], cast: Cast, house: House, sign_in: SignIn
) -> None:
    for number in range(5):
        submit(nominee_email=f"n{number}@elsewhere.example")
    draft = actions.save_draft("DRAFT222", cycle=house.cycle, answers=answers(), by=cast.nominator)
    answer = write(sign_in(cast.nominator), draft, "check", **CHECK)
    assert answer.status_code == 422
    assert "which is the most one person can" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Eligible so far."),
        ({"nominee_email": "boss@eu.contoso.example"}, "People who work for Contoso"),
        ({"employee": "yes"}, "People who work for Contoso"),
        ({"adult": "no"}, "People under 18 cannot be nominated."),
        ({"nominee_email": "teodora@community.example"}, "nobody can nominate themselves"),
    ],
)
def test_eligibility_is_said_while_typing(
    changes: dict[str, str], sentence: str, draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    answer = write(sign_in(cast.nominator), draft, "person", **{**PERSON, **changes, "go": "look"})
    assert sentence in answer.content.decode()
    assert "<h1" not in answer.content.decode()
    assert typed(draft)["nominee_name"] == "Ilmārs Vītolbergs"


def test_who_nominates_themselves_need_not_say_again_who_they_are(
    house: House, cast: Cast, client: Client, sign_in: SignIn
) -> None:
    house.cycle.self_nomination = True
    house.cycle.save()
    for reader, name, email in (
        (client, ABOUT["name"], ABOUT["email"]),
        (sign_in(cast.nominator), cast.nominator.name, "teodora@community.example"),
    ):
        page = reader.get(f"/nominate/{start(reader, relation='self')}/person/").text
        assert f'name="nominee_name" value="{name}"' in page
        assert f'name="nominee_email" value="{email}"' in page


def test_any_address_of_ones_own_is_ones_own(
    draft: Nomination, cast: Cast, house: House, sign_in: SignIn
) -> None:
    add_address(cast.nominator, "teodora@second.example", by=cast.nominator.user)
    answer = write(
        sign_in(cast.nominator), draft, "person", **{**PERSON, "nominee_email": "teodora@second.example"}
    )
    assert "nobody can nominate themselves" in answer.content.decode()


def test_the_end_of_the_window_is_said_in_the_programs_time_and_in_the_readers(
    draft: Nomination, cast: Cast, house: House, sign_in: SignIn
) -> None:
    house.program.zone = "Asia/Tokyo"
    house.program.save()
    Cycle.objects.update(closes_at=clock.now().replace(hour=12, minute=0) + dt.timedelta(days=3))
    cast.nominator.zone = "Europe/Riga"
    cast.nominator.save()
    page = sign_in(cast.nominator).get(f"/nominate/{draft.key}/vouch/").content.decode()
    assert "21:00 JST" in page
    assert re.search(r"your time.*1[45]:00 EES?T", page)
    assert re.search(r"<b>[23]</b><span>days</span>", page)
    assert "data-own-time hidden" in sign_in(None).get("/nominate/").content.decode()


def test_a_cycle_that_asks_for_two_nominators_gets_the_second_by_a_link(
    cast: Cast, house: House, sign_in: SignIn
) -> None:
    Cycle.objects.update(co_nominator_required=True)
    client = sign_in(cast.nominator)
    draft = Nomination.objects.get(key=start(client))
    assert write(client, draft, "person", **PERSON).status_code == 302
    assert "Who nominates with you?" in client.get(f"/nominate/{draft.key}/vouch/").content.decode()
    assert write(client, draft, "vouch", **VOUCH).status_code == 422
    second = {"second-name": "Bo", "second-email": "dana@elsewhere.example", "second-relation": "Forum"}
    assert "nominee’s own address" in write(client, draft, "vouch", **VOUCH, **second).content.decode()
    second["second-email"] = "bo@forum.example"
    assert write(client, draft, "vouch", **VOUCH, **second).status_code == 302
    assert "Second nominator" in client.get(f"/nominate/{draft.key}/check/").content.decode()
    assert write(client, draft, "check", **CHECK).status_code == 302
    assert len(queries.nominators_of(Nomination.objects.get())) == 1
    link = AccessLink.objects.get(purpose="invitation")
    case, _user = actions.accept_nomination(
        link.nomination,
        by=None,
        agreements=[house.conduct],
        attested=True,
        nominator_may_learn=True,
        link=link,
    )
    asked = AccessLink.objects.get(email="bo@forum.example")
    sign_in(None).post(
        f"/endorse/{links.token_of(asked)}/", {"answer": "write", "statement": "He answers every week. " * 4}
    )
    assert len(queries.nominators_of(case)) == 2


def test_a_cycle_that_asks_for_another_employer_says_so_at_once(
    draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    Cycle.objects.update(different_employer_required=True)
    client = sign_in(cast.nominator)
    assert write(client, draft, "about", **{**ABOUT, "employer": ""}).status_code == 422
    write(client, draft, "about", **{**ABOUT, "relation": "work"})
    page = client.get(f"/nominate/{draft.key}/person/").content.decode()
    assert "somebody else must nominate them as well" in page


def test_the_steps_of_a_stranger_cost_few_statements(
    house: House, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    key = start(client)
    for step, sent, statements in (("person", PERSON, 5), ("vouch", VOUCH, 3), ("check", CHECK, 18)):
        with django_assert_num_queries(statements):
            assert client.post(f"/nominate/{key}/{step}/", sent).status_code == 302
