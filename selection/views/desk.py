"""The workbench: queue, dossier and scores in one page; drafts that save themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.http import go
from selection import actions, states
from selection.actions.locks import acting_person
from selection.forms import TIES
from selection.models import Candidacy, Review
from selection.permissions import can_review, get_candidacy
from selection.queries import discussion, workbench
from selection.queries.dossier import dossier_for
from selection.review_forms import ReviewForm, typed_review
from selection.views.refusals import acting_user, refused

ERRORS_SHOWN = 422


def desk_page(
    request: HttpRequest,
    candidacy: Candidacy,
    *,
    form: ReviewForm | None = None,
    tasks: list[workbench.Task] | None = None,
    status: int = 200,
) -> HttpResponse:
    """One case on the desk of its reviewer; ``tasks`` of the queue, where they are read already."""
    user, stage = request.user, candidacy.stage
    review = workbench.own_review(user, candidacy)
    is_in = review is not None and review.state == states.REVIEW_SUBMITTED
    show = request.GET.get("show", "") or (workbench.DONE if is_in else "")
    context = {
        "candidacy": candidacy,
        "stage": stage,
        "is_running": candidacy.is_running(),
        "is_way_in": tasks is not None,
        "queue": workbench.queue_of(user, stage, show=show, here=candidacy.pk, tasks=tasks),
        "dossier": dossier_for(user, candidacy),
        "form": form or _form(candidacy, review),
        "review": review,
        "is_in": is_in,
        "is_frozen": is_in and review is not None and workbench.is_frozen(review, stage),
        "others": discussion.other_reviews(user, candidacy) if is_in else [],
        "discussion": discussion.discussion_for(user, candidacy) if is_in else None,
        "was_in": review is not None and workbench.was_in(review),
        "ties": TIES,
        "person": acting_person(acting_user(request)).key,  # whose text a browser keeps
    }
    return render(request, "selection/workbench.html", context, status=status)


def _again(request: HttpRequest, candidacy: Candidacy, form: ReviewForm | None = None) -> HttpResponse:
    """The desk as it stands after an act was refused: the task may have changed meanwhile."""
    return desk_page(request, get_candidacy(request.user, candidacy.key, to=can_review), form=form)


@never_cache
@require_POST
def review_save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a draft. The page saves by itself and reads JSON; without scripts a button saves and stays."""
    candidacy = get_candidacy(request.user, key, to=can_review)
    form = _form(candidacy, None, request.POST)
    wants_json = request.headers.get("Accept") == "application/json" or "autosave" in request.POST
    if not form.is_valid():
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _said(words, 422) if wants_json else desk_page(request, candidacy, form=form, status=422)
    try:
        review = actions.save_review(
            candidacy, by=acting_user(request), answers=form.answers(), version=_version(form)
        )
    except RuleBroken as broken:
        if wants_json:
            outdated = isinstance(broken, actions.ReviewOutdated)
            return _said(broken.sentence, broken.status, compare=outdated)
        return _refused(request, candidacy, form, broken)
    if wants_json:
        return JsonResponse({"fields": {"version": review.version}})
    messages.success(request, _("Draft saved."))
    return go(request, reverse("selection:case", args=[key]))


@never_cache
@require_POST
def review_submit(request: HttpRequest, key: str) -> HttpResponse:
    """Hand in and go to the next case. What is missing is said beside its field, and the draft is kept."""
    candidacy = get_candidacy(request.user, key, to=can_review)
    form = _form(candidacy, None, request.POST)
    if not form.is_valid():
        return desk_page(request, candidacy, form=form, status=ERRORS_SHOWN)
    try:
        review = actions.submit_review(
            candidacy, by=acting_user(request), answers=form.answers(), version=_version(form)
        )
    except actions.ReviewIncomplete as incomplete:
        return _incomplete(request, candidacy, form, incomplete)
    except RuleBroken as broken:
        return _refused(request, candidacy, form, broken)
    messages.success(request, _handed_in(candidacy, review, form))
    following = workbench.next_task(request.user, candidacy)
    return go(request, reverse("selection:case", args=[following.key if following else key]))


