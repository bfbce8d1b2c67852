"""The certificate and the letter, for their holder; their numbers, for whoever was given one."""

import datetime as dt
import io
from collections.abc import Callable

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from awards import actions
from awards.models import Award, Paper
from common import clock
from events.models import Summit
from people.actions import erase_person
from people.models import Person
from tests.cast import Cast

SignIn = Callable[[Person | None], Client]


def current(cast: Cast) -> Award:
    return Award.objects.filter(person=cast.holder).order_by("-first_year").first()


def text_of(content: bytes) -> str:
    return " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def get(client: Client, cast: Cast, paper: str, **query: str):
    return client.get(f"/awards/{current(cast).key}/{paper}", query)


@pytest.mark.parametrize("paper", ["certificate.pdf", "letter.pdf"])
def test_the_holder_gets_a_file_that_nobody_else_keeps(cast: Cast, sign_in: SignIn, paper: str) -> None:
    answer = get(sign_in(cast.holder), cast, paper)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert "Ágnes Kővári" in text_of(answer.content)


@pytest.mark.parametrize("paper", ["certificate.pdf", "letter.pdf"])
def test_others_do_not_get_it(cast: Cast, sign_in: SignIn, client: Client, paper: str) -> None:
    assert get(client, cast, paper).status_code == 302
    assert [get(sign_in(one), cast, paper).status_code for one in (cast.outsider, cast.office_1)] == [
        403,
        403,
    ]
    assert not Paper.objects.exists()


@pytest.mark.parametrize("paper", ["certificate.pdf", "letter.pdf"])
def test_whose_award_was_revoked_or_who_was_erased_has_none(
    cast: Cast, sign_in: SignIn, client: Client, paper: str
) -> None:
    get(sign_in(cast.holder), cast, paper)
    award = current(cast)
    erase_person(cast.holder, by=None)
    assert client.get(f"/awards/{award.key}/{paper}").status_code == 410


def test_it_is_in_the_language_that_is_asked_for_and_else_in_its_holders(cast: Cast, sign_in: SignIn) -> None:
    cast.holder.mail_language = "es"
    cast.holder.save()
    client = sign_in(cast.holder)
    assert "Atentamente" in text_of(get(client, cast, "letter.pdf").content)
    assert "Freundliche Grüße" in text_of(get(client, cast, "letter.pdf", language="de").content)
    assert "Atentamente" in text_of(get(client, cast, "letter.pdf", language="x").content)


def test_the_letter_names_the_next_summit_and_asks_for_its_days(cast: Cast, sign_in: SignIn) -> None:
    day = clock.today() + dt.timedelta(60)
    Summit.objects.create(
        slug="global", name="Global Summit", place="Redmond", zone="UTC", starts=day, ends=day, capacity=9
    )
    text = text_of(get(sign_in(cast.holder), cast, "letter.pdf").content)
    assert "Global Summit" in text
    assert "professional days" in text


def test_the_number_of_a_letter_is_found(cast: Cast, sign_in: SignIn, client: Client) -> None:
    content = get(sign_in(cast.holder), cast, "letter.pdf").content
    paper = Paper.objects.get()
    assert paper.shown in text_of(content)
    for typed in (paper.shown, paper.number.lower(), f"http://localhost:8000/verify/?id={paper.number}"):
        answer = client.get("/verify/", {"id": typed}).text
        assert f"Letter to the employer {paper.shown}, issued on" in answer
        assert "This award is in force" in answer


@pytest.mark.parametrize("paper", ["certificate.pdf", "letter.pdf"])
def test_the_file_itself_is_recognised(cast: Cast, sign_in: SignIn, client: Client, paper: str) -> None:
    content = get(sign_in(cast.holder), cast, paper).content
    answer = client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", content)}).text
    assert "This award is in force" in answer


def test_the_number_of_a_letter_outlives_its_file(cast: Cast, sign_in: SignIn, client: Client) -> None:
    get(sign_in(cast.holder), cast, "letter.pdf")
    erase_person(cast.holder, by=None)
    answer = client.get("/verify/", {"id": Paper.objects.get().number}).text
    assert "Name withheld" in answer
    assert "Ágnes" not in answer


def test_only_the_holder_sees_the_way_to_them(cast: Cast, sign_in: SignIn, client: Client) -> None:
    address = f"/awards/{current(cast).key}/"
    assert "Add to LinkedIn" in sign_in(cast.holder).get(address).text
    assert "Add to LinkedIn" not in client.get(address).text
    actions.revoke_award(current(cast), by=cast.office_1.user, reason_code="conduct")
    assert "Add to LinkedIn" not in sign_in(cast.holder).get(address).text


def test_linkedin_gets_number_term_and_address(cast: Cast, sign_in: SignIn) -> None:
    award = current(cast)
    text = sign_in(cast.holder).get(f"/awards/{award.key}/").text
    assert f"certId={award.number}" in text
    assert f"expirationYear={award.ends.year}" in text
