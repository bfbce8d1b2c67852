"""The invitation: one page, reached by the mailed link or signed in, and its answers."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charter.queries import program
from common.errors import RuleBroken
from nominations import actions, links, states
from nominations.eligibility import oneself_obstacle
from nominations.emails import nominator_in_words
from nominations.forms.answer import AcceptForm, CorrectionForm
from nominations.invitation import what_is_held
from nominations.models import AccessLink, Nomination
from nominations.permissions import can_answer, get_nomination
from nominations.queries import dossier_of, last_day_to_answer
from nominations.renewals import award_of, last_year_of
from nominations.views.links import find_link, link_over, sign_in, signed_in
from people.queries import person_by_address, person_of

EMPTY = {"accept": None, "correct": None}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def nomination_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """By the mailed link, without an account."""
    link = find_link(token, AccessLink.Purpose.INVITATION)
    if link.used_at or links.has_ended(link) or link.nomination.state != states.INVITED:
        return link_over(request, link)
    return _answer(request, link.nomination, link)


@never_cache
@require_http_methods(["GET", "POST"])
def nomination_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Signed in as the nominee."""
    nomination = get_nomination(request.user, key, to=can_answer)
    if request.method == "GET" and nomination.state != states.INVITED:
        return redirect("nomination", key=key)
    return _answer(request, nomination, None)


def _answer(request: HttpRequest, nomination: Nomination, link: AccessLink | None) -> HttpResponse:
    answer = request.POST.get("answer", "")
    if request.method == "GET" or answer not in ("accept", "later", "refuse", "correct", "retire", "may_not"):
        return _page(request, nomination, link)
    if answer == "accept":
        return _accept(request, nomination, link)
    if answer == "correct":
        return _correct(request, nomination, link)
    if answer == "retire":
        nomination = actions.retire(nomination, by=signed_in(request), link=link)
        return render(
            request, "nominations/links/retired.html", {"nomination": nomination, "ends": _ends(nomination)}
        )
    nomination = actions.decline_nomination(
        nomination,
        by=signed_in(request),
        for_good=answer == "refuse",
        link=link,
        may_not=answer == "may_not",
    )
    return render(
        request, "nominations/links/declined.html", {"nomination": nomination, "for_good": answer == "refuse"}
    )


def _accept(request: HttpRequest, nomination: Nomination, link: AccessLink | None) -> HttpResponse:
    form = _accept_form(nomination, request)
    if not form.is_valid():
        return _page(request, nomination, link, accept=form, status=422)
    try:
        _case, user = actions.accept_nomination(
            nomination,
            by=signed_in(request),
            agreements=form.signed(),
            attested=form.cleaned_data["attested"],
            nominator_may_learn=form.cleaned_data.get("may_learn", False),
            link=link,
        )
    except RuleBroken as broken:
        form.add_error(None, broken.sentence)
        return _page(request, nomination, link, accept=form, status=broken.status)
    sign_in(request, user)
    messages.success(request, _("Thank you. Now choose what reviewers read."))
    return redirect("nominations:dossier", key=nomination.key)


def _correct(request: HttpRequest, nomination: Nomination, link: AccessLink | None) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, nomination, link, correct=form, status=422)
    actions.correct_nomination(nomination, **form.cleaned_data, by=signed_in(request))
    messages.success(request, _("Corrected. You can still choose your answer below."))
    return redirect(request.path)


def _ends(nomination: Nomination) -> dt.date | None:
    """The last day of the award that is not renewed."""
    award = award_of(nomination.nominee, nomination) if nomination.nominee else None
    return award.ends if award else None


def _accept_form(nomination: Nomination, request: HttpRequest | None = None) -> AcceptForm:
    return AcceptForm(
        request.POST if request else None,
        organiser=program().organiser,
        nominator=nominator_in_words(nomination),
        renewal=nomination.is_renewal,
    )


def _page(
    request: HttpRequest,
    nomination: Nomination,
    link: AccessLink | None,
    *,
    accept: AcceptForm | None = None,
    correct: CorrectionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = person_of(signed_in(request))
    owner = person_by_address(link.email, confirmed_only=True) if link else reader
    given = {"name": nomination.nominee_name, "country": str(nomination.country)}
    context = {
        "nomination": nomination,
        "link": link,
        "address": request.path,
        "not_yours": oneself_obstacle(nomination, owner=owner, reader=reader),
        "house": program(),
        "nominator": nominator_in_words(nomination),
        "statements": dossier_of(nomination)["statements"],
        "held": what_is_held(nomination),
        "accept": accept or _accept_form(nomination),
        "correct": correct or CorrectionForm(initial=given),
        "until": link.ends_at if link else last_day_to_answer(nomination),
        "last_year": last_year_of(nomination) if nomination.is_renewal else None,
    }
    return render(request, "nominations/links/invitation.html", context, status=status)
