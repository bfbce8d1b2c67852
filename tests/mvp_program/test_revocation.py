"""A revocation is seen on every surface within a minute: what is kept anywhere is kept for no longer."""

import base64
import datetime as dt
import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from awards import actions
from awards.models import Award, Paper
from common import clock
from people.models import Person
from tests.cast import Cast, House
from tests.factories import AwardFactory, make_person

NAME = "Zacharias Quellenthal"
MINUTE = dt.timedelta(seconds=60)


@pytest.fixture
def person(house: House) -> Person:
    return make_person(NAME, "zacharias@community.example")


@pytest.fixture
def award(house: House, person: Person) -> Award:
    return AwardFactory(person=person, area=house.networking, region=house.baltics)


def bit(client: Client, credential: dict) -> bool:
    status = credential["credentialStatus"]
    answer = read(client, status["statusListCredential"])
    packed = json.loads(answer.content)["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    place = int(status["statusListIndex"])
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


def read(client: Client, address: str) -> Any:
    """What a stranger gets, who may have kept it for a minute at most."""
    answer = client.get(re.sub(r"^https?://[^/]+", "", address))
    kept = re.search(r"max-age=(\d+)", answer.get("Cache-Control", ""))
    assert int(kept[1] if kept else 0) <= MINUTE.total_seconds(), address
    return answer


def surfaces(award: Award, person: Person) -> dict[str, Callable[[Any], bool]]:
    """Addresses on which the award stands, and how one sees that it does."""
    named = lambda answer: answer.status_code == 200 and NAME in answer.content.decode()  # noqa: E731
    return {
        f"/awards/{award.key}/": named,
        f"/awards/{award.key}/credential.json": lambda answer: answer.status_code == 200,
        f"/verify/?id={award.number}": named,
        f"/verify/?id={Paper.objects.get().number}": named,
        "/roster/?q=Quellenthal": named,
        "/roster/roster.csv?q=Quellenthal": named,
        f"/people/{person.slug}/": named,
        f"/people/{person.slug}/card.png": lambda answer: answer.status_code == 200,
        "/api/v1/people?q=Quellenthal": named,
        f"/api/v1/people/{person.slug}": named,
        f"/api/v1/awards/{award.key}": lambda answer: answer.json()["status"] == "in_force",
        "/feeds/awards.atom": named,
        "/sitemaps/people-0.xml": lambda answer: person.slug in answer.content.decode(),
        "/": named,
    }


def test_a_revocation_is_seen_everywhere_within_a_minute(
    award: Award, person: Person, cast: Cast, sign_in: Callable[[Person], Client], client: Client
) -> None:
    own = sign_in(person)
    assert own.get(f"/awards/{award.key}/letter.pdf").status_code == 200
    shown = surfaces(award, person)
    assert [address for address, stands in shown.items() if not stands(read(client, address))] == []
    copy = read(client, f"/awards/{award.key}/credential.json").content
    assert not bit(client, json.loads(copy))

    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    with clock.at(clock.now() + MINUTE):
        assert [address for address, stands in shown.items() if stands(read(client, address))] == []
        assert bit(client, json.loads(copy))
        handed_in = client.post("/verify/", {"file": SimpleUploadedFile("copy.json", copy)})
        assert "This award was revoked" in handed_in.content.decode()
        for paper in ("letter.pdf", "certificate.pdf"):
            assert own.get(f"/awards/{award.key}/{paper}").status_code == 410
        assert f"/awards/{award.key}/certificate.pdf" not in own.get("/me/").content.decode()
