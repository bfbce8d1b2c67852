"""Copies of dossiers that do not say whose they are: a person reads each beside its original."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import RuleBroken
from common.http import go
from selection import actions, states
from selection.models import Candidacy, RedactedDossier
from selection.permissions import can_check_copy, get_candidacy, refuse_unless_leading
from selection.queries import copies
from selection.queries.copies import digest_of, is_link, originals_of
from selection.views.refusals import acting_user, refused

LISTED = 50


@dataclass(frozen=True)
class Field:
    """One text of a dossier: the original, and what reviewers are to read."""

    name: str
    label: str
    original: str
    copy: str
    rows: int


@never_cache
@require_safe
def copy_list(request: HttpRequest) -> HttpResponse:
    """What waits to be checked, the oldest first, and what was checked last."""
    refuse_unless_leading(request.user)
    waiting = copies.copies_to_check(request.user).select_related("stage__cycle", "nomination__redacted")
    checked = copies.copies_to_check(request.user, state=states.COPY_CHECKED)
    context = {
        "waiting": list(waiting[:LISTED]),
        "count": waiting.count(),
        "checked": list(
            checked.select_related("stage__cycle", "nomination__redacted__checked_by").order_by(
                "-nomination__redacted__checked_at", "pk"
            )[:LISTED]
        ),
    }
    return render(request, "selection/copies.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_check(request: HttpRequest, key: str) -> HttpResponse:
    """One copy beside its original; approving goes on to the next one."""
    candidacy = get_candidacy(request.user, key, to=can_check_copy)
    if request.method != "POST":
        return _page(request, candidacy)
    typed = {
        name.removeprefix("text:"): str(request.POST[name])
        for name in request.POST
        if name.startswith("text:")
    }
    try:
        actions.check_copy(
            candidacy,
            by=acting_user(request),
            texts=typed,
            open_links=request.POST.getlist("open"),
            digest=request.POST.get("digest", ""),
            anyway="anyway" in request.POST,
        )
    except actions.StillTelling as telling:
        words = telling.words
        return refused(request, telling, lambda: _page(request, candidacy, typed=typed, telling=words))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, candidacy))
    messages.success(request, _("The copy of %(case)s can be read now.") % {"case": key})
    following = copies.copies_to_check(request.user).first()
    return go(
        request,
        reverse("selection:copy", args=[following.key]) if following else reverse("selection:copies"),
    )


def _page(
    request: HttpRequest,
    candidacy: Candidacy,
    *,
    typed: dict[str, str] | None = None,
    telling: list[str] | None = None,
) -> HttpResponse:
    case = candidacy.nomination
    written, items = copies.written_for(case), copies.items_in(case)
    originals, copy = originals_of(written, items), copies.copy_of(case)
    around = list(copies.copies_to_check(request.user).values_list("key", flat=True)[: 4 * LISTED])
    place = around.index(candidacy.key) if candidacy.key in around else -1
    opened = set(request.POST.getlist("open")) if typed else set(copy.open_links if copy else ())
    context: dict[str, Any] = {
        "candidacy": candidacy,
        "case": case,
        "copy": copy,
        "digest": digest_of(originals),
        "is_current": copy is not None and copy.source_digest == digest_of(originals),
        "fields": _fields(originals, copy, typed, {one.pk: one.endorses for one in written}),
        "links": [(name, url, name in opened) for name, url in originals.items() if is_link(name)],
        "telling": telling,
        "count": len(around),
        "next": around[place + 1] if place + 1 < len(around) else "",
        "previous": around[place - 1] if place > 0 else "",
    }
    return render(request, "selection/copy.html", context)


def _fields(
    originals: dict[str, str],
    copy: RedactedDossier | None,
    typed: dict[str, str] | None,
    endorses: dict[int, bool],
) -> list[Field]:
    """The texts in the order of the dossier; a copy of other originals fills in what it still has."""
    shown = typed if typed is not None else (copy.texts if copy else {})
    return [
        Field(name, _label(name, endorses), text, shown.get(name, ""), min(12, 1 + len(text) // 70))
        for name, text in originals.items()
        if not is_link(name)
    ]


def _label(name: str, endorses: dict[int, bool]) -> str:
    kind, _colon, pk = name.partition(":")
    if kind == "statement":
        return _("Endorsement") if endorses.get(int(pk)) else _("Statement")
    return {
        "relation": _("How they know the nominee"),
        "title": _("Title of a contribution"),
        "description": _("Its description"),
        "note": _("Note for reviewers"),
    }[kind]
