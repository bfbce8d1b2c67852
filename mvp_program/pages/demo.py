"""A demo's own pages: be anybody of the cast, read the mail. Mounted by ``demo_urls`` only; see ``mvp_program.demo``.

Each page checks again that this is a demo: the address alone opens nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common import delivery, queries
from common.http import letter_page
from common.models import OutboxMail
from common.outbox import Letter
from people.queries import people_with_accounts

MAILS_A_PAGE = 25
STARTS = (  # where a role's day begins; the first that fits and exists
    ("program_office", "/office/"),
    ("auditor", "/office/"),
    ("technology_lead", "/board/"),
    ("council_member", "/review/"),
    ("regional_lead", "/review/"),
    ("reviewer", "/review/"),
)
View = Callable[..., HttpResponse]


def only_in_a_demo(view: View) -> View:
    """404 unless ``DEMO=1`` and the database bears the mark; the third condition is checked at the start."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO or not queries.is_marked_as_demo():
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(guarded))


@only_in_a_demo
@require_safe
def demo_people(request: HttpRequest) -> HttpResponse:
    """``/demo/``: who there is to be, and what they can do."""
    return render(request, "demo/people.html", {"cast": cast_members()})


@only_in_a_demo
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast, and of nobody else."""
    chosen = [m["person"] for m in cast_members() if m["person"].key == request.POST.get("person")]
    if not chosen:
        raise Http404
    login(request, chosen[0].user)
    return redirect(start_of(request.user))


@only_in_a_demo
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """``/outbox/``: every mail, newest first."""
    query = request.GET.get("q", "").strip()[:200]
    mails = Paginator(queries.mails_matching(query), MAILS_A_PAGE)
    return render(
        request, "demo/outbox.html", {"page": mails.get_page(request.GET.get("page")), "query": query}
    )


@only_in_a_demo
@require_safe
def outbox_mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail as it was sent, or will be: head, HTML part in a frame of its own, text part."""
    mail = mail_or_404(key)
    return render(request, "demo/mail.html", {"mail": mail, "key": key, "letter": letter_of(mail, request)})


@only_in_a_demo
@require_safe
def outbox_mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part alone; its links lead the whole page on."""
    letter = letter_of(mail_or_404(key), request)
    if letter is None:
        raise Http404
    return letter_page(letter.html)


def cast_members() -> list[dict[str, Any]]:
    """The rows of the fact ``cast`` with their persons; two queries however many they are."""
    rows = queries.site_fact("cast") or []
    people = people_with_accounts(row["person"] for row in rows)
    return [{**row, "person": people[row["person"]]} for row in rows if row["person"] in people]


def mail_or_404(key: str) -> OutboxMail:
    mail = queries.mail_by_key(key)
    if mail is None:
        raise Http404
    return mail


def start_of(user: Any) -> str:
    """The page where the user's work is; their own pages where none is."""
    starts = [address for role, address in STARTS if user.holds(role)]
    return next((address for address in [*starts, "/me/"] if is_valid_path(address)), "/demo/")


def letter_of(mail: OutboxMail, request: HttpRequest) -> Letter | None:
    """The letter with its links leading to the address in the browser's bar; ``None`` if it cannot be written.

    A visitor at 127.0.0.1 who was led to localhost would be a stranger there.
    """
    try:
        letter = delivery.write(mail)
    except Exception:
        return None
    here = request.build_absolute_uri("/").rstrip("/")
    return Letter(
        subject=letter.subject,
        text=letter.text.replace(settings.SITE_URL, here),
        html=letter.html.replace(settings.SITE_URL, here),
    )
