"""What somebody does with their account's papers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import sign_agreements
from accounts.requests import SignedInRequest
from charter.queries import agreement_in_force


@require_POST
def agreement_sign(request: SignedInRequest, kind: str, version: str) -> HttpResponse:
    """Agree to the version in force; what has been replaced meanwhile cannot be signed any more."""
    agreement = agreement_in_force(kind)
    if agreement is None or agreement.version != version:
        messages.warning(request, _("This text has a newer version. Please read it before you sign."))
    elif "agree" not in request.POST:
        messages.warning(request, _("Tick the box to say that you have read it."))
    else:
        sign_agreements(request.user, [agreement])
        messages.success(request, _("Signed: %(title)s.") % {"title": agreement.title})
    return redirect("/me/#agreements")
