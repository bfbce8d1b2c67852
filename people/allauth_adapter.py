"""Where allauth meets us: its mail goes through the outbox, and whoever signs in is a person."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common import outbox
from common.errors import RuleBroken
from common.keys import new_key
from people import actions
from people.sign_up import NAME_IN_SESSION

# allauth's template -> our kind of mail
KINDS = {
    "account/email/login_code": "account_login_code",
    "account/email/email_confirmation": "account_confirm_address",
    "account/email/email_confirmation_signup": "account_confirm_address",
    "account/email/unknown_account": "account_unknown",
    "account/email/account_already_exists": "account_exists",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in follows confirmed addresses; ``people.Address`` is the truth."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code of our last mail."),
        "email_password_mismatch": _("No account has this address and password."),
        "too_many_login_attempts": _("That was too often. Wait five minutes, then ask for a new code."),
        "rate_limited": _("That was too often. Wait a minute and try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write an outbox row. Known and unknown addresses get one each, so that nothing tells them apart."""
        keys = {"code": context["code"]} if "code" in context else {}
        outbox.post(
            KINDS[template_prefix],
            to=email,
            cause=f"account/{new_key(20)}",
            keys=keys,
            language=get_language() or "en",
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        """allauth's own would link to a password form; here the way in is a code."""
        self.send_mail("account/email/account_already_exists", email, {})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where one came from; allauth's own is the form again."""
        return reverse("people:account")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The last step of every way to sign in: see that the user is a person, then open the session."""
        try:
            actions.admit(user, name=request.session.pop(NAME_IN_SESSION, ""))  # type: ignore[arg-type]
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
            raise ImmediateHttpResponse(redirect("account_login")) from None
        super().login(request, user)
