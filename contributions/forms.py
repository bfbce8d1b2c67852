"""One activity. Its type says what its numbers are called, and which of them it asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.queries import areas_open_on
from common import clock
from common.fields import LineField, LinkField, ProseField, set_on
from contributions.models import Contribution, ContributionType
from contributions.queries import types_in_use

NUMBERS = {"quantity": "quantity_label", "second_quantity": "second_quantity_label", "reach": "reach_label"}
MOST = {"quantity": 2**31 - 1, "second_quantity": 2**31 - 1, "reach": 2**63 - 1, "hours": 8784}


class TypeForm(forms.Form):
    """Which kind of activity."""

    type: "forms.ModelChoiceField[ContributionType]" = forms.ModelChoiceField(
        queryset=ContributionType.objects.none(),
        to_field_name="code",
        label=_("What kind of activity?"),
        empty_label=_("Choose…"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_on(self, "type", queryset=types_in_use())


class ContributionForm(forms.ModelForm):
    """Without a type chosen yet the three numbers carry general names; with one, its own."""

    title = LineField(label=_("Title"), max_length=250)
    url = LinkField(label=_("Link"), required=False)
    starts = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    description = ProseField(
        label=_("What was it, and whom did it help?"), max_length=1000, required=False, rows=3
    )
    quantity = forms.IntegerField(
        label=_("How many"), required=False, min_value=0, max_value=MOST["quantity"]
    )
    second_quantity = forms.IntegerField(
        label=_("How many, second number"), required=False, min_value=0, max_value=MOST["second_quantity"]
    )
    reach = forms.IntegerField(label=_("Reach"), required=False, min_value=0, max_value=MOST["reach"])
    hours = forms.IntegerField(label=_("Hours given"), required=False, min_value=0, max_value=MOST["hours"])

    class Meta:
        model = Contribution
        fields = [
            "type", "title", "url", "starts", "ends", "area", "description",
            "quantity", "second_quantity", "reach", "hours", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"] = TypeForm().fields["type"]
        self.fields["type"].widget = forms.HiddenInput()
        set_on(self, "area", queryset=areas_open_on(), label=_("Technology"), empty_label=_("Choose…"))
        set_on(self, "visibility", label=_("Who may see it"))
        self.chosen = self._chosen_type()
        if self.chosen is not None:
            self._ask_for_its_numbers()

    def _chosen_type(self) -> Any:
        code = self.data.get(self.add_prefix("type")) if self.is_bound else self.initial.get("type")
        if not self.is_bound and self.instance.pk:
            return self.instance.type
        return types_in_use().filter(code=str(code or "").replace("\x00", "")).first()

    def _ask_for_its_numbers(self) -> None:
        for name, label in NUMBERS.items():
            words = getattr(self.chosen, label)
            if words:
                self.fields[name].label = words[:1].upper() + words[1:]
            else:
                del self.fields[name]
        self.fields["url"].required = self.chosen.link_required

    def clean_starts(self) -> Any:
        starts = self.cleaned_data["starts"]
        if starts > clock.today():
            raise forms.ValidationError(_("This day lies in the future. Log what has happened."))
        if starts.year < 1970:
            raise forms.ValidationError(_("Please look at the year again."))
        return starts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The end lies before the beginning."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the log keeps; numbers that the type does not ask for are empty."""
        empty = dict.fromkeys(set(NUMBERS) - set(self.fields))
        return {**self.cleaned_data, **empty}
