"""What mailed links open. Mail software follows links: a GET shows a page, a POST does something."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from nominations import actions, links, states
from nominations.models import AccessLink
from nominations.views.wizard import hold


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def nomination_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The nominator's address is theirs: the button sends the nomination and signs them in."""
    link = find_link(token, AccessLink.Purpose.CONFIRM)
    if link.used_at or links.has_ended(link) or link.nomination.state != states.DRAFT:
        return link_over(request, link)
    if request.method == "GET":
        return render(
            request, "nominations/links/confirm.html", {"link": link, "sent": link.nomination.draft["sent"]}
        )
    nomination, person = actions.confirm_nomination(link)
    if person.user is not None:
        sign_in(request, person.user)
    messages.success(request, _("Thank you. The nomination is sent."))
    return redirect("nomination", key=nomination.key)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def nomination_resume(request: HttpRequest, token: str) -> HttpResponse:
    """A draft is gone on with in this browser."""
    link = find_link(token, AccessLink.Purpose.RESUME)
    if links.has_ended(link) or link.nomination.state != states.DRAFT:
        return link_over(request, link)
    if request.method == "GET":
        return render(request, "nominations/links/resume.html", {"link": link})
    hold(request, link.nomination.key)
    return redirect("nominations:write", key=link.nomination.key, step="about")


def find_link(token: str, purpose: str) -> AccessLink:
    """The link of an address; a wrong one is 404, whatever is wrong with it."""
    link = links.link_of(token, purpose=purpose)
    if link is None:
        raise Http404
    return link


def link_over(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """410: the link has been used or has ended, on a day, or the case went on without it."""
    context = {
        "link": link,
        "has_ended": links.has_ended(link),
        "goes_on": link.nomination.state in states.OPEN | states.OUTCOMES,
    }
    return render(request, "nominations/links/over.html", context, status=410)


def sign_in(request: HttpRequest, user: User) -> None:
    """Whoever reads the mailbox is its owner, as with a code sent by mail."""
    if not user.is_active:
        raise PermissionDenied(_("This account is closed. Please write to the program office."))
    if request.user != user:
        login(request, user)


def signed_in(request: HttpRequest) -> Any:
    """The user, or nobody."""
    return request.user if request.user.is_authenticated else None
