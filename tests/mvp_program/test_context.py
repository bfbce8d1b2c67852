"""The frame: who sees which entries, what is current, who is signed in."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from mvp_program.pages.context import FOOTER, MAIN, account_of, entries_for


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path(entry.address.lstrip("/"), nothing) for entry in MAIN]
pytestmark = pytest.mark.usefixtures("_addresses")


@pytest.fixture
def _addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def shown(address: str, *roles: str, signed_in: bool = True) -> dict[str, str]:
    """Address → what ``aria-current`` says, of the entries that somebody with these roles sees."""
    request = RequestFactory().get(address)
    known = SimpleNamespace(is_authenticated=True, holds=lambda role: role in roles)
    request.user = known if signed_in else AnonymousUser()  # type: ignore[assignment]
    return {entry["address"]: entry["current"] for entry in entries_for(request, MAIN)}


def test_a_visitor_sees_the_public_entries() -> None:
    assert list(shown("/", signed_in=False)) == ["/roster/", "/nominate/", "/summits/", "/verify/"]


@pytest.mark.parametrize(
    ("role", "staff_pages"),
    [
        ("reviewer", {"/review/"}),
        ("regional_lead", {"/review/"}),
        ("council_member", {"/review/"}),
        ("technology_lead", {"/board/"}),
        ("program_office", {"/board/", "/office/"}),
        ("auditor", {"/office/"}),
        ("event_host", set()),
    ],
)
def test_each_role_sees_its_own_pages(role: str, staff_pages: set[str]) -> None:
    assert set(shown("/", role)) - set(shown("/")) == staff_pages


def test_the_entry_of_a_page_is_current_and_that_of_its_section_too() -> None:
    assert shown("/roster/")["/roster/"] == "page"
    assert shown("/roster/2004/")["/roster/"] == "true"
    assert shown("/roster/")["/verify/"] == ""


def test_of_two_sections_the_narrower_one_is_current() -> None:
    now = shown("/me/contributions/K7Q2M4XD/")
    assert (now["/me/contributions/"], now["/me/"]) == ("true", "")


def test_a_page_that_does_not_exist_has_no_entry() -> None:
    assert entries_for(RequestFactory().get("/"), FOOTER) == []


def test_nobody_is_signed_in_outside_of_a_session() -> None:
    assert account_of(RequestFactory().get("/")) is None
