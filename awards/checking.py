"""What somebody hands in to be checked: a signed record, alone or baked into a badge, the file of a certificate or letter, a
picture of its code.

Nothing is fetched, whatever a file names: we speak for our own awards alone, and say so.
"""

import io
import json
import re
from dataclasses import dataclass
from typing import Any

import zxingcpp
from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from awards import baked, signing
from awards.models import Award, Credential, StatusPlace
from awards.queries import trusted_keys
from awards.standing import REVOKED
from common.keys import ALPHABET
from people import names

MEGABYTES_AT_MOST = 10
_PIXELS_AT_MOST, _LONGEST_SIDE = 16_000_000, 3000
_PIXELS_OF_A_PHOTO = 50_000_000  # JPEG is unpacked at a fraction of its size; others at four bytes a pixel
_PICTURES = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_OURS = re.compile(rf"/(?:awards/|verify/\?id=)([{ALPHABET}]{{8,12}})(?![{ALPHABET}])")


@dataclass(frozen=True)
class Finding:
    """What a file says. ``key``: of the award or letter that it names; else ``title`` and ``text`` say why there is none.

    ``signed_by``: the name of our key, where the file is a record whose signature stands. ``place``: where the status
    lists hold it.
    """

    key: str = ""
    kind: str = "none"
    title: str = ""
    text: str = ""
    signed_by: str = ""
    document: dict[str, Any] | None = None


def read(file: "File[bytes]", size: int) -> Finding:
    """What a file of ``size`` bytes is, by what is in it; its name says nothing."""
    if size > MEGABYTES_AT_MOST * 1024 * 1024:
        return Finding(title=_("This file is too large"), text=too_large())
    content = file.read(MEGABYTES_AT_MOST * 1024 * 1024)
    if content.startswith(b"%PDF"):
        return _read_paper(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _read_record(content)
    if baked.is_svg(content):
        return _read_badge(baked.credential_in_svg(content))
    if record := baked.credential_in_png(content):
        return _read_badge(record)
    return _read_picture(content)


def too_large() -> str:
    return _("We read files of up to %(most)s MB. Nothing in it was looked at.") % {"most": MEGABYTES_AT_MOST}


def _read_paper(content: bytes) -> Finding:
    """Our papers link to the page that proves them; who forges the rest cannot forge what that page says."""
    found = _OURS.search(content.decode("latin-1"))
    if found and settings.SITE_URL.encode() in content:
        return Finding(key=found[1])
    return Finding(
        title=_("This file is none of our papers"),
        text=_(
            "We find no number of ours in it. Where it was scanned, type the number that is printed on it."
        ),
    )


def _read_badge(record: bytes | None) -> Finding:
    """The record inside a badge; a token, as others sign it, is none of ours."""
    if record is not None and record[:1] == b"{":
        return _read_record(record)
    return Finding(
        title=_("There is no record of ours in this badge"),
        text=_(
            "We found no credential of Open Badges 3.0 in it that we could read. Ask for the signed record (JSON), or type the "
            "number."
        ),
    )


def _read_picture(content: bytes) -> Finding:
    """The first code in the picture that holds an address of ours."""
    try:
        image = Image.open(io.BytesIO(content), formats=_PICTURES)
        most = _PIXELS_OF_A_PHOTO if image.format == "JPEG" else _PIXELS_AT_MOST
        if image.width * image.height > most:
            return Finding(
                title=_("This picture is too large"),
                text=_("Cut out the code, or take the picture with fewer pixels."),
            )
        image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        codes = zxingcpp.read_barcodes(image.convert("L"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Finding(
            title=_("We cannot read this file"),
            text=_(
                "We read a signed record (JSON), a certificate or letter (PDF), or a picture of its code."
            ),
        )
    texts = [code.text for code in codes]
    for text in texts:
        if text.startswith(f"{settings.SITE_URL}/") and (found := _OURS.search(text)):
            return Finding(key=found[1])
    if texts:
        said = _shown(texts[0])
        return Finding(
            title=_("This code is not ours"),
            text=_("It says %(text)s. We did not go there.") % {"text": said},
        )
    return Finding(
        title=_("There is no code in this picture"),
        text=_("Take it straight from above, with the whole code in it and in focus, or type the number."),
    )


def _read_record(content: bytes) -> Finding:
    """A signed record: ours, and as we signed it?"""
    try:
        document = json.loads(content) if len(content) <= signing.BYTES_AT_MOST else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return Finding(
            title=_("We cannot read this file"), text=_("It is not the signed record of an award.")
        )
    issuer = document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    ours = signing.did_of(settings.SITE_URL)
    if named != ours:
        name = _shown(named) if isinstance(named, str) and named else _("nobody")
        return Finding(
            title=_("This was issued by somebody else"),
            text=_("It names %(issuer)s. We can speak for our own awards alone, and asked nobody.")
            % {"issuer": name},
        )
    did, name = signing.name_of_key(document)
    public = trusted_keys().get(name) if did == ours else None
    try:
        if public is None:
            raise signing.NotSigned("no key of ours")
        signing.check(content, did=ours, public=public)
    except signing.NotSigned:
        return Finding(
            kind=REVOKED,
            title=_("This record was changed"),
            text=_("We did not sign it as it is. Do not rely on anything that it says."),
        )
    found = _OURS.search(document["id"])
    return Finding(key=found[1] if found else "", signed_by=name, document=document)


def note_on_copy(finding: Finding, award: Award) -> str:
    """What to know of a signed copy beside what the record says: taken back, or older than what we hand out."""
    if finding.document is None:
        return ""
    status = finding.document["credentialStatus"]
    number = int(status["statusListCredential"].rpartition("/")[2].removesuffix(".json"))
    pk = number * signing.PLACES_A_LIST + int(status["statusListIndex"])
    if not StatusPlace.objects.filter(pk=pk, taken_back_at=None).exists():
        return _("The signature is ours, but this copy was taken back. What counts is the record above.")
    current = Credential.objects.filter(award=award).first()
    if current is None or json.loads(bytes(current.document)) != finding.document:
        return _(
            "The signature is ours. Since then a name or the term changed: what counts is the record above."
        )
    return _("The signature is ours, and the file is exactly what we signed.")


def _shown(text: str) -> str:
    """Something that a stranger wrote, fit for a page."""
    return names.clean(text.encode(errors="replace").decode())[:200]
