"""Credentials that lie inside a picture: a badge "baked" by the rules of Open Badges 3.0 (§5.3). Pure; hostile input is bounded.

PNG: a chunk ``iTXt`` with the keyword ``openbadgecredential``. SVG: an element ``credential`` of the namespace of Open Badges,
with the credential as its text or, as a token, in its attribute ``verify``.
"""

import struct
import zlib
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

BYTES_AT_MOST = 256 * 1024  # of a credential, unpacked
SVG_BYTES_AT_MOST = 2 * 1024 * 1024
_PNG, _KEYWORD = b"\x89PNG\r\n\x1a\n", b"openbadgecredential"
_ELEMENT = "{https://purl.imsglobal.org/ob/v3p0}credential"


def is_svg(content: bytes) -> bool:
    """Is it XML of whatever kind? Then no picture of dots, and read by ``credential_in_svg`` alone."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def credential_in_png(content: bytes) -> bytes | None:
    """The credential in a PNG, or None. What is cut short or unpacks to too much is none."""
    if not content.startswith(_PNG):
        return None
    place = len(_PNG)
    while place + 8 <= len(content):
        length, kind = struct.unpack_from("!I4s", content, place)
        data = content[place + 8 : place + 8 + length]
        if kind == b"iTXt" and data.startswith(_KEYWORD + b"\0") and len(data) == length:
            return _text(data[len(_KEYWORD) + 1 :])
        if kind == b"IEND":
            return None
        place += 12 + length  # length, kind and checksum
    return None


def _text(data: bytes) -> bytes | None:
    """Of a chunk after its keyword: packed?, how, language, translated keyword, text."""
    packed, rest = data[:1], data[2:]
    _language, _end, rest = rest.partition(b"\0")
    _keyword, end, text = rest.partition(b"\0")
    if not end:
        return None
    if packed == b"\x01":
        try:
            unpacking = zlib.decompressobj()
            text = unpacking.decompress(text, BYTES_AT_MOST + 1)
        except zlib.error:
            return None
    return text if len(text) <= BYTES_AT_MOST else None


def credential_in_svg(content: bytes) -> bytes | None:
    """The credential in an SVG, or None. It is read as a stream, so that no tree of a million elements is built; a file with
    a document type, and thus with entities, is not read."""
    if len(content) > SVG_BYTES_AT_MOST:
        return None
    found = _Found()
    try:
        parser = DefusedXMLParser(target=found, forbid_dtd=True)
        parser.feed(content)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    text = found.text.strip().encode(errors="replace")
    return text if text and len(text) <= BYTES_AT_MOST else None


class _Found:
    """Keeps the first credential that goes by, up to its bound."""

    def __init__(self) -> None:
        self.text, self._inside, self._seen = "", False, False

    def start(self, tag: str, attributes: dict[str, Any]) -> None:
        if tag == _ELEMENT and not self._seen:
            self._inside = self._seen = True
            self.text = attributes.get("verify", "")

    def end(self, tag: str) -> None:
        if tag == _ELEMENT:
            self._inside = False

    def data(self, text: str) -> None:
        if self._inside and len(self.text) <= BYTES_AT_MOST:
            self.text += text

    def close(self) -> None:
        return None
