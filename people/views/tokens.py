"""Tokens for the API, at ``/me/account/#tokens``: made, shown once, revoked."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.actions import make_token, revoke_token
from accounts.queries import tokens_of
from accounts.requests import SignedInRequest
from common.errors import RuleBroken
from people.forms import TokenForm
from people.views.account import own, page


@require_POST
@never_cache
def token_make(request: SignedInRequest) -> HttpResponse:
    """The page again, with the token: it is not kept, so no later page can show it."""
    own(request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return page(request, new_token=form, status=422)
    try:
        _row, text = make_token(request.user, by=request.user, **form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(None, broken.sentence)
        return page(request, new_token=form, status=broken.status)
    return page(request, made_token=text)


@require_POST
def token_revoke(request: SignedInRequest, key: str) -> HttpResponse:
    own(request)
    chosen = [token for token in tokens_of(request.user) if token.key == key]
    if not chosen:
        raise Http404
    revoke_token(chosen[0], by=request.user)
    messages.success(request, _("The token is revoked. It opens nothing any more."))
    return redirect("/me/account/#tokens")
