"""Certificates and letters: each issued once, frozen, findable by its number."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from awards.models import Award, Paper
from awards.papers.setting import CERTIFICATE, LETTER, set_paper
from awards.queries import is_provable
from common import clock
from common.clock import site_zone
from common.dates import day_of
from common.errors import RuleBroken
from common.letters import in_language


@transaction.atomic
def issue_paper(
    award: Award,
    *,
    kind: str,
    language: str,
    words: Mapping[str, Any],
    about: str = "",
    about_key: str = "",
    about_days: tuple[dt.date, dt.date] | tuple[None, None] = (None, None),
) -> Paper:
    """The paper with these words, issued now unless it was before. ``kind`` is a ``Paper.Kind``; ``words`` are what its template
    prints, in ``language``; number, date and address are added here. Raises ``RuleBroken`` for an award that proves nothing.

    ``about_days``: the first and the last day that a letter about a summit asks for.

    Under the award's lock: who asks twice at once gets one paper, and nobody one after a revocation. The first reader of a
    paper makes it, so the row is its own record and the history holds nothing of it.
    """
    locked = Award.objects.select_for_update().get(pk=award.pk)
    if not is_provable(locked):
        raise RuleBroken(_("There are no papers for an award that was revoked, declined or made nameless."))
    digest = hashlib.sha256(
        json.dumps([words, about, about_key, settings.SITE_URL], sort_keys=True).encode()
    ).hexdigest()
    found = Paper.objects.filter(award=locked, kind=kind, language=language, digest=digest).first()
    if found:
        return found
    paper = Paper(
        award=locked, kind=kind, language=language, about=about, about_key=about_key, about_starts=about_days[0],
        about_ends=about_days[1], digest=digest, issued_at=clock.now(),
    )  # fmt: skip
    paper.content = _set(paper, words)
    paper.save(force_insert=True)
    return paper


def _set(paper: Paper, words: Mapping[str, Any]) -> bytes:
    """A certificate leads to the page of its award and bears that number, a letter to the check of its own."""
    is_certificate = paper.kind == Paper.Kind.CERTIFICATE
    path = f"/awards/{paper.award.key}/" if is_certificate else f"/verify/?id={paper.number}"
    address = settings.SITE_URL + path
    with in_language(paper.language):
        added = {
            "language": paper.language.partition("-")[0],  # typst knows no regions here
            "number": paper.award.number if is_certificate else paper.shown,
            "date": date_format(day_of(paper.issued_at, site_zone()), "DATE_FORMAT"),
            "code_says": _("QR code that opens %(address)s") % {"address": address},
        }
    return set_paper(CERTIFICATE if is_certificate else LETTER, {**words, **added}, address=address)
