"""The transparency report of a cycle, as the office looks after it: what is published, and what counting anew would change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleBroken
from common.http import go
from selection import actions
from selection.forms import CorrectionForm
from selection.permissions import can_run_cycle
from selection.queries.transparency import (
    TITLES,
    TOTALS,
    WORDS,
    Report,
    changes_of,
    figures_of,
    following,
    published_report,
    totals_changed,
)
from selection.small_groups import Group
from selection.views.refusals import acting_user, refused


@never_cache
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """What a correction would change."""
    return _page(request, _report(request, slug))


@never_cache
@require_POST
def report_correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Count anew and publish, with the reason."""
    found = _report(request, slug)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        actions.correct_report(found.cycle, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, _report(request, slug), form=form))
    messages.success(request, _("The corrected report is published, with your reason."))
    return go(request, reverse("selection:report", args=[slug]))


def _report(request: HttpRequest, slug: str) -> Report:
    if not can_run_cycle(request.user):
        raise PermissionDenied
    found = published_report(slug)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Report, *, form: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    counted = figures_of(found.cycle, found.released_at)
    next_version = following(found.versions, counted)
    context = {
        "report": found,
        "columns": [{"label": one} for one in (_("Table"), _("Group"), _("As published"), _("Counted now"))],
        "rows": [
            [TOTALS[name], "–", *("–" if one is None else number_format(one) for one in (before, now))]
            for name, before, now in totals_changed(found.figures, counted)
        ]
        + [
            [TITLES[table], WORDS.get(name, name), _in_words(before), _in_words(now)]
            for table, name, before, now in changes_of(found.figures, counted)
        ],
        "differs": next_version != found.figures,
        "is_held_back": next_version != counted,
        "form": form or CorrectionForm(initial={"shown": found.number}),
    }
    return render(request, "office/report.html", context, status=status)


def _in_words(group: Group | None) -> str:
    if group is None:
        return "–"
    return _("%(awarded)s of %(cases)s awarded") % {"awarded": group.awarded, "cases": group.cases}
