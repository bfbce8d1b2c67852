"""Signed documents: what they say, who can change them, what is refused."""

import dataclasses
import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from awards import signing

SCHEMA = Path(__file__).parent / "data" / "ob_v3p0_achievementcredential_schema.json"
SITE, KEY, AT = "https://awards.example", signing.new_key(), dt.datetime(2026, 1, 3, 9, tzinfo=dt.UTC)
DID, METHOD = "did:web:awards.example", "did:web:awards.example#2026-1"
FACTS = signing.Facts(
    key="H7Q2K9DX", number="H7Q2-K9DX", names=("霧沢部 律", "Ritsu Kirisawabe"), award_name="MVP award",
    area="windows-server", area_name="Windows Server – Networking", category_name="Servers", granted_at=AT,
    starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31), zone=dt.UTC, program="MVP Program", description="Help.", criteria="Peers.",
)  # fmt: skip


def signed(facts: signing.Facts = FACTS, place: int = 5) -> bytes:
    return signing.sign(signing.credential(facts, site=SITE, place=place), key=KEY, method=METHOD, at=AT)


def check(text: bytes) -> None:
    signing.check(text, did=DID, public=signing.public_part(KEY))


def changed(**members: object) -> bytes:
    return json.dumps({**json.loads(signed()), **members}).encode()


def test_what_we_sign_is_valid_by_the_schema_of_open_badges() -> None:
    jsonschema.validate(json.loads(signed()), json.loads(SCHEMA.read_text()))


def test_what_we_sign_checks() -> None:
    check(signed())


def test_the_proof_is_a_list_and_says_which_key() -> None:
    document = json.loads(signed())
    assert [proof["cryptosuite"] for proof in document["proof"]] == ["eddsa-rdfc-2022"]
    assert signing.name_of_key(document) == (DID, "2026-1")


def test_a_credential_is_valid_from_the_grant_and_never_expires() -> None:
    document = json.loads(signed())
    assert document["validFrom"] == "2026-01-03T09:00:00Z"
    assert "validUntil" not in document
    assert document["credentialSubject"]["activityEndDate"] == "2026-12-31T23:59:59Z"


def test_a_term_is_that_of_the_days_by_the_clock_of_the_program() -> None:
    document = signing.credential(dataclasses.replace(FACTS, zone=ZoneInfo("Asia/Tokyo")), site=SITE, place=5)
    subject = document["credentialSubject"]
    assert subject["activityStartDate"] == "2025-12-31T15:00:00Z"
    assert subject["activityEndDate"] == "2026-12-31T14:59:59Z"


def test_an_open_ended_award_has_no_end_of_its_activity() -> None:
    document = json.loads(signed(dataclasses.replace(FACTS, ends=None)))
    assert "activityEndDate" not in document["credentialSubject"]


@pytest.mark.parametrize(
    "members",
    [
        {"name": "MVP award: Everything"},
        {"validFrom": "2020-01-03T09:00:00Z"},
        {"issuer": {"id": "did:web:elsewhere.example", "type": ["Profile"]}},
        {"credentialStatus": {}},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"proof": []},
        {"favouriteColour": "blue"},
    ],
    ids=lambda members: next(iter(members)),
)
def test_a_changed_document_does_not_check(members: dict) -> None:
    with pytest.raises(signing.NotSigned):
        check(changed(**members))


def test_another_key_does_not_check() -> None:
    with pytest.raises(signing.NotSigned):
        signing.check(signed(), did=DID, public=signing.public_part(signing.new_key()))


def test_a_term_that_no_context_defines_is_not_signed() -> None:
    document = signing.credential(FACTS, site=SITE, place=5)
    document["credentialSubject"]["favouriteColour"] = "blue"
    with pytest.raises(signing.NotSigned, match="favouriteColour"):
        signing.sign(document, key=KEY, method=METHOD, at=AT)


@pytest.mark.parametrize(
    ("site", "did"),
    [
        ("https://awards.example", "did:web:awards.example"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
    ],
)
def test_a_site_has_one_did(site: str, did: str) -> None:
    assert signing.did_of(site) == did


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(signing.NotSigned):
        signing.public_part(b"-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n")
