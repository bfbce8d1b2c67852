"""What signing up asks beside the address. allauth builds its own form on this one, so nothing of it is imported."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people import names

LONGEST_NAME = 200
NAME_IN_SESSION = "name_at_sign_up"  # until the address is confirmed there is no person to hold it


class NameForm(forms.Form):
    """What signing up asks beside the address (ACCOUNT_SIGNUP_FORM_CLASS)."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("As you write it, in your own script"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email")

    def clean_name(self) -> str:
        name = names.clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write a name that can be read."))
        return name

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name until the address is confirmed."""
        request.session[NAME_IN_SESSION] = self.cleaned_data["name"]
