"""What the office types when it sets a summit up, and when it cancels a registration."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.fields import ProseField
from events.models import Summit

LONGEST_AGENDA = 20_000
DRAWN_AS = "%Y-%m-%dT%H:%M"
FIRST_DAY, LAST_DAY = dt.date(1993, 1, 1), dt.date(2199, 12, 31)
MOMENTS = ("registration_opens_at", "registration_closes_at", "waitlist_ends_at")
ORDER = (("starts", "ends"), ("registration_opens_at", "registration_closes_at"))
LAYOUT = (
    (_("What and where"), ("name", "slug", "summary", "agenda", "place", "country", "zone", "cost")),
    (_("When"), ("starts", "begins_at", "ends", "finishes_at")),
    (_("Who may come"), ("regions", "agreement")),
    (_("Places"), ("capacity", *MOMENTS)),
    (_("What people are asked"), ("guest_evening", "asks_diet", "asks_shirt", "days_details_kept")),
)  # fmt: skip


class Group(NamedTuple):
    """Fields that stand together under a title."""

    title: Any
    fields: list[BoundField]


class ReasonForm(forms.Form):
    """Why the office cancels a registration; the person reads it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, help_text=_("The person reads it in the mail.")
    )


class CallOffForm(forms.Form):
    """Why a summit is called off, and that its editor knows that it is for good."""

    reason = ProseField(
        label=_("Reason"),
        max_length=1000,
        rows=3,
        help_text=_("Everybody reads it: on the page of the summit and in the mail."),
    )
    sure = forms.BooleanField(
        label=_("I have read to how many people this goes, and know that it cannot be undone."),
        error_messages={"required": _("Confirm it first.")},
    )


class PlaceTimeField(forms.DateTimeField):
    """A date and a time by the clock of the summit's place: read without a zone, which the form adds."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DRAWN_AS)

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(dt.UTC):
            return super().to_python(value)


class SummitForm(forms.ModelForm):
    """A summit as the office sets it up. Moments are by the clock of the place."""

    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=1, initial=1)
    agenda = ProseField(
        label=_("Agenda"),
        max_length=LONGEST_AGENDA,
        rows=12,
        required=False,
        help_text=_("Markdown, as on the pages of the office: # heading, - list, tables with |."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(z, z.replace("_", " ")) for z in sorted(available_timezones()) if "/" in z],
    )

    class Meta:
        model = Summit
        fields = (
            "name", "slug", "summary", "agenda", "place", "country", "zone", "cost", "starts", "ends", "begins_at", "finishes_at",
            "capacity", "registration_opens_at", "registration_closes_at", "waitlist_ends_at", "regions", "agreement",
            "guest_evening", "asks_diet", "asks_shirt", "days_details_kept",
        )  # fmt: skip
        field_classes = dict.fromkeys(MOMENTS, PlaceTimeField)
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3, "data-wide": True}),
            "cost": forms.TextInput(attrs={"data-wide": True}),
            "regions": forms.CheckboxSelectMultiple,
            **{
                name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                for name in ("starts", "ends", "guest_evening")
            },
            **{
                name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                for name in ("begins_at", "finishes_at")
            },
            **{
                name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DRAWN_AS)
                for name in MOMENTS
            },
        }
        help_texts = {
            "slug": _("The last part of the address: letters, digits and hyphens. It stays as it is."),
            "regions": _("None ticked: holders of every region."),
            "registration_opens_at": _("By the clock of the place."),
            "registration_closes_at": _("By the clock of the place."),
            "guest_evening": _("Empty: no guests."),
        }

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["agenda"].widget.attrs["data-wide"] = True
        if self.instance.pk:
            self.initial["shown"] = self.instance.revision
            del self.fields["slug"]
            for name in MOMENTS:
                moment = getattr(self.instance, name)
                self.initial[name] = moment and moment.astimezone(ZoneInfo(self.instance.zone)).replace(
                    tzinfo=None
                )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug == "new":  # the page for a new one is there
            raise forms.ValidationError(_("Choose another address."))
        return str(slug)

    def clean(self) -> dict[str, Any]:
        """Moments get the zone of the place; days and moments come in their order."""
        given = super().clean() or self.cleaned_data
        if "zone" in given:
            place = ZoneInfo(given["zone"])
            for name in MOMENTS:
                given[name] = given.get(name) and given[name].replace(tzinfo=place)
        for name in ("starts", "ends"):
            if given.get(name) and not FIRST_DAY <= given[name] <= LAST_DAY:
                self.add_error(name, _("Choose a day of this century."))
        for first, second in ORDER:
            if given.get(first) and given.get(second) and given[first] > given[second]:
                self.add_error(
                    second, _("This comes before: %(first)s.") % {"first": self.fields[first].label}
                )
        evening, starts, ends = (given.get(name) for name in ("guest_evening", "starts", "ends"))
        if evening and starts and ends and not starts <= evening <= ends:
            self.add_error("guest_evening", _("This is no day of the summit."))
        return given

    def values(self) -> dict[str, Any]:
        """What the action writes: every field but the regions, and the revision that was shown."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("regions", "shown")}

    def beside(self, saved: Summit) -> list[tuple[str, str, str]]:
        """What somebody else saved where it is not what was typed here: name of the field, theirs, what was typed."""
        theirs = {name: getattr(saved, name) for name in self.values()} | {"regions": saved.regions.all()}
        place = ZoneInfo(saved.zone)
        rows = [
            (str(self.fields[name].label), _said(value, place), _said(self.cleaned_data[name], place))
            for name, value in theirs.items()
        ]
        return [row for row in rows if row[1] != row[2]]

    def groups(self) -> list[Group]:
        return [
            Group(title, [self[name] for name in names if name in self.fields]) for title, names in LAYOUT
        ]


def _said(value: Any, place: ZoneInfo) -> str:
    """A value of a summit in words, for somebody who compares two."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dt.datetime):
        return date_format(value.astimezone(place), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, QuerySet):
        return ", ".join(sorted(str(one) for one in value))
    return "" if value is None else str(value).strip()
