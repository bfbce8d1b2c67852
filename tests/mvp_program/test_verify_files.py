"""Handing in a file: whatever it is, one clear sentence, and nothing is fetched."""

import datetime as dt
import io
import json
import socket
import struct
import zlib
from collections.abc import Callable

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from awards import actions, signing
from awards.models import Award
from awards.proof import said_of
from common import clock
from common.ratelimit import RateLimit
from mvp_program.pages import verify as verify_page
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


PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """A small picture with these chunks before its end."""
    file = io.BytesIO()
    Image.new("1", (8, 8)).save(file, "PNG")
    added = b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return file.getvalue().removesuffix(PNG_END) + added + PNG_END


def baked_png(said: bytes, *, packed: bool = False) -> bytes:
    text = zlib.compress(said) if packed else said
    return png_with((b"iTXt", b"openbadgecredential\0" + bytes([packed, 0]) + b"en\0\0" + text))


def baked_svg(said: str, inside: str = "") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
        f"{inside}<openbadges:credential><![CDATA[{said}]]></openbadges:credential></svg>"
    ).encode()


@pytest.mark.parametrize("form", ["plain", "packed", "svg"])
def test_a_badge_with_the_record_inside_is_read(cast: Cast, client: Client, form: str) -> None:
    said = record(cast)
    badge = baked_svg(said.decode()) if form == "svg" else baked_png(said, packed=form == "packed")
    text = hand_in(client, badge)
    assert "This award is in force" in text
    assert "the file is exactly what we signed" in text


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_badge_with_a_changed_record_is_refused(cast: Cast, client: Client, form: str) -> None:
    said = record(cast).replace("Ágnes".encode(), b"Agnes")
    text = hand_in(client, baked_svg(said.decode()) if form == "svg" else baked_png(said))
    assert "This record was changed" in text


NOT_PACKED = b"openbadgecredential\0\x01\0\0\0not packed"
NO_RECORD = "There is no record of ours in this badge"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: baked_png(b"eyJhbGciOiJFZERTQSJ9.e30.c2ln"), NO_RECORD),
        (lambda: baked_svg("eyJhbGciOiJFZERTQSJ9.e30.c2ln"), NO_RECORD),
        (lambda: baked_svg('{"issuer": "did:web:elsewhere.example"}'), "This was issued by somebody else"),
        (lambda: baked_png(b"{" + b" " * 40_000_000, packed=True), "We cannot read this file"),
        (lambda: baked_svg("{}", "<x>" * 100_000), NO_RECORD),
        (lambda: BOMB.encode() + baked_svg("&b;"), NO_RECORD),
        (lambda: BOMB.encode("utf-16"), "We cannot read this file"),
        (lambda: b"<html><script>alert(1)</script></html>", NO_RECORD),
        (lambda: baked_svg('{"issuer": {"id": "<script>alert(1)</script>"}}'), "&lt;script&gt;alert(1)"),
        (lambda: baked_svg("\x00"), NO_RECORD),
        (lambda: png_with((b"iTXt", NOT_PACKED)), "There is no code in this picture"),
        (lambda: baked_png(b"{}")[:60] + b"\xff\xff\xff\xff", "There is no code in this picture"),
    ],
    ids=range(12),
)  # fmt: skip
def test_a_badge_that_is_not_ours_or_hostile_gets_a_sentence(
    house: House, client: Client, make: Callable[[], bytes], said: str
) -> None:
    text = hand_in(client, make())
    assert said in text
    assert "<script>alert" not in text


def test_a_result_says_when_it_was_found_and_where_to_look_again(
    cast: Cast, client: Client, settings
) -> None:
    with clock.at(dt.datetime(2026, 5, 1, 9, 14, tzinfo=dt.UTC)):
        number = current(cast).number
        texts = [
            hand_in(client, record(cast)),
            client.get(f"/verify/?id={number}").text,
            hand_in(client, b"x"),
        ]
    assert all("Checked on 1 May 2026, 09:14 UTC." in text for text in texts)
    assert all(f"{settings.SITE_URL}/verify/?id={number}" in text for text in texts[:2])
    assert all("data-print" in text for text in texts)
    assert "data-print" not in client.get("/verify/").text


def test_a_small_picture_that_unpacks_to_hundreds_of_megabytes_is_not_unpacked(
    house: House, client: Client
) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (4100, 4100)).save(file, "PNG")
    assert "This picture is too large" in hand_in(client, file.getvalue())


def test_a_badge_of_many_megabytes_is_not_read(cast: Cast, client: Client) -> None:
    assert NO_RECORD in hand_in(client, baked_svg(record(cast).decode(), "<x/>" * 600_000))


def test_what_a_code_says_cannot_turn_the_sentence_around(house: House, client: Client) -> None:
    text = hand_in(client, code("https://elsewhere.example/\u202egro.sdrawa"))
    assert "This code is not ours" in text
    assert "\u202e" not in text


def test_one_place_hands_in_so_many_files_a_minute_and_types_as_often_as_it_likes(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_page, "limit", RateLimit(2))
    said = record(cast)
    answers = [client.post("/verify/", {"file": SimpleUploadedFile("x", said)}) for _file in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Too many files in a minute" in answers[2].text
    assert int(answers[2]["Retry-After"]) > 0
    assert client.get(f"/verify/?id={current(cast).number}").status_code == 200
    other = client.post("/verify/", {"file": SimpleUploadedFile("x", said)}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200


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
