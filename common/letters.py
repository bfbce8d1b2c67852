"""How a mail is written: one text template gives the subject, the text part and the HTML part.

``mail/<name>.txt`` holds the subject in its first line, then blocks with empty lines between them:

- a block of words is a paragraph; the first one is the greeting;
- a line of words that ends with a colon, and below it an address of this site alone, is a link;
- a block that starts with ``~`` is small print.

Under it stands why its reader gets it and how they stop it, where they may; ``written_for`` says so for one mail.

HTML parts are headings, paragraphs and links: no layout tables, no images, no tracking, one quiet style.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_supported_language_variant

from common.outbox import Letter


@dataclass(frozen=True)
class Block:
    """One block of a letter. ``address`` is set for a link."""

    words: str
    address: str = ""
    is_greeting: bool = False
    is_small: bool = False
    is_heading: bool = False


@dataclass(frozen=True)
class Foot:
    """The last lines of a mail: what it is about, and where its reader stops mail like it (empty if nowhere)."""

    group: Any = ""
    stop: str = ""


_foot: ContextVar[Foot | None] = ContextVar("foot", default=None)


@contextmanager
def written_for(*, language: str, zone: ZoneInfo, foot: Foot | None = None) -> Iterator[None]:
    """Inside the block letters are written in this language, times are said in this zone, ``foot`` stands below."""
    token = _foot.set(foot)
    try:
        with in_language(language), timezone.override(zone):
            yield
    finally:
        _foot.reset(token)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Inside the block texts are in this language, or in the site's if it has no texts in it."""
    with translation.override(_known(language)):
        yield


def site_address(path: str) -> str:
    """The full address of a page, for use in a mail."""
    return f"{settings.SITE_URL}{path}"


def write_letter(name: str, facts: Mapping[str, Any], *, language: str = "en") -> Letter:
    """Render ``mail/<name>.txt`` with ``facts`` in the recipient's language."""
    with in_language(language):
        template = Engine.get_default().get_template(f"mail/{name}.txt")
        context = Context({"site": settings.SITE_URL, **facts}, autoescape=False)
        subject, _end, body = template.render(context).strip().partition("\n")
        return lay_out(subject, _blocks(body))


def lay_out(subject: str, blocks: Sequence[Block]) -> Letter:
    """The text part and the HTML part of the same blocks, in the language that is active."""
    foot = _foot.get()
    given = {"subject": subject.strip(), "blocks": blocks, "foot": foot}
    said = "\n\n".join(_as_text(block) for block in blocks)
    text = render_to_string("mail/frame.txt", {"text": said, "foot": foot})
    return Letter(
        subject=_one_line(subject),
        text=text.strip() + "\n",
        html=render_to_string("mail/frame.html", given),
        blocks=tuple(blocks),
    )


def _known(language: str) -> str:
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return settings.LANGUAGE_CODE


def _blocks(body: str) -> list[Block]:
    found = []
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = [line.strip() for line in block.strip().splitlines()]
        if len(lines) == 2 and lines[0].endswith(":") and _is_ours(lines[1]):
            found.append(Block(lines[0].removesuffix(":"), address=lines[1]))
        elif lines and lines[0].startswith("~"):
            found.append(Block(_one_line(" ".join(lines)[1:]), is_small=True))
        elif lines:
            found.append(Block("\n".join(lines), is_greeting=not found))
    return found


def _is_ours(line: str) -> bool:
    return line.startswith(f"{settings.SITE_URL}/") and not re.search(r"\s", line)


def _as_text(block: Block) -> str:
    if block.is_heading:
        return f"{block.words}\n{'-' * min(len(block.words), 72)}"
    return f"{block.words}:\n\n  {block.address}" if block.address else block.words


def _one_line(text: str) -> str:
    return " ".join(text.split())
