"""The buttons of a case's page. Each answers with a redirect; a rule that says no shows its sentence."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common.errors import RuleBroken
from common.http import go, sent
from nominations import actions, queries, states
from nominations.forms.answer import AddressForm, NoteForm
from nominations.forms.office import IneligibleForm, MergeForm, ReasonForm
from nominations.models import Nomination
from nominations.permissions import (
    acts_for,
    can_correct_address,
    can_decline_award,
    can_mark_ineligible,
    can_merge,
    can_reopen,
    can_request_second_look,
    can_withdraw,
    get_nomination,
)
from nominations.words import what_happened

VERBS = {"ineligible": "mark_ineligible", "second_look": "request_second_look"}  # page of an act → its verb


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_withdraw(request: SignedInRequest, key: str) -> HttpResponse:
    """The nominee ends the case; a nominator takes back what they brought. GET asks once more."""
    nomination = get_nomination(request.user, key, to=can_withdraw)
    is_nominee = queries.NOMINEE in queries.relations_of(request.user, nomination)
    form = NoteForm(sent(request))
    if request.method == "GET" and is_nominee and "withdraw" not in acts_for(request.user, nomination):
        return _ask(request, "withdraw", nomination, form, closed=what_happened(nomination))
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "withdraw", nomination, form, is_nominee=is_nominee)
    if is_nominee:
        actions.withdraw_nomination(nomination, by=request.user, note=form.cleaned_data["note"])
    else:
        actions.take_back_nomination(nomination, by=request.user)
    messages.success(request, _("The nomination is withdrawn."))
    return go(request, f"/nominations/{key}/")


@never_cache
@require_http_methods(["GET", "POST"])
def address_correct(request: SignedInRequest, key: str) -> HttpResponse:
    """The nominator writes an address anew that takes no mail."""
    nomination = get_nomination(request.user, key, to=can_correct_address)
    if request.method == "GET" and not queries.address_bounced(nomination):
        return redirect("nomination", key=key)
    form = AddressForm(sent(request))
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "address", nomination, form)
    try:
        actions.correct_address(nomination, email=form.cleaned_data["email"], by=request.user)
    except RuleBroken as broken:
        form.add_error("email", broken.sentence)
        return _ask(request, "address", nomination, form, status=broken.status)
    messages.success(request, _("Corrected. The invitation goes to the new address."))
    return go(request, f"/nominations/{key}/")


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_reopen(request: SignedInRequest, key: str) -> HttpResponse:
    nomination = get_nomination(request.user, key, to=can_reopen)
    return _decide(request, "reopen", nomination, ReasonForm(sent(request)), actions.reopen_nomination)


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_ineligible(request: SignedInRequest, key: str) -> HttpResponse:
    nomination = get_nomination(request.user, key, to=can_mark_ineligible)

    def act(case: Nomination, *, by: Any, reason_code: Any, note: str) -> None:
        actions.mark_ineligible(case, by=by, reason_code=reason_code.code, note=note)

    return _decide(request, "ineligible", nomination, IneligibleForm(sent(request)), act)


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_merge(request: SignedInRequest, key: str) -> HttpResponse:
    nomination = get_nomination(request.user, key, to=can_merge)

    def act(case: Nomination, *, by: Any, into: str, reason: str) -> None:
        kept = queries.case_in_office_of(by, into)
        if kept is None:
            raise RuleBroken(_("There is no case with this key."))
        actions.merge_nominations(kept, case, by=by, reason=reason)

    like = queries.cases_like(request.user, nomination)
    return _decide(request, "merge", nomination, MergeForm(sent(request)), act, like=like)


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_undo_merge(request: SignedInRequest, key: str) -> HttpResponse:
    nomination = get_nomination(request.user, key, to=can_merge)
    return _decide(request, "undo_merge", nomination, ReasonForm(sent(request)), actions.undo_merge)


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_second_look(request: SignedInRequest, key: str) -> HttpResponse:
    nomination = get_nomination(request.user, key, to=can_request_second_look)
    return _decide(request, "second_look", nomination, ReasonForm(sent(request)), actions.request_second_look)


@require_POST
def award_decline(request: SignedInRequest, key: str) -> HttpResponse:
    nomination = get_nomination(request.user, key, to=can_decline_award)
    actions.decline_award(nomination, by=request.user)
    messages.success(request, _("You declined the award. Its page says so."))
    return go(request, f"/nominations/{key}/")


def _decide(
    request: SignedInRequest, act_name: str, nomination: Nomination, form: Any, act: Any, **facts: Any
) -> HttpResponse:
    """GET asks for what the act needs, or says why it cannot be done; POST acts, and keeps what was typed where a rule
    says no."""
    if request.method == "GET" and VERBS.get(act_name, act_name) not in acts_for(request.user, nomination):
        late = act_name == "second_look" and nomination.state == states.NOT_AWARDED
        closed = queries.why_no_second_look(nomination) if late else what_happened(nomination)
        return _ask(request, act_name, nomination, form, closed=closed)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, act_name, nomination, form, **facts)
    try:
        act(nomination, by=request.user, **form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(None, broken.sentence)
        return _ask(request, act_name, nomination, form, status=broken.status, **facts)
    messages.success(request, _("Done. The nominee's page shows it."))
    return go(request, f"/nominations/{nomination.key}/")


def _ask(
    request: SignedInRequest, act: str, nomination: Nomination, form: Any, *, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {"nomination": nomination, "form": form, "act": act, **facts}
    return render(
        request,
        f"nominations/acts/{act}.html",
        context,
        status=422 if form.errors and status == 200 else status,
    )
