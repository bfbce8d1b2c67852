"""``/me/account/``: language and zone, addresses, devices, data. Each form has an address of its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import sessions_of, tokens_of
from accounts.requests import SignedInRequest
from common import clock
from common.errors import RuleBroken
from people import actions
from people.forms import AddressForm, SettingsForm, TokenForm
from people.models import Address, Person
from people.queries import addresses_of, export_of, person_of
from people.tokens import address_at


def own(request: SignedInRequest) -> Person:
    """The person who is signed in; an account that no person has has nothing here."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    return person


def own_address(request: SignedInRequest, key: str) -> Address:
    found = [address for address in addresses_of(own(request)) if address.key == key]
    if not found:
        raise Http404
    return found[0]


@require_safe
@never_cache
def account(request: SignedInRequest) -> HttpResponse:
    return page(request)


def page(request: SignedInRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page, with a form as it was sent where something in it has to be put right."""
    person = own(request)
    context = {
        "person": person,
        "addresses": addresses_of(person),
        "sessions": sessions_of(request.user),
        "here": request.session.session_key,
        "export": export_of(person),
        "settings": SettingsForm(initial={"language": person.mail_language, "zone": person.zone}),
        "new_address": AddressForm(),
        "tokens": tokens_of(request.user),
        "new_token": TokenForm(),
        "today": clock.today(),
    }
    return render(request, "me/account.html", context | forms, status=status)


@require_POST
def settings_change(request: SignedInRequest) -> HttpResponse:
    person, form = own(request), SettingsForm(request.POST)
    if not form.is_valid():
        return page(request, settings=form, status=422)
    actions.change_settings(person, by=request.user, **form.cleaned_data)
    messages.success(request, _("Your settings are saved."))
    return redirect("people:account")


@require_POST
def address_add(request: SignedInRequest) -> HttpResponse:
    """Note an address and mail its link; the answer is the same whoever else has it."""
    person, form = own(request), AddressForm(request.POST)
    if not form.is_valid():
        return page(request, new_address=form, status=422)
    try:
        address = actions.add_address_and_ask(person, form.cleaned_data["email"], by=request.user)
    except RuleBroken as broken:
        form.add_error("email", broken.sentence)
        return page(request, new_address=form, status=broken.status)
    return _asked(request, address)


@require_POST
def address_ask(request: SignedInRequest, key: str) -> HttpResponse:
    address = own_address(request, key)
    actions.ask_to_confirm(address, by=request.user)
    return _asked(request, address)


def _asked(request: SignedInRequest, address: Address) -> HttpResponse:
    words = _("We sent a link to %(email)s. Open it within 3 days to confirm the address.")
    messages.success(request, words % {"email": address.email})
    return redirect("/me/account/#addresses")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address_confirm(request: SignedInRequest, token: str) -> HttpResponse:
    """The link of the mail: a page with a button, since mail software follows links."""
    address = address_at(own(request), token)
    if address is None:
        return render(request, "me/address_over.html", status=410)
    if request.method != "POST":
        return render(request, "me/address_confirm.html", {"address": address})
    actions.confirm_added_address(address, by=request.user)
    messages.success(
        request, _("%(email)s is confirmed. You can sign in with it.") % {"email": address.email}
    )
    return redirect("/me/account/#addresses")


@require_POST
def address_choose(request: SignedInRequest, key: str) -> HttpResponse:
    address = own_address(request, key)
    actions.choose_address(address, by=request.user)
    messages.success(request, _("Mail goes to %(email)s from now on.") % {"email": address.email})
    return redirect("/me/account/#addresses")


@require_POST
def address_remove(request: SignedInRequest, key: str) -> HttpResponse:
    address = own_address(request, key)
    actions.remove_address(address, by=request.user)
    messages.success(request, _("%(email)s is removed.") % {"email": address.email})
    return redirect("/me/account/#addresses")
