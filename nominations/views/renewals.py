"""The office opens renewals: first who would be invited and who not, then all at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nominations import actions
from nominations.permissions import can_open_renewals, get_cycle
from nominations.renewals import REASONS, Preview, may_open_now, renewals_of

ROWS = 50


@require_safe
@never_cache
def renewal_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is invited, in which areas, who is left out and why. Changes nothing."""
    cycle = get_cycle(request.user, slug, to=can_open_renewals)
    preview = Preview(renewals_of(cycle))
    reason = request.GET.get("show", "")
    reason = reason if reason in REASONS else ""
    context = {
        "cycle": cycle,
        "preview": preview,
        "chosen": len(preview.chosen),
        "may_open": may_open_now(cycle),
        "reason": reason,
        "words": REASONS.get(reason, ""),
        "page": Paginator(preview.shown(reason), ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "office/renewals.html", context)


@require_POST
def renewals_open(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a case for each of them, as many as the preview showed."""
    cycle = get_cycle(request.user, slug, to=can_open_renewals)
    shown = request.POST.get("expected", "")
    expected = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 9 else -1
    opened = actions.open_renewals(cycle, by=request.user, expected=expected).opened  # type: ignore[arg-type]
    sentence = ngettext(
        "%(number)s renewal is open; its holder gets a mail.",
        "%(number)s renewals are open; their holders get a mail each.",
        opened,
    )
    messages.success(request, sentence % {"number": opened} if opened else _("There was nobody to invite."))
    return redirect("nominations:renewals", slug=slug)
