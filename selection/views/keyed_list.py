"""What the lists that are judged with one key a line share: screening and voting."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from common.errors import RuleBroken
from selection import actions
from selection.models import Candidacy, Stage
from selection.views.refusals import acting_user, refused

KEPT = ("show", "page")  # of the list's address, when an answer comes back to it


def kept_of(request: HttpRequest) -> str:
    """The part of the list's address that stays."""
    return urlencode(_kept(request))


def give(
    request: HttpRequest,
    candidacy: Candidacy,
    form: forms.Form,
    *,
    following: Callable[[object, Candidacy], Candidacy | None],
    page: Callable[[], HttpResponse],
) -> HttpResponse:
    """Take one answer; then the list again with the next case open, or ``page`` with what stood in the way."""
    try:
        if not form.is_valid():
            raise RuleBroken(" ".join(str(error) for errors in form.errors.values() for error in errors))
        actions.give_verdict(candidacy, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, page)
    return _back(request, candidacy.stage, last=candidacy.key, at=following(request.user, candidacy))


def take_back(
    request: HttpRequest, candidacy: Candidacy, *, page: Callable[[], HttpResponse]
) -> HttpResponse:
    """Take one's answer back; the case is to do again."""
    try:
        actions.reopen_review(candidacy, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, page)
    return _back(request, candidacy.stage, at=candidacy)


def _back(request: HttpRequest, stage: Stage, *, last: str = "", at: Candidacy | None = None) -> HttpResponse:
    query = _kept(request) | ({"last": last} if last else {}) | ({"at": at.key} if at else {})
    address = reverse("selection:stage", args=[stage.cycle.slug, stage.number])
    return redirect(f"{address}?{urlencode(query)}" + (f"#case-{at.key}" if at else ""))


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in KEPT if name in request.GET}
