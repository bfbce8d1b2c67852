"""What implementations that are not ours say of our credentials. They read nothing but what this test gives them."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openbadgeslib.ob3.contexts import bundled_contexts

from awards import actions, signing
from awards.models import Award
from tests.awards.outside.node import verdicts
from tests.cast import Cast
from tests.factories import AwardFactory, make_person

SCHEMA = Path(__file__).parent / "data" / "ob_v3p0_achievementcredential_schema.json"
SITE, COUNT = "https://awards.example", 200
NAMES = (
    "Ágnes Kővári",
    "霧沢部 律",
    "Łukasz Żółć",
    "محمد الفاسي",
    "Ελένη Παππά",
    "राजेश कुमार",
    'O\'Neil "Bo" <b>',
    "김민준",
)

pytestmark = [pytest.mark.deep, pytest.mark.django_db]


@pytest.fixture
def site(settings, cast: Cast) -> str:
    settings.SITE_URL = SITE
    return SITE


def signed(count: int) -> list[Award]:
    chance = random.Random()
    people = [
        make_person(f"{chance.choice(NAMES)} {n}", f"outside-{n}@community.example") for n in range(count)
    ]
    return [AwardFactory(person=person, citation=chance.choice(NAMES)) for person in people]


def read(client: Client, awards: list[Award]) -> list[str]:
    return [client.get(f"/awards/{award.key}/credential.json").text for award in awards]


def pages(client: Client) -> dict[str, Any]:
    """What our site and the keepers of the contexts answer."""
    ours = ["/.well-known/did.json", "/credentials/status/0.json"]
    schema = json.loads(SCHEMA.read_text())
    return {
        **bundled_contexts(),
        **{SITE + path: json.loads(client.get(path).content) for path in ours},
        schema["$id"].replace("/json-ld/", "/json/"): schema,
    }


def tampered(text: str, chance: random.Random) -> str:
    document = json.loads(text)
    subject = document["credentialSubject"]
    change = chance.choice(["name", "term", "status", "number", "moment", "area", "term dropped", "unknown"])
    if change == "name":
        subject["identifier"][0]["identityHash"] += "x"
    elif change == "term":
        subject["activityEndDate"] = "2099-12-31T23:59:59Z"
    elif change == "status":
        document["credentialStatus"]["statusListIndex"] = "9"
    elif change == "number":
        subject["licenseNumber"] = "2222-2222"
    elif change == "moment":
        document["validFrom"] = "2001-01-01T00:00:00Z"
    elif change == "area":
        subject["achievement"]["name"] = "MVP award: Everything"
    elif change == "term dropped":
        del document["evidence"]
    else:
        subject["favouriteColour"] = "blue"
    return json.dumps(document)


def test_both_accept_every_credential_and_none_that_was_tampered_with(site: str, client: Client) -> None:
    texts = read(client, signed(COUNT))
    chance = random.Random()
    said = verdicts(pages(client), [*texts, *(tampered(text, chance) for text in texts)])
    accepted = {
        (verifier, what): sum(one[verifier]["verified"] for one in part)
        for what, part in (("signed", said[:COUNT]), ("tampered", said[COUNT:]))
        for verifier in ("bazaar", "core")
    }
    assert accepted == {
        ("bazaar", "signed"): COUNT, ("core", "signed"): COUNT, ("bazaar", "tampered"): 0, ("core", "tampered"): 0,
    }  # fmt: skip
    assert all(one["core"]["schema"] for one in said[:COUNT])


def test_both_see_a_revocation_in_the_result_of_the_status(site: str, client: Client, cast: Cast) -> None:
    """A revoked credential still has a signature that stands: ``verified`` says nothing of it."""
    revoked, valid = awards = signed(2)
    texts = read(client, awards)
    actions.revoke_award(revoked, by=cast.office_1.user, reason_code="conduct")
    said = verdicts(pages(client), texts)
    assert [[one[verifier]["revoked"] for verifier in ("bazaar", "core")] for one in said] == [
        [True, True],
        [False, False],
    ]
    assert all(one["bazaar"]["verified"] for one in said)
    assert valid.state == Award.State.GRANTED


def test_what_an_old_key_signed_is_accepted_beside_what_the_new_one_signs(
    site: str, client: Client, settings
) -> None:
    old, new = signed(2)
    first = read(client, [old])
    settings.SIGNING_KEY = signing.new_key().decode()
    said = verdicts(pages(client), [*first, *read(client, [new])])
    assert [one[verifier]["verified"] for one in said for verifier in ("bazaar", "core")] == [True] * 4
