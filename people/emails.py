"""Mail about signing in and one's account, and word to the office about addresses.

Codes work for 15 minutes, in the browser that asked for them.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import registry
from common.letters import site_address, write_letter
from common.mail_groups import NEWS, OFFICE, SIGN_IN, kind_in_words
from common.models import Bounce
from common.outbox import Letter
from people.models import Person


def login_code(keys: Mapping[str, Any], language: str) -> Letter:
    return _with_code("account_login_code", "account_confirm_login_code", keys, language)


def confirm_address(keys: Mapping[str, Any], language: str) -> Letter:
    return _with_code("account_confirm_address", "account_email_verification_sent", keys, language)


def unknown_account(keys: Mapping[str, Any], language: str) -> Letter:
    facts = {"sign_up": site_address(reverse("account_signup"))}
    return write_letter("account_unknown", facts, language=language)


def account_exists(keys: Mapping[str, Any], language: str) -> Letter:
    facts = {"sign_in": site_address(reverse("account_login"))}
    return write_letter("account_exists", facts, language=language)


def _with_code(template: str, page: str, keys: Mapping[str, Any], language: str) -> Letter:
    """The link opens the page with the code filled in; pressing the button there is what counts."""
    link = site_address(f"{reverse(page)}?{urlencode({'code': keys['code']})}")
    return write_letter(template, {"code": keys["code"], "link": link}, language=language)


def confirm_added_address(keys: Mapping[str, Any], language: str) -> Letter:
    facts = {
        "called": _called(keys),
        "link": site_address(reverse("people:address_confirm", args=[keys["token"]])),
    }
    return write_letter("people/confirm_address", facts, language=language)


def addresses_changed(keys: Mapping[str, Any], language: str) -> Letter:
    facts = {"called": _called(keys), "page": site_address(reverse("people:account"))}
    return write_letter("people/addresses_changed", facts, language=language)


def export_ready(keys: Mapping[str, Any], language: str) -> Letter:
    facts = {"called": _called(keys), "page": site_address(f"{reverse('people:account')}#data")}
    return write_letter("people/export_ready", facts, language=language)


def still_right(keys: Mapping[str, Any], language: str) -> Letter:
    """Once a year: is your profile still right?"""
    slug = keys.get("slug") or Person.objects.get(key=keys["person"]).slug
    facts = {
        "called": _called(keys),
        "page": site_address(reverse("person", args=[slug])),
        "edit": site_address(reverse("people:profile_edit", args=[slug])),
    }
    return write_letter("people/still_right", facts, language=language)


def _called(keys: Mapping[str, Any]) -> str:
    return keys.get("called") or Person.objects.get(key=keys["person"]).called


def bounced(keys: Mapping[str, Any], language: str) -> Letter:
    """To the office: an address bounces. Which one stands on the page, for those who may see it."""
    facts = {"kind": Bounce.Kind(keys["bounce"]).label, "mail": kind_in_words(keys["mail"])}
    return write_letter("bounced", facts | {"link": site_address("/office/mail/")}, language=language)


MAILS = {
    "account_login_code": login_code,
    "account_confirm_address": confirm_address,
    "account_unknown": unknown_account,
    "account_exists": account_exists,
    "people.confirm_address": confirm_added_address,
    "people.addresses_changed": addresses_changed,
    "people.export_ready": export_ready,
    "people.still_right": still_right,
}
NAMES = {
    "account_login_code": _("Code to sign in"),
    "account_confirm_address": _("Code for a new account"),
    "account_unknown": _("Nobody has this address"),
    "account_exists": _("There is an account already"),
    "people.confirm_address": _("Confirming another address"),
    "people.addresses_changed": _("Addresses have changed"),
    "people.export_ready": _("The export of one's data is ready"),
    "people.still_right": _("Is your profile still right?"),
    "people.bounced": _("An address bounces"),
}


def register() -> None:
    """Tell the worker how each kind is written, to which group it belongs, and how the office sees it."""
    registry.mails.update(MAILS)
    registry.mail_names.update(NAMES)
    signing_in = [kind for kind in MAILS if kind.startswith("account_") or kind == "people.confirm_address"]
    registry.mail_groups.update(dict.fromkeys(signing_in, SIGN_IN) | {"people.still_right": NEWS})
    for kind, write in MAILS.items():
        invented = {"code": "ABCD-EFGH", "called": "Ilmārs", "token": "invented", "slug": "invented"}
        registry.mail_examples[kind] = partial(write, invented)
    registry.mails["people.bounced"] = bounced
    registry.mail_groups["people.bounced"] = OFFICE
    registry.mail_examples["people.bounced"] = partial(
        bounced, {"bounce": Bounce.Kind.HARD, "mail": "nominations.invitation"}
    )