@never_cache
@require_POST
def review_reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's own review back to change it."""
    candidacy = get_candidacy(request.user, key, to=can_review)
    try:
        actions.reopen_review(candidacy, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _again(request, candidacy))
    messages.success(request, _("Your review is a draft again. Hand it in before the stage closes."))
    return go(request, reverse("selection:case", args=[key]))


@never_cache
@require_POST
def case_skip(request: HttpRequest, key: str) -> HttpResponse:
    """Put a case off to the end of one's queue, and go on with the next."""
    candidacy = get_candidacy(request.user, key, to=can_review)
    following = workbench.next_task(request.user, candidacy)
    try:
        actions.skip_task(candidacy, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _again(request, candidacy))
    messages.success(request, _("%(case)s waits at the end of your queue.") % {"case": key})
    return go(request, reverse("selection:case", args=[following.key if following else key]))


def _form(candidacy: Candidacy, review: Review | None, data: Any = None) -> ReviewForm:
    initial = typed_review(review, actions.saved_content(review)) if review else {"version": 0}
    criteria = workbench.criteria_of(candidacy.stage)
    return ReviewForm(data, initial=initial, criteria=criteria, rubric=candidacy.stage.rubric)


def _version(form: ReviewForm) -> int:
    return int(form.cleaned_data["version"])


def _said(sentence: str, status: int, *, compare: bool = False) -> JsonResponse:
    return JsonResponse({"sentence": sentence, "compare": compare}, status=status)


def _incomplete(
    request: HttpRequest, candidacy: Candidacy, form: ReviewForm, incomplete: actions.ReviewIncomplete
) -> HttpResponse:
    """Keep what was typed as a draft, then say what is missing; the form goes on from the draft's version."""
    try:
        review = actions.save_review(
            candidacy, by=acting_user(request), answers=form.answers(), version=_version(form)
        )
    except RuleBroken as broken:
        return _refused(request, candidacy, form, broken)
    form.data = {**form.data.dict(), "version": str(review.version)}  # type: ignore[attr-defined]
    form.show_flaws(incomplete.flaws)
    return desk_page(request, candidacy, form=form, status=incomplete.status)


def _refused(
    request: HttpRequest, candidacy: Candidacy, form: ReviewForm, broken: RuleBroken
) -> HttpResponse:
    """Two windows: both versions side by side. Anything else: the page, with what was typed still in it."""
    if not isinstance(broken, actions.ReviewOutdated):
        return refused(request, broken, lambda: _again(request, candidacy, form))
    saved = _form(candidacy, broken.saved)
    mine = [(name, form[name].value() or "") for name in form.fields if name != "version"]
    context = {
        "what": broken.sentence,
        "caption": _("Both versions of your review"),
        "left": _("Saved in the other window"),
        "right": _("Typed here"),
        "rows": [(one.label, _shown(one, saved), _shown(one, form)) for one in form if not one.is_hidden],
        "address": reverse("selection:review_save", args=[candidacy.key]),
        "mine": [*mine, ("version", broken.saved.version)],
        "back": reverse("selection:case", args=[candidacy.key]),
    }
    return render(request, "errors/409.html", context, status=broken.status)


def _shown(field: Any, form: ReviewForm) -> str:
    value = form[field.name].value()
    return _("Not applicable") if value == "na" else str(value or "–")


def _handed_in(candidacy: Candidacy, review: Review, form: ReviewForm) -> str:
    """The saved values, shown back: what was typed, which the review would not be in without."""
    typed = form.answers().marks
    marks = ", ".join(f"{one.name} {typed[one.code].value or _('n/a')}" for one in form.criteria)
    return _("%(case)s is in: %(marks)s; weighted %(total)s.") % {
        "case": candidacy.key,
        "marks": marks,
        "total": review.total,
    }
