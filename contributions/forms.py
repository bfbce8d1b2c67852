"""One activity. Its type says what its numbers are called, and which of them it asks for."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charter.models import Area
from charter.queries import areas_open_on
from common.dates import reader_today
from common.fields import LineField, LinkField, ProseField, set_on
from common.languages import named
from common.records import MEGABYTES_AT_MOST, ROWS_AT_MOST
from contributions.models import Contribution, ContributionType
from contributions.queries import types_in_use
from people.visibility import visibility_choices

NUMBERS = {"quantity": "quantity_label", "second_quantity": "second_quantity_label", "reach": "reach_label"}
MORE_AREAS = ("second_area", "third_area")
FOLDED = ("ends", "role", "audience", "description", "private_note", *MORE_AREAS)
LONGEST_TEXT = 4000
FIRST_YEAR = 1970
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


class LineForm(forms.Form):
    """One activity in one line."""

    line = LineField(
        label=_("Write a line, or paste a link"),
        max_length=1500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 1500}),
        help_text=_(
            "For example: talk, 8 Nov, Name resolution from the client’s side, 64 attendees, https://…"
        ),
        error_messages={"required": _("Write what you did, or paste its link.")},
    )


class ImportForm(forms.Form):
    """A file with activities. ``too_large``: the upload was stopped."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.json,.yml,.yaml"}),
        help_text=format_lazy(
            _("CSV, Excel (.xlsx), JSON or YAML, at most {most} MB and {rows} rows."),
            most=MEGABYTES_AT_MOST,
            rows=f"{ROWS_AT_MOST:,}",
        ),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        max_length=200,
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if too_large:
            words = _("This file has more than %(most)d MB. Divide it, or save it as CSV.") % {
                "most": MEGABYTES_AT_MOST
            }
            self.fields["file"].error_messages["required"] = words


class ContributionForm(forms.ModelForm):
    """Without a type chosen yet the three numbers carry general names; with one, its own.

    ``asks``: an address. The type is then a list in the form itself, which asks there for the fields of another type
    with ``go=type`` and for what the linked page says with ``go=read``. ``initial`` may hold raw texts, as they were
    typed before the type was changed.
    """

    title = LineField(label=_("Title"), max_length=250)
    url = LinkField(label=_("Link"), required=False)
    starts = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    description = ProseField(
        label=_("What was it, and whom did it help?"), max_length=LONGEST_TEXT, required=False, rows=3
    )
    quantity = forms.IntegerField(
        label=_("How many"), required=False, min_value=0, max_value=MOST["quantity"]
    )
    second_quantity = forms.IntegerField(
        label=_("How many, second number"), required=False, min_value=0, max_value=MOST["second_quantity"]
    )
    reach = forms.IntegerField(label=_("Reach"), required=False, min_value=0, max_value=MOST["reach"])
    hours = forms.IntegerField(label=_("Hours given"), required=False, min_value=0, max_value=MOST["hours"])
    role = LineField(
        label=_("Your role"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("for example author, host, speaker")}),
    )
    audience = LineField(label=_("For whom it was"), max_length=120, required=False)
    private_note = ProseField(
        label=_("Note that only reviewers and the office read"),
        max_length=LONGEST_TEXT,
        required=False,
        rows=2,
    )
    second_area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        queryset=Area.objects.none(), required=False, label=_("Second technology")
    )
    third_area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        queryset=Area.objects.none(), required=False, label=_("Third technology")
    )

    class Meta:
        model = Contribution
        fields = [
            "type", "url", "title", "starts", "ends", "area", "description", "quantity", "second_quantity", "reach",
            "hours", "role", "audience", "private_note", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, asks: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        self.fields["type"] = TypeForm().fields["type"]
        self._choose_type_here() if asks else self._know_type()
        areas = areas_open_on()
        set_on(self, "area", queryset=areas, label=_("Technology"), empty_label=_("Choose…"))
        for name in MORE_AREAS:
            set_on(self, name, queryset=areas, empty_label=_("None"))
        set_on(self, "visibility", label=_("Who may see it"), choices=visibility_choices())
        self._keep_closed_areas()
        self.chosen = self._chosen_type()
        if self.chosen is not None:
            self._ask_for_its_numbers()

    def _know_type(self) -> None:
        self.fields["type"].widget = forms.HiddenInput()

    def _choose_type_here(self) -> None:
        self.fields["type"].label = _("Type")
        self.fields["type"].widget.attrs |= {
            "hx-post": self.asks,
            "hx-vals": '{"go": "type"}',
            "hx-target": "#entry-fields",
            "hx-swap": "outerHTML",
        }

    def _keep_closed_areas(self) -> None:
        """An entry of long ago keeps its areas, though nothing new can be logged for them."""
        if not self.instance.pk:
            return
        held = [area.pk for area in self.instance.more_areas.all()]
        every = Area.objects.filter(pk__in=[*held, self.instance.area_id or 0]) | areas_open_on()
        for name in ("area", *MORE_AREAS):
            set_on(self, name, queryset=every)
        for name, pk in zip(MORE_AREAS, held, strict=False):
            self.initial.setdefault(name, pk)

    def _chosen_type(self) -> Any:
        code = self.data.get(self.add_prefix("type")) if self.is_bound else self.initial.get("type")
        if not code and self.instance.pk:
            return self.instance.type
        code = str(code or "").replace("\x00", "")
        if self.instance.pk and self.instance.type.code == code:
            return self.instance.type
        return types_in_use().filter(code=code).first()

    def _ask_for_its_numbers(self) -> None:
        for name, label in NUMBERS.items():
            words = named(getattr(self.chosen, label))
            if words:
                self.fields[name].label = words[:1].upper() + words[1:]
            else:
                del self.fields[name]
        self.fields["url"].required = self.chosen.link_required

    def has_more(self) -> bool:
        """Do the fields that are folded away hold anything, or an error?"""
        return any(self[name].errors or self[name].value() for name in FOLDED)

    def clean_starts(self) -> Any:
        starts = self.cleaned_data["starts"]
        if starts > reader_today():
            raise forms.ValidationError(_("This day lies in the future. Log what has happened."))
        if starts.year < FIRST_YEAR:
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
        facts = {**self.cleaned_data, **empty}
        more = [facts.pop(name) for name in MORE_AREAS]
        facts["more_areas"] = [area for area in dict.fromkeys(more) if area and area != facts["area"]]
        return facts
