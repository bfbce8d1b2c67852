"""Reviewers for all cases at once: ask for a plan, look at it, publish or discard it; the top-up; one's own capacity."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import RuleBroken
from common.http import go
from selection import actions, rules
from selection.forms import CapacityForm, MomentForm, PlanForm, TopUpForm
from selection.models import AssignmentPlan, Stage
from selection.permissions import can_plan, can_run_cycle, can_see_board
from selection.queries import plans
from selection.queries.cases import stages_visible_to
from selection.sentences import words_of_lack, words_of_way
from selection.views.refusals import acting_user, refused


@never_cache
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Which cases lack reviewers, by category, and the plans for them."""
    if not can_see_board(request.user):
        raise PermissionDenied
    return _list(request)


@never_cache
@require_POST
def plan_prepare(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a plan."""
    form = PlanForm(request.POST)
    if not can_see_board(request.user):
        raise PermissionDenied
    if not form.is_valid():
        return refused(request, RuleBroken(_("Choose a stage and a category.")), lambda: _list(request))
    category = form.cleaned_data["category"]
    if not can_plan(request.user, category):
        raise PermissionDenied
    stage = _stage(request, *form.stage_number())
    try:
        plan = actions.prepare_plan(stage, category=category, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _list(request))
    return go(request, reverse("selection:plan", args=[plan.key]))


@never_cache
@require_safe
def plan_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A plan: how good it is, what lacks, who shall get what."""
    return _page(request, _plan(request, key))


@never_cache
@require_POST
def plan_publish(request: HttpRequest, key: str) -> HttpResponse:
    """Give all its tasks."""
    plan = _plan(request, key)
    try:
        actions.publish_plan(plan, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, _plan(request, key)))
    done = plans.published_as_seen_by(request.user, plan)
    given = ngettext("%(count)d task is given.", "%(count)d tasks are given.", done.given)
    messages.success(request, given % {"count": done.given})
    if done.left_out:
        left = ngettext(
            "%(count)d was left out: it broke a rule by now. A substitute is looked for.",
            "%(count)d were left out: they broke a rule by now. Substitutes are looked for.",
            done.left_out,
        )
        messages.warning(request, left % {"count": done.left_out})
    return go(request, reverse("selection:plan", args=[key]))


@never_cache
@require_POST
def plan_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Put it aside."""
    plan = _plan(request, key)
    try:
        actions.discard_plan(plan, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, _plan(request, key)))
    messages.success(request, _("The plan is discarded. Nothing was given."))
    return go(request, f"{reverse('selection:plans')}?stage={plan.stage.key}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stage_top_up(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Freeze the first reviews and ask for more on the cases nearest the line."""
    if not can_run_cycle(request.user):
        raise PermissionDenied
    stage = _stage(request, slug, number)
    if stage.kind != Stage.Kind.SCORE:
        raise Http404
    form = TopUpForm(request.POST or None)
    if request.method != "POST":
        return _top_up_page(request, stage, form)
    if not form.is_valid():
        return _top_up_page(request, stage, form, status=422)
    try:
        plan = actions.top_up_stage(
            stage, closes_at=form.moment(), by=acting_user(request), reason=form.cleaned_data["reason"]
        )
    except RuleBroken as broken:
        return refused(request, broken, lambda: _top_up_page(request, stage, form))
    messages.success(request, _("The first reviews are frozen. The worker looks for more reviewers."))
    return go(request, reverse("selection:plan", args=[plan.key]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_edit(request: HttpRequest) -> HttpResponse:
    """How many cases one takes in each stage."""
    form = CapacityForm(request.POST or None, stages=[one.stage for one in plans.capacities_of(request.user)])
    if request.method != "POST":
        return _capacity_page(request, form)
    if not form.is_valid():
        return _capacity_page(request, form, status=422)
    try:
        actions.set_capacity(
            form.cleaned_data["stage"], by=acting_user(request), cases=form.cleaned_data["cases"]
        )
    except RuleBroken as broken:
        return refused(request, broken, lambda: _capacity_page(request, form))
    messages.success(
        request, _("Noted. Tasks that you have already stay yours until you step back from them.")
    )
    return go(request, reverse("selection:capacity"))


def _stage(request: HttpRequest, slug: str, number: int) -> Stage:
    return get_object_or_404(stages_visible_to(request.user), cycle__slug=slug, number=number)


def _plan(request: HttpRequest, key: str) -> AssignmentPlan:
    plan = get_object_or_404(plans.plans_visible_to(request.user), key=key)
    if not can_plan(request.user, plan.category):
        raise PermissionDenied
    return plan


def _list(request: HttpRequest) -> HttpResponse:
    overview = plans.overview_of(request.user, request.GET.get("stage") or request.POST.get("stage", ""))
    office = can_run_cycle(request.user)
    return render(request, "selection/plans.html", {"overview": overview, "runs": office})


def _page(request: HttpRequest, plan: AssignmentPlan) -> HttpResponse:
    query = request.GET
    preview = plans.preview_of(
        request.user, plan, page=query.get("page", "1"), lacks_page=query.get("lacks", "1")
    )
    context = {
        "plan": plan,
        "preview": preview,
        "in_the_way": [(words_of_way(why), count) for why, count in preview.in_the_way],
        "lacks": [
            (one, words_of_lack(one.of, one.count), words_of_way(one.why)) for one in preview.lack_rows
        ],
        "takes_tasks": plan.stage.is_running(),
    }
    return render(request, "selection/plan.html", context)


def _top_up_page(request: HttpRequest, stage: Stage, form: MomentForm, *, status: int = 200) -> HttpResponse:
    context = {"stage": stage, "form": form, "rule": rules.score_rule(stage.rule)}
    return render(request, "office/top_up.html", context, status=status)


def _capacity_page(request: HttpRequest, form: CapacityForm, *, status: int = 200) -> HttpResponse:
    context = {"capacities": plans.capacities_of(request.user), "form": form, "most": CapacityForm.MOST}
    return render(request, "selection/capacity.html", context, status=status)
