"""The letters after a no: reasons and reviewers' words, chosen by the office before they go out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charter.models import Cycle
from common.errors import Outdated, RuleBroken
from common.http import go
from selection import actions, states
from selection.letter_forms import FeedbackFilterForm, LettersForm, ReasonChoiceForm
from selection.permissions import can_run_cycle
from selection.queries import feedback
from selection.queries.kept import kept_words
from selection.views.refusals import acting_user, refused

LETTERS_A_PAGE = 20


@never_cache
@require_safe
def feedback_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Each pending no with its reason and the comments that its letter may quote."""
    return _page(request, _cycle(request, slug))


@never_cache
@require_POST
def feedback_save(request: HttpRequest, slug: str) -> HttpResponse:
    """The letters of one page that were changed on it, all or none; "all" also quotes each comment of them that names
    nobody."""
    cycle = _cycle(request, slug)
    keys = request.POST.getlist("case")[:LETTERS_A_PAGE]
    decisions = list(feedback.decisions_to_explain(request.user, cycle, keys=keys))
    form = LettersForm(request.POST, feedback.rows_of(decisions))
    try:
        if overtaken := form.overtaken():
            words = _(
                "Somebody changed this since the page was opened: %(letters)s. Save again to put in yours."
            )
            raise Outdated(words % {"letters": "; ".join(overtaken)})
        count = actions.write_letters(form.letters(), by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, cycle, typed=form))
    said = ngettext("%(count)d letter is changed.", "%(count)d letters are changed.", count)
    messages.success(request, said % {"count": count})
    return go(request, f"{reverse('selection:feedback', args=[slug])}?{request.GET.urlencode()}")


@never_cache
@require_POST
def feedback_reason(request: HttpRequest, slug: str) -> HttpResponse:
    """One reason for every "not this time" of the filter that has none."""
    cycle = _cycle(request, slug)
    chosen = ReasonChoiceForm(request.POST, reasons=feedback.reasons_for(states.NOT_THIS_TIME))
    if not chosen.is_valid():
        return _page(request, cycle, chosen=chosen, status=422)
    found = FeedbackFilterForm(request.GET, cycle=cycle)
    rows = feedback.decisions_to_explain(
        request.user, cycle, category=found.chosen_category(), without_reason=True
    )
    try:
        count = actions.set_reason(
            list(rows), by=acting_user(request), reason_code=chosen.cleaned_data["reason"]
        )
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, cycle))
    said = ngettext("%(count)d letter has its reason now.", "%(count)d letters have their reason now.", count)
    messages.success(request, said % {"count": count})
    return go(request, f"{reverse('selection:feedback', args=[slug])}?{request.GET.urlencode()}")


def _page(
    request: HttpRequest,
    cycle: Cycle,
    *,
    typed: LettersForm | None = None,
    chosen: ReasonChoiceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form = FeedbackFilterForm(request.GET, cycle=cycle)
    found = feedback.decisions_to_explain(
        request.user, cycle, category=form.chosen_category(), without_reason=form.without_reason()
    )
    page = Paginator(found, LETTERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "form": form,
        "page": page,
        "letters": typed or LettersForm({}, feedback.rows_of(list(page))),
        "chosen": chosen or ReasonChoiceForm(reasons=feedback.reasons_for(states.NOT_THIS_TIME)),
        "without": feedback.decisions_to_explain(
            request.user, cycle, category=form.chosen_category(), without_reason=True
        ).count(),
        "query": request.GET.urlencode(),
        "kept": kept_words(request.user, cycle),
    }
    return render(request, "office/feedback.html", context, status=status)


def _cycle(request: HttpRequest, slug: str) -> Cycle:
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return get_object_or_404(Cycle, slug=slug)
