"""What somebody says when they register, and who may read that they came."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from charter.models import Agreement
from events.models import Registration, Summit
from people import names
from people.models import Visibility


class DetailsForm(forms.Form):
    """Guest, food, shirt size and needs: what a summit asks, none of it required."""

    guest_name = forms.CharField(label=_("Name of your guest"), required=False, max_length=120)
    diet = forms.CharField(
        label=_("Food"), required=False, max_length=200, help_text=_("What you do not eat, and allergies.")
    )
    shirt = forms.ChoiceField(label=_("Shirt size"), required=False)
    needs = forms.CharField(
        label=_("What else you need"),
        required=False,
        max_length=300,
        help_text=_("A step-free room, live captions, a letter for a visa."),
    )

    def __init__(
        self, *args: Any, summit: Summit, registration: Registration | None = None, **given: Any
    ) -> None:
        if registration is not None:
            given["initial"] = {name: getattr(registration, name) for name in self.base_fields}
        super().__init__(*args, **given)
        self.fields["shirt"].choices = [("", _("Not chosen yet")), *Registration.Shirt.choices]  # type: ignore[attr-defined]
        if summit.guest_evening is None:
            del self.fields["guest_name"]
        else:
            self.fields["guest_name"].help_text = _("One guest is welcome on the evening of %(day)s.") % {
                "day": date_format(summit.guest_evening, "DATE_FORMAT")
            }
        if not summit.asks_diet:
            del self.fields["diet"]
        if not summit.asks_shirt:
            del self.fields["shirt"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {
            name: names.clean(value) if isinstance(value, str) else value for name, value in cleaned.items()
        }

    @property
    def details(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.base_fields if name in self.cleaned_data}


class RegisterForm(DetailsForm):
    """The details, and the terms of the summit for those who have yet to sign them."""

    def __init__(self, *args: Any, agreement: Agreement | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        if agreement is not None:
            self.fields["signs"] = forms.BooleanField(
                label=_("I accept: %(title)s") % {"title": agreement.title},
                error_messages={"required": _("Everybody who comes accepts these terms first.")},
            )

    @property
    def signs(self) -> bool:
        return bool(self.cleaned_data.get("signs"))


class AttendanceForm(forms.Form):
    """Who reads on one's profile that one was there."""

    seen_by = forms.ChoiceField(
        label=_("Who sees on your profile that you were there"), choices=Visibility.choices
    )
