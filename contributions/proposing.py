"""Fills in what is still empty of a form from the page that its link leads to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from common import clock
from common.dates import reader_today
from common.fetching import Unreachable
from common.fields import one_line
from contributions.linkreading import NoPage, Proposal, read_link
from people.models import Person

READS_AN_HOUR = 60


@dataclass(frozen=True)
class Note:
    """What came of reading; ``sentence`` where nothing did."""

    good: bool
    sentence: str = ""


def fill_from_page(typed: dict[str, Any], *, person: Person | None) -> tuple[dict[str, Any], Note]:
    """``typed`` with proposals where nothing was typed, and what to say. What was typed is never replaced."""
    url = one_line(str(typed.get("url", "")))[:1000]
    if not url:
        return typed, Note(False, _("Paste a link first."))
    typed = typed | {"url": url if "://" in url else f"https://{url}"}
    if person is None or not _may_read(person):
        return typed, Note(
            False, _("You have had many pages read; in an hour you can have more. Fill in the rest yourself.")
        )
    try:
        found = read_link(typed["url"], today=reader_today())
    except Unreachable as unreachable:
        return typed, Note(False, " ".join([unreachable.sentence, _("Fill in the rest yourself.")]))
    except NoPage as answer:
        return typed, Note(False, _about(answer.status))
    filled = typed | {name: value for name, value in _proposed(found).items() if _is_empty(typed, name)}
    if filled == typed:
        return typed, Note(
            False, _("The page says nothing that is not here already. Fill in the rest yourself.")
        )
    return filled, Note(True)


def _may_read(person: Person) -> bool:
    key = f"contributions.read:{person.pk}:{clock.now():%Y%m%d%H}"
    cache.add(key, 0, timeout=3600)
    return cache.incr(key) <= READS_AN_HOUR


def _about(status: int) -> str:
    if status >= 400:
        return _(
            "The page answers with an error (%(status)d). Look at the link, or fill in the rest yourself."
        ) % {"status": status}
    return _("This link leads to no page of text. Fill in the rest yourself.")


def _proposed(found: Proposal) -> dict[str, str]:
    said = {
        "title": found.title,
        "starts": found.starts.isoformat() if found.starts else "",
        "description": found.description,
    }
    return {name: value for name, value in said.items() if value}


def _is_empty(typed: dict[str, Any], name: str) -> bool:
    """A day of today was filled in by the form itself."""
    value = str(typed.get(name, "")).strip()
    return not value or (name == "starts" and value == dt.date.isoformat(reader_today()))
