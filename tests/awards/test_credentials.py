"""Credentials: one row and one signature however many ask, what follows a change, what is taken back."""

import base64
import gzip
import json
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from awards import actions, signing
from awards.models import Award, Credential, SigningKey, StatusList, StatusPlace
from common import registry
from common.errors import RuleBroken
from people.actions import erase_person, rename_person
from tests.awards.test_actions import grant
from tests.cast import Cast, House


def current(cast: Cast) -> Award:
    return cast.holder.awards.order_by("-first_year").first()


def document(credential: Credential) -> dict:
    return json.loads(bytes(credential.document))


def is_taken_back(place: StatusPlace) -> bool:
    """As a verifier reads it off the signed list."""
    listed = json.loads(bytes(actions.sign_status_list(place.list_number).document))
    encoded = listed["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return bool(bits[place.index // 8] & (0x80 >> place.index % 8))


def test_it_is_signed_once_and_kept_byte_for_byte(cast: Cast) -> None:
    first = actions.sign_credential(current(cast))
    again = actions.sign_credential(current(cast))
    assert bytes(first.document) == bytes(again.document)
    assert Credential.objects.count() == 1


def test_it_holds_the_name_and_no_address_nor_a_digest_of_one(cast: Cast) -> None:
    text = bytes(actions.sign_credential(current(cast)).document).decode()
    assert "Ágnes Kővári" in text
    assert "@" not in text.replace('"@context"', "")
    assert 'hashed": true' not in text


def test_the_worker_signs_what_was_granted(cast: Cast, house: House, run_jobs: Callable[[], int]) -> None:
    award = actions.grant_awards([grant(cast.outsider, house, 2025)], by=cast.office_1.user)[0]
    assert not Credential.objects.exists()
    run_jobs()
    assert Credential.objects.get(award=award).key == SigningKey.objects.get()


def test_the_worker_signs_the_list_after_a_revocation(cast: Cast, run_jobs: Callable[[], int]) -> None:
    award = current(cast)
    actions.sign_credential(award)
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    assert StatusList.objects.get().is_stale
    run_jobs()
    assert not StatusList.objects.get().is_stale


def test_without_a_setting_a_key_is_made_once_for_its_owners_eyes(
    cast: Cast, settings, tmp_path: Path
) -> None:
    settings.SIGNING_KEY_FILE = str(tmp_path / "keys" / "signing-key.pem")
    made = [actions.signing_key()[0] for _ in range(2)]
    assert made[0] == made[1]
    assert Path(settings.SIGNING_KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_production_makes_no_key(cast: Cast, settings, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_MADE_AT_NEED = str(tmp_path / "none.pem"), False
    with pytest.raises(ImproperlyConfigured, match="SIGNING_KEY_FILE cannot be read"):
        actions.sign_credential(current(cast))


def test_reissue_signs_for_a_new_key_what_the_old_one_signed(cast: Cast, settings, capsys) -> None:
    old = actions.sign_credential(current(cast)).key
    settings.SIGNING_KEY = signing.new_key().decode()
    call_command("reissue", distrust=old.name)
    assert "1 credentials and 1 status lists signed anew" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no key with the name"):
        call_command("reissue", distrust="1999-1")


def test_a_new_name_and_a_longer_term_are_signed_anew_at_the_same_place(cast: Cast) -> None:
    award = current(cast)
    old = actions.sign_credential(award)
    rename_person(cast.holder, by=cast.holder.user, name="Ágnes Kővári-Nagy")
    new = actions.sign_credential(Award.objects.get(pk=award.pk))
    assert document(new)["credentialSubject"]["identifier"][0]["identityHash"] == "Ágnes Kővári-Nagy"
    assert new.place == old.place
    assert Credential.objects.count() == 1


def test_another_clock_of_the_program_brings_a_new_credential_and_leaves_the_old_one_valid(
    cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = current(cast)
    old = actions.sign_credential(award)
    monkeypatch.setattr(registry, "site_zones", [lambda: ZoneInfo("Asia/Tokyo")])
    new = actions.sign_credential(Award.objects.get(pk=award.pk))
    assert document(new)["credentialSubject"]["activityStartDate"].endswith("T15:00:00Z")
    assert new.place == old.place
    assert not is_taken_back(old.place)
    signing.check(bytes(old.document), did=signing.did_of(settings.SITE_URL), public=old.key.public)


def test_a_revoked_award_is_taken_back_at_once_and_not_signed_again(cast: Cast) -> None:
    award = current(cast)
    place = actions.sign_credential(award).place
    assert not is_taken_back(place)
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    assert is_taken_back(place)
    with pytest.raises(RuleBroken):
        actions.sign_credential(Award.objects.get(pk=award.pk))


def test_an_appeal_that_succeeds_brings_a_new_credential_and_leaves_the_old_one_taken_back(
    cast: Cast,
) -> None:
    award = current(cast)
    old = actions.sign_credential(award).place
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    actions.restore_award(award, by=cast.office_1.user, note="The appeal succeeded.")
    new = actions.sign_credential(Award.objects.get(pk=award.pk)).place
    assert is_taken_back(old)
    assert not is_taken_back(new)


def test_a_declined_award_is_taken_back(cast: Cast) -> None:
    award = current(cast)
    place = actions.sign_credential(award).place
    actions.resign_award(award, by=cast.holder.user)
    assert is_taken_back(place)


def test_a_hold_and_the_end_of_a_term_take_nothing_back(cast: Cast) -> None:
    award = current(cast)
    place = actions.sign_credential(award).place
    actions.hold_award(award, by=cast.office_1.user)
    assert actions.sign_credential(Award.objects.get(pk=award.pk)).place == place
    assert not is_taken_back(place)


def test_erasing_somebody_deletes_the_signed_bytes_and_leaves_the_place_taken_back(cast: Cast) -> None:
    place = actions.sign_credential(current(cast)).place
    erase_person(cast.holder, by=None)
    assert not Credential.objects.exists()
    assert is_taken_back(StatusPlace.objects.get(pk=place.pk))


def test_a_new_key_signs_and_the_old_one_stays_published(cast: Cast, settings, client: Client) -> None:
    old = actions.sign_credential(current(cast))
    settings.SIGNING_KEY = signing.new_key().decode()
    new = actions.sign_credential(cast.holder.awards.order_by("first_year").first())
    published = client.get("/.well-known/did.json").json()["assertionMethod"]
    assert [method.partition("#")[2] for method in published] == [old.key.name, new.key.name]
    assert bytes(actions.sign_credential(current(cast)).document) == bytes(old.document)


def test_what_a_distrusted_key_signed_is_signed_anew(cast: Cast, settings, client: Client) -> None:
    old = actions.sign_credential(current(cast)).key
    with pytest.raises(RuleBroken):
        actions.distrust_key(old)
    settings.SIGNING_KEY = signing.new_key().decode()
    assert actions.distrust_key(old) == 1
    assert actions.sign_credentials() == 1
    assert actions.sign_credential(current(cast)).key != old
    assert old.name not in client.get("/.well-known/did.json").text


def test_a_key_that_is_not_trusted_any_more_signs_nothing(cast: Cast) -> None:
    key, _private = actions.signing_key()
    SigningKey.objects.filter(pk=key.pk).update(distrusted_at=key.used_from)
    with pytest.raises(ImproperlyConfigured, match="not trusted"):
        actions.sign_credential(current(cast))


def test_a_site_that_moves_signs_everything_for_its_new_address(cast: Cast, settings) -> None:
    place = actions.sign_credential(current(cast)).place
    settings.SITE_URL = "https://awards.example"
    assert actions.sign_credentials() == 1
    assert document(actions.sign_credential(current(cast)))["issuer"]["id"] == "did:web:awards.example"
    listed = json.loads(bytes(actions.sign_status_list(place.list_number).document))
    assert listed["issuer"] == "did:web:awards.example"


def test_a_list_is_signed_anew_before_it_ends(cast: Cast) -> None:
    number = actions.sign_credential(current(cast)).place.list_number
    assert actions.sign_status_lists() == 0
    found = StatusList.objects.get()
    StatusList.objects.update(ends_at=found.signed_at)
    assert actions.sign_status_lists() == 1
    assert StatusList.objects.get(number=number).ends_at >= found.ends_at


@pytest.mark.django_db(transaction=True)
def test_ten_readers_at_once_make_one_credential(cast: Cast, house: House) -> None:
    award = current(cast)
    answers: list[bytes] = []

    def read() -> None:
        try:
            answers.append(Client().get(f"/awards/{award.key}/credential.json").content)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(10)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(answers) == 10
    assert len(set(answers)) == 1
    assert (Credential.objects.count(), StatusPlace.objects.count(), StatusList.objects.count()) == (1, 1, 1)
