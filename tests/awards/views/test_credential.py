"""What machines read: the proof of an award, the lists of what was taken back, the keys of the site."""

import json

import pytest
from django.test import Client

from awards import actions, signing
from awards.models import Award
from people.actions import erase_person
from tests.cast import Cast


def current(cast: Cast) -> Award:
    return cast.holder.awards.order_by("-first_year").first()


def test_the_first_reader_gets_a_credential_that_the_published_key_checks(cast: Cast, client: Client) -> None:
    answer = client.get(f"/awards/{current(cast).key}/credential.json")
    assert answer["Content-Type"] == "application/vc"
    key = client.get("/.well-known/did.json").json()["verificationMethod"][0]
    signing.check(answer.content, did=key["controller"], public=key["publicKeyMultibase"])


def test_any_site_may_read_it_for_half_a_minute_and_no_index_holds_it(cast: Cast, client: Client) -> None:
    answer = client.get(f"/awards/{current(cast).key}/credential.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "max-age=30" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_what_has_not_changed_is_not_sent_again(cast: Cast, client: Client) -> None:
    address = f"/awards/{current(cast).key}/credential.json"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_the_list_that_a_credential_names_is_there(cast: Cast, client: Client) -> None:
    status = json.loads(client.get(f"/awards/{current(cast).key}/credential.json").content)[
        "credentialStatus"
    ]
    listed = json.loads(
        client.get(status["statusListCredential"].removeprefix("http://localhost:8000")).content
    )
    assert listed["id"] == status["statusListCredential"]
    assert listed["credentialSubject"]["ttl"] == 30_000
    assert listed["validUntil"] > listed["validFrom"]


def test_a_revocation_changes_the_list_for_its_next_reader(cast: Cast, client: Client) -> None:
    award = current(cast)
    number = actions.sign_credential(award).place.list_number
    before = client.get(f"/credentials/status/{number}.json")
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    after = client.get(f"/credentials/status/{number}.json", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert json.loads(after.content)["credentialSubject"] != json.loads(before.content)["credentialSubject"]
    assert "max-age=30" in after["Cache-Control"]


@pytest.mark.parametrize("number", [1, 99, 2**31, 10**12])
def test_a_list_that_nobody_stands_in_is_missing(cast: Cast, client: Client, number: int) -> None:
    assert client.get(f"/credentials/status/{number}.json").status_code == 404


def test_the_proof_of_a_revoked_award_is_gone(cast: Cast, client: Client) -> None:
    award = current(cast)
    client.get(f"/awards/{award.key}/credential.json")
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    answer = client.get(f"/awards/{award.key}/credential.json")
    assert answer.status_code == 410
    assert "Ágnes" not in answer.text
    assert "conduct" not in answer.text


def test_the_proof_of_an_erased_holder_is_gone(cast: Cast, client: Client) -> None:
    award = current(cast)
    client.get(f"/awards/{award.key}/credential.json")
    erase_person(cast.holder, by=None)
    assert client.get(f"/awards/{award.key}/credential.json").status_code == 410


def test_an_award_that_never_was_has_no_proof(cast: Cast, client: Client) -> None:
    assert client.get("/awards/22222222/credential.json").status_code == 404


def test_reading_a_signed_proof_takes_two_statements(
    cast: Cast, client: Client, django_assert_num_queries
) -> None:
    address = f"/awards/{current(cast).key}/credential.json"
    client.get(address)
    with django_assert_num_queries(2):  # the award with its proof, the program
        client.get(address)
