"""Files into one's own log: hand in, look, take over, undo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common.errors import Outdated, RuleBroken
from common.records import refuse_large
from common.sheets import write_csv
from common.uploads import was_refused
from contributions import actions, states
from contributions.forms import ImportForm
from contributions.importing.plan import CHANGED, KEEP, KINDS, NEW, SAME
from contributions.models import ContributionImport
from contributions.permissions import get_import
from contributions.queries import imports_to_show, rows_of_import, suggestions_of, types_in_use
from contributions.words import FATES, day_said, fate_in_words, side_by_side
from people.queries import person_of

PAGE = 50


@require_http_methods(["GET", "POST"])
def import_list(request: SignedInRequest) -> HttpResponse:
    """Hand in a file; what was imported lately, with the way back."""
    person = person_of(request.user)
    form = ImportForm()
    if request.method == "POST" and person is not None:
        form = ImportForm(request.POST, request.FILES, too_large=was_refused(request))
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                refuse_large(file.size)
                made = actions.check_import(person, name=file.name, content=file.read(), by=request.user)
                return redirect("contributions:import", key=made.key)
            except RuleBroken as broken:
                form.add_error("file", broken.sentence)
    context = {"form": form, "imports": imports_to_show(request.user), "types": types_in_use()}
    return render(request, "contributions/imports.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def import_show(request: SignedInRequest, key: str) -> HttpResponse:
    """What would happen to each row; afterwards what did."""
    return _page(request, get_import(request.user, key))


@require_POST
def import_confirm(request: SignedInRequest, key: str) -> HttpResponse:
    """Take the file over as it was shown, with what was decided on the suggestions."""
    made = get_import(request.user, key)
    choices = {
        int(name[4:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("row-") and name[4:].isascii() and name[4:].isdigit() and len(name) < 12
    }
    try:
        actions.import_contributions(made, choices=choices, by=request.user)
    except Outdated as outdated:
        return _page(request, made, refused=outdated)
    messages.success(request, _("Imported. You can undo it here for two weeks."))
    return redirect("contributions:import", key=key)


@require_POST
def import_discard(request: SignedInRequest, key: str) -> HttpResponse:
    actions.discard_import(get_import(request.user, key), by=request.user)
    messages.success(request, _("Your log is as it was."))
    return redirect("contributions:list")


@require_POST
def import_undo(request: SignedInRequest, key: str) -> HttpResponse:
    undone, kept = actions.undo_import(get_import(request.user, key), by=request.user)
    words = ngettext("%(number)d entry was taken back.", "%(number)d entries were taken back.", undone)
    stays = ngettext(
        "%(number)d stays, because you edited it since.",
        "%(number)d stay, because you edited them since.",
        kept,
    )
    said = [words % {"number": undone}] + ([stays % {"number": kept}] if kept else [])
    messages.success(request, " ".join(said))
    return redirect("contributions:imports")


@require_GET
def import_report(request: SignedInRequest, key: str) -> HttpResponse:
    """Every row, its fate and the reason, as a table to keep."""
    made = get_import(request.user, key)
    header = [_("Row"), _("What happens"), _("Title"), _("Reason"), _("Type"), _("Date")]
    rows = [
        [row.line, str(FATES[row.fate][0]), row.title, fate_in_words(row), row.type_name, row.day]
        for row in rows_of_import(made)
    ]
    headers = {"Content-Disposition": f'attachment; filename="import-{made.key}.csv"'}
    return HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8", headers=headers)


def _page(
    request: SignedInRequest, made: ContributionImport, *, refused: RuleBroken | None = None
) -> HttpResponse:
    fate = request.GET.get("fate", "") if request.GET.get("fate") in KINDS else ""
    page = Paginator(rows_of_import(made, fate), PAGE).get_page(request.GET.get("page"))
    is_open = made.state == states.CHECKED
    twins = suggestions_of(made) if is_open else []
    counts = _as_advised(made.counts, [row.advice for row, _entry in twins])
    parts = [
        {"number": counts[kind], "words": FATES[kind][0], "note": FATES[kind][1], "kind": kind}
        for kind in KINDS
    ]
    context: dict[str, Any] = {
        "made": made,
        "is_open": is_open,
        "may_undo": made.state == states.IMPORTED,
        "parts": parts,
        "label": ", ".join(f"{part['number']} {part['words']}" for part in parts),
        "total": sum(counts.values()),
        "writes": counts[NEW] + counts[CHANGED],
        "twins": [(row, side_by_side(row, entry)) for row, entry in twins],
        "page": page,
        "rows": [
            (row, FATES[row.fate][0], FATES[row.fate][2], fate_in_words(row), day_said(row)) for row in page
        ],
        "fate": fate,
        "refused": refused.sentence if refused else "",
        "until": actions.undo_ends(made),
    }
    return render(request, "contributions/import.html", context, status=refused.status if refused else 200)


def _as_advised(counts: dict[str, int], advice: list[str]) -> dict[str, int]:
    """The counts if the suggestions are left as they are ticked."""
    kept = advice.count(KEEP)
    held = {kind: counts.get(kind, 0) for kind in KINDS}
    return held | {NEW: held[NEW] - kept, SAME: held[SAME] + kept}
