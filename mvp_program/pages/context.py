"""What every page's frame shows: the main navigation by role, the footer and who is signed in.

This is the one place that names the addresses of the frame. An entry appears when its page exists, so the
frame never links to nothing.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, is_valid_path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, eq=False)
class Entry:
    """One link of the frame, for everybody, for the signed-in or for those who hold one of ``roles``.

    ``also``: where pages lie that belong to it. There is one of each: they are told apart by which one they are.
    """

    address: str
    label: Any
    roles: tuple[str, ...] = ()
    signed_in: bool = False
    also: str = ""

    def holds(self, path: str) -> bool:
        return path.startswith(self.address) or bool(self.also and path.startswith(self.also))

    def is_for(self, user: Any) -> bool:
        if not (self.roles or self.signed_in):
            return True
        if user is None or not user.is_authenticated:
            return False
        return not self.roles or any(user.holds(role) for role in self.roles)


MAIN = (
    Entry("/me/", _("Home"), signed_in=True),
    Entry("/me/contributions/", _("Contributions"), signed_in=True),
    Entry("/review/", _("Workbench"), ("reviewer", "regional_lead", "council_member")),
    Entry("/board/", _("Decisions"), ("technology_lead", "program_office")),
    Entry("/office/", _("Office"), ("program_office", "auditor")),
    Entry("/roster/", _("Roster"), also="/people/"),
    Entry("/nominate/", _("Nominate")),
    Entry("/summits/", _("Summits")),
    Entry("/verify/", _("Verify an award")),
)
SEARCH = (
    Entry(
        "/review/search/",
        _("Search cases"),
        ("reviewer", "regional_lead", "council_member", "technology_lead", "program_office"),
    ),
)
FOOTER = (
    Entry("/about/", _("About the program")),
    Entry("/questions/", _("Questions")),
    Entry("/protocol/", _("How it is decided")),
    Entry("/numbers/", _("Numbers")),
    Entry("/code-of-conduct/", _("Code of conduct")),
    Entry("/privacy/", _("Privacy")),
    Entry("/accessibility/", _("Accessibility")),
    Entry("/api/v1/docs", _("API")),
    Entry("/demo/", _("Demo: choose who to be")),
    Entry("/outbox/", _("Demo: read the mail")),
)


@lru_cache(maxsize=256)
def _exists(address: str, urlconf: str) -> bool:
    return bool(is_valid_path(address, urlconf))


def entries_for(request: HttpRequest, entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """The entries this person sees; ``current`` is for ``aria-current``: page, true (below it) or empty."""
    user = getattr(request, "user", None)
    language, urlconf = get_language(), get_urlconf() or settings.ROOT_URLCONF
    theirs = [entry for entry in entries if _exists(entry.address, urlconf) and entry.is_for(user)]
    inside = max((e.address for e in theirs if e.holds(request.path)), key=len, default="")
    return [
        {
            "address": entry.address,
            "label": _said(entry, language),
            "current": _current(entry, inside, request.path),
        }
        for entry in theirs
    ]


@lru_cache(maxsize=256)
def _said(entry: Entry, _language: str | None) -> str:
    return str(entry.label)


def _current(entry: Entry, inside: str, path: str) -> str:
    """A page in two sections counts for the narrower one."""
    if entry.address != inside:
        return ""
    return "page" if path == entry.address else "true"


def account_of(request: HttpRequest) -> dict[str, str] | None:
    """Name and key for the avatar in the corner; a user without a person shows their address."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    person = getattr(user, "person", None)
    return {"name": person.name if person else str(user), "key": person.key if person else str(user.pk)}


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: a fragment or a mail that shows no frame asks nothing of the database."""
    return {
        "site_nav": SimpleLazyObject(lambda: entries_for(request, MAIN)),
        "search_nav": SimpleLazyObject(lambda: entries_for(request, SEARCH)),
        "account": SimpleLazyObject(lambda: account_of(request)),
        "demo": settings.DEMO,
        "footer_nav": SimpleLazyObject(lambda: entries_for(request, FOOTER)),
    }
