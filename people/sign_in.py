"""The pages of signing in: allauth's views with our forms. A code by mail first, a password for those who set one."""

import datetime as dt
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account import views
from allauth.account.fields import EmailField
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.actions import prepare_sign_in


def mask(email: str) -> str:
    """``nina@example.org`` → ``n…@example.org``: enough to notice a slip, not more than a shoulder should read."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


class RequestCodeForm(allauth_forms.RequestLoginCodeForm):
    """Asks for an address; says the same whether anybody has it."""

    email = EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("Any address that you have confirmed with us"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )

    def clean_email(self) -> str:
        prepare_sign_in(self.cleaned_data["email"])
        return super().clean_email()


class _WithoutPlaceholders:
    """A label needs no repeating inside its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)


class PasswordForm(_WithoutPlaceholders, allauth_forms.LoginForm):
    """For those who set a password."""

    def _setup_password_field(self) -> None:
        """Keep the field: allauth drops it where signing up asks for none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email")
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        prepare_sign_in(self.cleaned_data["login"])
        return super().clean_login()


class SetPasswordForm(_WithoutPlaceholders, allauth_forms.SetPasswordForm):
    """The first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new(self)


class ChangePasswordForm(_WithoutPlaceholders, allauth_forms.ChangePasswordForm):
    """Another password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        _name_new(self)


def _name_new(form: Any) -> None:
    """A new password, twice, in the words of our other forms."""
    form.fields["password1"].label = _("New password")
    form.fields["password2"].label = _("New password, once more")


class CodeForm(allauth_forms.ConfirmLoginCodeForm):
    """The code of our mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].max_length = 40
        self.fields["code"].widget = code_input()


class AddressCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code of our mail at sign-up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].max_length = 40
        self.fields["code"].widget = code_input()


class SignUpForm(allauth_forms.SignupForm):
    """An address; ``sign_up.NameForm`` adds the name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email")
        self.fields["email"].widget = forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254})

    def clean_email(self) -> str:
        prepare_sign_in(self.cleaned_data["email"])
        return super().clean_email()


def code_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "maxlength": 40}
    )


class CodePage:
    """What both pages that take a code show: where it went, and the code of the mail's link filled in."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say why where no code is waited for: allauth leads on without a word."""
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if request.user.is_anonymous and getattr(self, "_process", None) is None:
            messages.warning(request, gettext("This code has been used or has ended. Ask for a new one."))
        return response

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.request.GET.get("code", "")[:40].replace("\x00", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        sent_at = dt.datetime.fromtimestamp(self._process.state["at"], dt.UTC)  # type: ignore[attr-defined]
        return context | {"sent_to": mask(context["email"]), "sent_at": sent_at}


class LoginView(views.LoginView):
    """``/accounts/login/``: both ways in; this address takes the password's POST."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"code_form": RequestCodeForm(), "password_form": context["form"]}


class RequestCodeView(views.RequestLoginCodeView):
    """``/accounts/login/code/``: takes the POST of the first form of the same page."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"code_form": context["form"], "password_form": PasswordForm(request=self.request)}


@method_decorator(login_not_required, name="dispatch")
class ConfirmCodeView(CodePage, views.ConfirmLoginCodeView):
    """``/accounts/login/code/confirm/``."""


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class ConfirmAddressView(CodePage, views.ConfirmEmailVerificationCodeView):
    """``/accounts/confirm-email/``: the code of signing up. Who is signed in has nothing to confirm here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        return super().dispatch(request, *args, **kwargs)
