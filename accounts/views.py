"""What somebody does with their account's papers and sessions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.actions import end_sessions, sign_agreements
from accounts.queries import sessions_of
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


@require_POST
def session_end(request: SignedInRequest, key: str) -> HttpResponse:
    """Sign one of one's own devices out; one that is out already was somebody else's or has ended."""
    chosen = [session for session in sessions_of(request.user) if session.key == key]
    if not chosen:
        raise Http404
    end_sessions(request.user, chosen, by=request.user)
    messages.success(request, _("That device is signed out."))
    return redirect("/me/account/#devices")


@require_POST
def sessions_end_others(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    others = [s for s in sessions_of(request.user) if s.session_key != request.session.session_key]
    ended = end_sessions(request.user, others, by=request.user)
    if ended:
        words = ngettext("%(number)s device is signed out.", "%(number)s devices are signed out.", ended)
        messages.success(request, words % {"number": ended})
    else:
        messages.info(request, _("You are signed in nowhere else."))
    return redirect("/me/account/#devices")
