"""Handing in a file: whatever it is, one clear sentence, and nothing is fetched."""

import io
import json
import socket

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from awards import actions, signing
from awards.models import Award
from awards.proof import said_of
from people.actions import erase_person, rename_person
from tests.cast import Cast, House


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            raise AssertionError(f"asked for {address}")
        connect(self, address)

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


def current(cast: Cast) -> Award:
    return Award.objects.filter(person=cast.holder).order_by("-first_year").first()


def hand_in(client: Client, content: bytes, name: str = "file") -> str:
    answer = client.post("/verify/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.text


def record(cast: Cast) -> bytes:
    return bytes(actions.sign_credential(current(cast)).document)


def code(text: str, size: int = 6) -> bytes:
    file = io.BytesIO()
    segno.make(text, error="m").save(file, kind="png", scale=size)
    return file.getvalue()


def test_a_signed_record_is_found_and_said_to_be_ours(cast: Cast, client: Client) -> None:
    text = hand_in(client, record(cast))
    assert "This award is in force" in text
    assert "the file is exactly what we signed" in text


@pytest.mark.parametrize("spaces", [" ", "\n\n"])
def test_how_a_record_is_spaced_changes_nothing(cast: Cast, client: Client, spaces: str) -> None:
    spaced = spaces.encode() + json.dumps(json.loads(record(cast))).encode()
    assert "This award is in force" in hand_in(client, spaced)


def test_a_record_that_was_changed_is_refused(cast: Cast, client: Client) -> None:
    text = hand_in(client, record(cast).replace("Ágnes".encode(), b"Agnes"))
    assert "This record was changed" in text
    assert "This award is in force" not in text


def test_a_record_with_another_key_under_our_name_is_refused(cast: Cast, client: Client, settings) -> None:
    award = current(cast)
    document = signing.credential(said_of(award), site=settings.SITE_URL, place=1)
    method = f"{signing.did_of(settings.SITE_URL)}#{actions.signing_key()[0].name}"
    forged = signing.sign(document, key=signing.new_key(), method=method, at=award.proved_from)
    assert "This record was changed" in hand_in(client, forged)


def test_what_somebody_else_issued_is_said_to_be_theirs(cast: Cast, client: Client) -> None:
    document = {
        **json.loads(record(cast)),
        "issuer": {"id": "did:web:elsewhere.example", "type": ["Profile"]},
    }
    text = hand_in(client, json.dumps(document).encode())
    assert "This was issued by somebody else" in text
    assert "did:web:elsewhere.example" in text


def test_a_copy_from_before_a_change_of_name_is_ours_and_older(cast: Cast, client: Client) -> None:
    old = record(cast)
    rename_person(cast.holder, by=cast.holder.user, name="Ágnes Nagy")
    record(cast)
    text = hand_in(client, old)
    assert "Ágnes Nagy" in text
    assert "Since then a name or the term changed" in text


def test_a_copy_of_a_revoked_award_gets_the_verdict_of_the_record(cast: Cast, client: Client) -> None:
    old = record(cast)
    actions.revoke_award(current(cast), by=cast.office_1.user, reason_code="conduct")
    text = hand_in(client, old)
    assert "This award was revoked" in text
    assert "this copy was taken back" in text
    assert "Ágnes" not in text


def test_a_copy_of_somebody_who_was_erased_names_nobody(cast: Cast, client: Client) -> None:
    old = record(cast)
    erase_person(cast.holder, by=None)
    text = hand_in(client, old)
    assert "Name withheld" in text
    assert "Ágnes" not in text


def test_the_code_of_an_award_is_read_off_a_picture(cast: Cast, client: Client, settings) -> None:
    picture = code(f"{settings.SITE_URL}/awards/{current(cast).key}/")
    assert "This award is in force" in hand_in(client, picture, "photo.png")


def test_a_code_is_read_off_a_turned_and_grey_photo(cast: Cast, client: Client, settings) -> None:
    image = Image.open(io.BytesIO(code(f"{settings.SITE_URL}/awards/{current(cast).key}/", 12))).convert(
        "RGB"
    )
    page = Image.new("RGB", (1600, 1200), "#c8c0b0")
    page.paste(image.rotate(11, expand=True, fillcolor="#ffffff"), (500, 300))
    file = io.BytesIO()
    page.save(file, "JPEG", quality=60)
    assert "This award is in force" in hand_in(client, file.getvalue(), "photo.jpg")


def test_a_code_that_leads_elsewhere_is_not_followed(cast: Cast, client: Client) -> None:
    text = hand_in(client, code(f"https://elsewhere.example/awards/{current(cast).key}/"))
    assert "This code is not ours" in text
    assert "We did not go there." in text


def test_a_picture_without_a_code_says_so(house: House, client: Client) -> None:
    file = io.BytesIO()
    Image.new("L", (300, 300), 128).save(file, "PNG")
    assert "There is no code in this picture" in hand_in(client, file.getvalue())


def test_a_picture_that_unpacks_to_a_hundred_million_pixels_is_not_unpacked(
    house: House, client: Client
) -> None:
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    assert "This picture is too large" in hand_in(client, file.getvalue())


@pytest.mark.parametrize("megabytes", [20, 26])
def test_a_large_file_gets_a_sentence(house: House, client: Client, megabytes: int) -> None:
    text = hand_in(client, b"{" + b" " * megabytes * 1024 * 1024)
    assert "This file is too large" in text
    assert "up to 10 MB" in text


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[]", b"[1]", b"{}", b"null", b"x", b"\x00" * 40, b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xd8\xff\xe0",
        b'{"issuer": 3}', b'{"issuer": {"id": ["x"]}}', b'{"proof": {}}', b"GIF89a", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n",
        b'{"issuer": "did:web:localhost%3A8000"}', b'{"issuer": "did:web:localhost%3A8000", "proof": [{"verificationMethod": 3}]}',
        b'{"x": 1e999, "y": NaN}', b'{"issuer": "\\ud800"}',
    ],
    ids=range(20),
)  # fmt: skip
def test_whatever_else_it_is_gets_a_sentence(house: House, client: Client, content: bytes) -> None:
    text = hand_in(client, content)
    assert "verdict-card" in text
    assert "This award is in force" not in text


def test_an_empty_form_asks_for_a_file(house: House, client: Client) -> None:
    assert "No file was chosen" in client.post("/verify/").text
