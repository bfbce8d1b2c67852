"""The office edits the rubric of a stage, and the invented cases on which reviewers try it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from selection import actions
from selection.forms import ReasonForm
from selection.models import Stage, TrainingCase
from selection.protocol_words import words_of_rubric
from selection.queries import protocol as protocols
from selection.queries import rubrics, setup
from selection.queries.protocol import rubric_as_data
from selection.rubric_forms import RubricForm, TrainingCaseForm
from selection.views.refusals import acting_user, refused
from selection.views.setup import edit_page, require_get_or_post, stage_to_set_up


@never_cache
@require_get_or_post
def rubric_edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Criteria, weights and anchors of a stage; to read alone once it has begun."""
    stage = _scored(request, slug, number)
    form = _form(stage, request.POST or None)
    if form is None or request.method != "POST":
        return _page(request, stage, form)
    if form.is_valid():
        try:
            actions.change_rubric(
                stage,
                values=form.rubric_values(),
                criteria=form.criteria(),
                seen=form.cleaned_data["seen"],
                by=acting_user(request),
                reason=form.reason(),
            )
        except RuleBroken as broken:
            form.show_refusal(broken.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("selection:rubric_edit", slug, number)
    return _page(request, stage, form, status=422)


def _form(stage: Stage, typed: Any = None) -> RubricForm | None:
    """The form of a stage whose rubric can still change."""
    if not _is_open_to_change(stage):
        return None
    return RubricForm(
        typed,
        rubric=stage.rubric,
        criteria=rubrics.criteria_of(stage.rubric),
        seen=rubrics.digest_of_rubric(stage.rubric),
        published=protocols.is_published(stage.cycle),
    )


def _page(request: HttpRequest, stage: Stage, form: RubricForm | None, *, status: int = 200) -> HttpResponse:
    rubric, others = stage.rubric, rubrics.others_with_rubric(stage)
    context = {
        "stage": stage,
        "cycle": stage.cycle,
        "form": form,
        "words": None if form or not rubric else words_of_rubric(rubric.slug, rubric_as_data(rubric)),
        "others": others[:5],
        "more": len(others) - 5,
        "training": rubrics.training_of_rubric(rubric),
        "published": protocols.is_published(stage.cycle),
        "back": reverse("selection:cycle_setup", args=[stage.cycle.slug]),
    }
    return render(request, "office/rubric.html", context, status=status)


@never_cache
@require_get_or_post
def training_add(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One more invented case."""
    return _training_page(request, _scored(request, slug, number), None)


@never_cache
@require_get_or_post
def training_edit(request: HttpRequest, slug: str, number: int, case: str) -> HttpResponse:
    """One invented case and the marks that the panel gave it."""
    stage = _scored(request, slug, number)
    return _training_page(request, stage, _case(stage, case))


@never_cache
@require_POST
def training_remove(request: HttpRequest, slug: str, number: int, case: str) -> HttpResponse:
    """Take an invented case out."""
    stage = _scored(request, slug, number)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.remove_training(stage, case=case, by=acting_user(request), reason=reason)
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, stage, _form(stage)))
    messages.success(request, _("The training case is taken out."))
    return redirect("selection:rubric_edit", slug, number)


def _training_page(request: HttpRequest, stage: Stage, case: TrainingCase | None) -> HttpResponse:
    if not _is_open_to_change(stage) or stage.rubric is None:
        return redirect("selection:rubric_edit", stage.cycle.slug, stage.number)
    there = rubrics.training_of_rubric(stage.rubric)
    place = next((n for n, one in enumerate(there, start=1) if case and one.pk == case.pk), len(there) + 1)
    form = TrainingCaseForm(
        request.POST or None,
        case=case,
        criteria=rubrics.criteria_of(stage.rubric),
        place=place,
        published=protocols.is_published(stage.cycle),
    )
    back = reverse("selection:rubric_edit", args=[stage.cycle.slug, stage.number])

    def save() -> str:
        actions.put_training(
            stage,
            case=case.slug if case else "",
            values=form.training_values(),
            place=form.cleaned_data["place"],
            by=acting_user(request),
            reason=form.reason(),
        )
        return back

    title = case.title if case else _("One more training case")
    return edit_page(request, stage.cycle, form, save, title, back=back, back_words=_("Rubric"))


def _case(stage: Stage, slug: str) -> TrainingCase:
    for one in rubrics.training_of_rubric(stage.rubric):
        if one.slug == slug:
            return one
    raise Http404


def _is_open_to_change(stage: Stage) -> bool:
    return stage.state == Stage.State.PLANNED and not setup.is_released(stage.cycle)


def _scored(request: HttpRequest, slug: str, number: int) -> Any:
    """A stage that scores; no other has a rubric."""
    stage = stage_to_set_up(request, slug, number)
    if stage.kind != Stage.Kind.SCORE:
        raise Http404
    return stage
