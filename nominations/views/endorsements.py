"""An endorser writes, or declines, by their link; the nominee asks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import Outdated
from common.http import sent
from common.windows import print_of
from nominations import actions, links
from nominations.forms.answer import EndorsementForm
from nominations.models import AccessLink, Support
from nominations.views.links import find_link, link_over, signed_in


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def endorsement_write(request: HttpRequest, token: str) -> HttpResponse:
    """Open until the dossier is complete; what was written can be changed as often as one likes."""
    link = find_link(token, AccessLink.Purpose.ENDORSE)
    support = link.support
    if support is None or links.has_ended(link) or not links.endorsement_is_open(link):
        return link_over(request, link)
    form = EndorsementForm(
        sent(request),
        initial={"statement": support.statement, "employer": support.employer},
        asks_employer=link.nomination.cycle.different_employer_required
        and support.kind == Support.Kind.CO_NOMINATOR,
    )
    if request.POST.get("answer") == "decline":
        actions.decline_endorsement(support, by=signed_in(request))
        messages.success(request, _("You declined. Nobody is told why."))
        return redirect(request.path)
    if request.POST.get("answer") == "erase":
        actions.erase_endorser(support, by=signed_in(request))
        return render(request, "nominations/links/endorser_erased.html", {"nomination": link.nomination})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("seen")
            actions.write_endorsement(support, **form.cleaned_data, by=signed_in(request), seen=seen)
        except Outdated as outdated:
            form.add_error(None, outdated.sentence)
            status = outdated.status
        else:
            messages.success(request, _("Thank you. Your words are saved; you can change them here."))
            return redirect(request.path)
    context = {
        "link": link,
        "nomination": link.nomination,
        "support": support,
        "form": form,
        "seen": print_of(support.statement, support.employer),
    }
    status = status if status != 200 or not form.errors else 422
    return render(request, "nominations/links/endorsement.html", context, status=status)
