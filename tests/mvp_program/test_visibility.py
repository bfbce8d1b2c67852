"""One word in each part of a profile, looked for wherever the site speaks of people: it shows to whom it is for."""

import hashlib
import io
import json
from collections.abc import Callable

import pytest
from django.test import Client
from PIL import Image

from accounts.actions import make_token
from awards.models import Award
from people.actions import change_photo
from people.models import Person
from people.visibility import PARTS
from tests import factories
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person | None], Client]
WORD = {
    "headline": "Quillfeather",
    "biography": "Quillbottom",
    "city": "Quillhaven",
    "links": "quillsite.example",
    "languages": "Icelandic",
    "contributions": "Quilltalk",
}


@pytest.fixture
def quill(cast: Cast, house: House) -> Person:
    """A holder with a word in each part."""
    person: Person = factories.PersonFactory(
        name="Quill Person", country="IS", city=WORD["city"], headline=WORD["headline"],
        biography=WORD["biography"], languages=["is"],
    )  # fmt: skip
    person.links.create(kind="website", url=f"https://{WORD['links']}/", position=0)
    factories.AwardFactory(
        person=person, area=house.networking, country="IS", granted_at=house.cycle.opens_at
    )
    factories.ContributionFactory(person=person, title=WORD["contributions"])
    return person


def set_to(person: Person, level: str) -> None:
    person.visibility = dict.fromkeys(PARTS, level)
    person.save()


def addresses(person: Person) -> list[str]:
    award = Award.objects.get(person=person)
    return [
        "/", "/roster/", "/roster/?q=quill", "/roster/?q=quillhaven", "/roster/?language=is", "/roster/?country=IS",
        "/roster/?view=map&language=is", "/roster/roster.csv", "/roster/roster.csv?q=quillhaven", "/numbers/",
        f"/people/{person.slug}/", f"/people/{person.slug}/contributions/", f"/people/{person.slug}/?as=office",
        f"/people/{person.slug}/card.png", f"/awards/{award.key}/", f"/awards/{award.key}/credential.json",
        "/api/v1/people", "/api/v1/people?q=quillhaven", "/api/v1/people?language=is",
        f"/api/v1/people/{person.slug}", f"/api/v1/awards/{award.key}", "/feeds/awards.atom",
        "/sitemaps/people-0.xml",
    ]  # fmt: skip


def told(client: Client, person: Person) -> set[str]:
    """The parts of which a word comes back. Words of the address itself, which a page repeats, do not count."""
    found = set()
    for address in addresses(person):
        content = client.get(address).content.decode("utf-8", "replace")
        for part, word in WORD.items():
            if part == "city" and "quillhaven" in address:
                content = content.replace("quillhaven", "")
            is_choice = part == "languages" and not address.startswith(("/people/", "/api/v1/people/"))
            if word in content and not is_choice:
                found.add(part)
    return found


def test_what_is_for_everyone_is_seen_by_everyone(quill: Person, client: Client) -> None:
    assert told(client, quill) == set(WORD)


def test_what_is_for_the_office_is_seen_by_no_stranger_and_no_holder(
    quill: Person, cast: Cast, client: Client, sign_in: SignIn
) -> None:
    set_to(quill, "office")
    quill.contributions.update(visibility="office")
    assert told(client, quill) == set()
    assert told(sign_in(cast.outsider), quill) == set()
    assert told(sign_in(cast.holder), quill) == set()


def test_what_is_for_holders_is_seen_by_holders_alone(
    quill: Person, cast: Cast, house: House, client: Client, sign_in: SignIn
) -> None:
    set_to(quill, "holders")
    quill.contributions.update(visibility="holders")
    assert told(client, quill) == set()
    assert told(sign_in(cast.outsider), quill) == set()
    assert {"headline", "biography", "city", "links", "contributions"} <= told(sign_in(cast.holder), quill)


def test_hidden_parts_find_nobody_and_are_counted_nowhere(quill: Person, client: Client) -> None:
    assert client.get("/api/v1/people?q=quillhaven").json()["total"] == 1
    assert client.get("/api/v1/people?language=is").json()["total"] == 1
    set_to(quill, "office")
    for address in ("people?q=quillhaven", "people?language=is", "people?q=quill&language=is"):
        assert client.get(f"/api/v1/{address}").json()["total"] == 0
    counts = client.get("/roster/").context["result"].counts
    assert counts["language"] == {}
    assert "quillhaven" not in client.get("/roster/?q=quillhavan").content.decode().replace("quillhavan", "")


def test_a_change_of_what_is_hidden_changes_no_byte_for_strangers(quill: Person, client: Client) -> None:
    """Neither the picture nor a page nor an answer of the API, so neither their tags."""
    set_to(quill, "office")
    quill.contributions.update(visibility="office")

    def seen() -> dict[str, str]:
        pages = {
            one: client.get(one).content for one in addresses(quill) if not one.endswith("credential.json")
        }
        return {
            one: hashlib.sha256(content).hexdigest()
            for one, content in pages.items()
            if "as_of" not in str(content)
        }

    before = seen()
    Person.objects.filter(pk=quill.pk).update(
        headline="Other", biography="Other", city="Other", languages=["fi"]
    )
    quill.links.update(url="https://other.example/")
    quill.contributions.update(title="Other")
    after = seen()
    assert {one: before[one] == after[one] for one in before} == dict.fromkeys(before, True)


def test_the_json_of_a_profile_names_no_hidden_part(quill: Person, client: Client) -> None:
    set_to(quill, "holders")
    page = client.get(f"/people/{quill.slug}/").content.decode()
    text = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    data = json.loads(text)
    assert not {"description", "knowsLanguage", "sameAs", "image"} & set(data)
    assert data["name"] == "Quill Person"


def test_a_photo_that_is_hidden_is_named_nowhere(quill: Person, client: Client) -> None:
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "green").save(file, "PNG")
    photo = change_photo(quill, file.getvalue(), by=quill.user)
    assert photo.digest in client.get(f"/people/{quill.slug}/").content.decode()
    set_to(quill, "office")
    for address in addresses(quill):
        assert photo.digest.encode() not in client.get(address).content
    assert client.get(f"/people/{quill.slug}/photo/{photo.digest}.jpg").status_code == 404


def test_a_token_sees_what_its_owner_sees_and_no_more(quill: Person, cast: Cast, client: Client) -> None:
    set_to(quill, "office")
    _row, text = make_token(cast.outsider.user, name="x", may_write=True, by=cast.outsider.user)
    headers = {"authorization": f"Bearer {text}"}
    for address in (f"people/{quill.slug}", "people", "people?q=quillhaven"):
        content = client.get(f"/api/v1/{address}", headers=headers).content.decode()
        assert not [word for word in WORD.values() if word in content.replace("quillhaven", "")]


def test_who_hides_their_page_is_named_nowhere_but_on_the_award(quill: Person, client: Client) -> None:
    quill.hidden = True
    quill.save()
    award = Award.objects.get(person=quill)
    proof = {f"/awards/{award.key}/", f"/awards/{award.key}/credential.json", f"/api/v1/awards/{award.key}"}
    for address in addresses(quill):
        named = "Quill Person" in client.get(address).content.decode("utf-8", "replace")
        assert named == (address in proof), address
