"""Training cases: the rubric tried on invented dossiers, with the panel's marks shown after each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import RuleBroken
from common.http import go
from people.models import Person
from people.queries import person_of
from selection import actions
from selection.models import Stage
from selection.queries import training, work, workbench
from selection.queries.training import Step
from selection.review_forms import TrainingForm
from selection.views.refusals import acting_user, refused


def training_first(request: HttpRequest, stage: Stage) -> HttpResponse | None:
    """The way to the next training case, where one comes before this reader's first review of the stage."""
    person = person_of(request.user)
    left = training.training_left(person, stage) if person and stage.kind == Stage.Kind.SCORE else None
    return redirect(address_of(stage, left.slug)) if left else None


def address_of(stage: Stage, slug: str) -> str:
    return reverse("selection:training_case", args=[stage.cycle.slug, stage.number, slug])


@never_cache
@require_safe
def training_start(request: HttpRequest, cycle: str, number: int) -> HttpResponse:
    """The first training case that is not marked yet, else the first one."""
    _person, stage, steps = _training_of(request, cycle, number)
    step = next((one for one in steps if one.answer is None), steps[0])
    return redirect(address_of(stage, step.case.slug))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def training_case(request: HttpRequest, cycle: str, number: int, case: str) -> HttpResponse:
    """Mark an invented case; once it is marked, the panel's marks beside one's own."""
    person, stage, steps = _training_of(request, cycle, number)
    step = next((one for one in steps if one.case.slug == case), None)
    if step is None:
        raise Http404
    form = TrainingForm(request.POST or None, criteria=workbench.criteria_of(stage))
    if request.method != "POST":
        return _page(request, person, stage, step, form)
    if not form.is_valid():
        return _page(request, person, stage, step, form, status=422)
    try:
        actions.answer_training(stage, step.case, by=acting_user(request), marks=form.marks())
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, person, stage, step, form))
    return go(request, address_of(stage, case))


def _training_of(request: HttpRequest, cycle: str, number: int) -> tuple[Person, Stage, list[Step]]:
    """Who reads, the scored stage in which they have work, and its training cases; 404 without any."""
    stage, person = work.score_stage_of(request.user, cycle, number), person_of(request.user)
    steps = training.training_of(person, stage) if stage and person else []
    if stage is None or person is None or not steps:
        raise Http404
    return person, stage, steps


def _page(
    request: HttpRequest, person: Person, stage: Stage, step: Step, form: TrainingForm, status: int = 200
) -> HttpResponse:
    steps = training.training_of(person, stage)
    step = next(one for one in steps if one.case.pk == step.case.pk)
    left = next((one.case for one in steps if one.answer is None), None)
    context: dict[str, Any] = {
        "stage": stage,
        "steps": [(one, address_of(stage, one.case.slug)) for one in steps],
        "step": step,
        "place": 1 + next(place for place, one in enumerate(steps) if one.case.pk == step.case.pk),
        "done": sum(1 for one in steps if one.answer),
        "form": form,
        "compared": training.compared(step, form.criteria),
        "is_running": stage.is_running(),
        "next": address_of(stage, left.slug) if left else reverse("selection:review"),
        "next_words": _("Next training case") if left else _("To your first real case"),
    }
    return render(request, "selection/training.html", context, status=status)
