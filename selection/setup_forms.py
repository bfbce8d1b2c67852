"""What the office types when it sets a cycle up. Beside ``forms.py`` because it is a set of pages of its own."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import MaxValueValidator
from django.forms.boundfield import BoundField
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from charter.models import Cycle
from selection.change_words import label_of
from selection.forms import FIRST_YEAR, LAST_YEAR, ProseField, refuse_far_year
from selection.models import Preset
from selection.queries.protocol import MOMENTS, SETTINGS
from selection.queries.setup import CategoryPlaces

COPY, PRESET = "copy", "preset"
DRAWN_AS = "%Y-%m-%dT%H:%M"
MOST = 32_767  # what the columns of these numbers hold
REVIEWING = (
    Role.REVIEWER, Role.REGIONAL_LEAD, Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER, Role.PROGRAM_OFFICE,
)  # fmt: skip


class Group(NamedTuple):
    """Fields that stand together under a title."""

    title: Any
    fields: list[BoundField]


class UtcField(forms.DateTimeField):
    """A date and a time in UTC, whatever zone the page is shown in."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DRAWN_AS)
    default_validators = [refuse_far_year]

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(dt.UTC):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(dt.UTC).strftime(DRAWN_AS) if isinstance(value, dt.datetime) else value


class SetupForm(forms.Form):
    """Fields in groups, and a reason where the rules are published already.

    A page sends along the digest of what it ``shown``: who saves an older one is told what stands otherwise now.
    """

    layout: tuple[tuple[Any, tuple[str, ...]], ...] = ()
    says_optional = True  # beside each field that may stay empty

    def __init__(self, *args: Any, published: bool = False, **given: Any) -> None:
        super().__init__(*args, **given)
        if published:
            self.fields["reason"] = ProseField(
                label=_("Reason"),
                help_text=_("The rules are published. Everybody can read what changed, and this."),
                required=False,
                rows=2,
                max_length=1000,
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.data.get("shown", self.digest()) != self.digest():
            self.add_error(None, self._said_meanwhile(typed))
        return typed

    def digest(self) -> str:
        """Of the values as they are stored."""
        stored = {name: str(self._stored(name)) for name in self.fields if name != "reason"}
        return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()

    def _said_meanwhile(self, typed: dict[str, Any]) -> str:
        """Each field in which what was typed differs from what somebody saved."""
        others = [
            f"{self.fields[name].label}: {self._in_words(name)}"
            for name, value in typed.items()
            if name != "reason" and _as_it_was(self._stored(name), value) != self._stored(name)
        ]
        sentence = _("Somebody saved this since the page was opened. Save again to put in what you typed.")
        return f"{sentence} {_('Stored now:')} {'; '.join(others)}." if others else str(sentence)

    def _in_words(self, name: str) -> str:
        stored = self._stored(name)
        if isinstance(stored, bool):
            return str(_("yes") if stored else _("no"))
        return str(self.fields[name].prepare_value(stored))

    def _stored(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def name_groups(self) -> None:
        """Where fields of several groups are called alike, the summary of errors says of which group each is."""
        for title, names in self.layout:
            for name in names:
                self.fields[name].of = title  # type: ignore[attr-defined]

    def groups(self) -> list[Group]:
        found = [
            Group(title, [self[name] for name in names if name in self.fields])
            for title, names in self.layout
        ]
        if "reason" in self.fields:
            found.append(Group(_("Why this changes"), [self["reason"]]))
        return [group for group in found if group.fields]

    def values(self) -> dict[str, Any]:
        """What was typed, without the reason. A moment that is the same to the minute keeps its seconds."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return {name: _as_it_was(self.initial.get(name), value) for name, value in typed.items()}

    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    def show_refusal(self, sentence: str) -> None:
        """Put the action's sentence beside the reason, if that is what it lacks, else above the form."""
        self.add_error("reason" if "reason" in self.fields and not self.reason() else None, sentence)


def _as_it_was(before: Any, now: Any) -> Any:
    if isinstance(before, dt.datetime) and isinstance(now, dt.datetime):
        minute: dict[str, Any] = {"second": 0, "microsecond": 0}
        return before if before.replace(**minute) == now.replace(**minute) else now
    return now


class NewCycleForm(SetupForm):
    """What a new cycle begins with."""

    source = forms.ChoiceField(
        label=_("Begin with"),
        help_text=_("A copy has the settings, stages, places and dates of that cycle, the dates moved."),
        error_messages={"required": _("Choose what the cycle begins with.")},
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    award_year = forms.IntegerField(label=_("Award year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    slug = forms.SlugField(
        label=_("Word in its address"), help_text=_("Such as 2006. It stays."), max_length=50
    )
    opens_at = UtcField(label=_("Nominations open (UTC)"))
    layout = ((None, ("source", "name", "award_year", "slug", "opens_at")),)

    def __init__(self, *args: Any, cycles: Iterable[Cycle], presets: Iterable[Preset], **given: Any) -> None:
        super().__init__(*args, **given)
        self.cycles = {cycle.slug: cycle for cycle in cycles}
        self.presets = {preset.slug: preset for preset in presets}
        copies = [
            (f"{COPY}:{one.slug}", _("Copy of %(name)s") % {"name": one.name}) for one in self.cycles.values()
        ]
        ready = [(f"{PRESET}:{one.slug}", one.name) for one in self.presets.values()]
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            *([(_("The program so far"), copies)] if copies else []),
            *([(_("How other programs decide"), ready)] if ready else []),
        ]

    def begins_with(self) -> Cycle | Preset:
        """The cycle to copy, or the preset."""
        kind, _colon, slug = self.cleaned_data["source"].partition(":")
        return self.cycles[slug] if kind == COPY else self.presets[slug]


class CycleForm(SetupForm):
    """Dates and settings of a cycle."""

    layout = (
        (None, ("name",)),
        (_("Dates (UTC)"), MOMENTS),
        (_("Term of the awards"), ("term_starts", "term_ends")),
        (
            _("Nominations"),
            (
                "who_may_nominate", "nominations_per_nominator", "areas_per_nominee", "invitation_days",
                "reminder_days", "grace_minutes", "self_nomination", "co_nominator_required",
                "different_employer_required",
            ),
        ),
        (
            _("Dossiers"),
            (
                "contributions_at_most", "high_impact_at_most", "endorsers_at_most", "statement_shortest",
                "statement_longest",
            ),
        ),
        (
            _("Outcomes"),
            (
                "second_look_days", "decline_award_days", "months_kept", "tell_failed_screen_at_once",
                "carry_over_allowed",
            ),
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, cycle: Cycle, **given: Any) -> None:
        names = ("name", *MOMENTS, "term_starts", "term_ends", *SETTINGS)
        initial = {name: getattr(cycle, name) for name in names}
        super().__init__(*args, initial=initial, **given)
        classes: dict[str, Any] = dict.fromkeys(MOMENTS, UtcField)
        found: Any = fields_for_model(Cycle, names, field_classes=classes)
        for name, field in found.items():
            field.label = capfirst(label_of(name) if name != "opens_at" else _("nominations open"))
            if name == "closes_at":
                field.label = _("Nominations close")
            if isinstance(field, forms.DateField) and not isinstance(field, UtcField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                field.validators.append(refuse_far_year)
            if name == "who_may_nominate":
                field.choices = [(who.value, capfirst(who.label)) for who in Cycle.Nominators]
            if isinstance(field, forms.IntegerField):
                field.validators.append(MaxValueValidator(MOST))
            if isinstance(field, SimpleArrayField):
                field.help_text = _("Numbers with commas between them")
                field.error_messages["item_invalid"] = _("Number %(nth)s:")
                field.base_field.validators.append(MaxValueValidator(MOST))
        found["term_ends"].help_text = _("Empty: awards have no end")
        self.fields = {**found, **self.fields}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        order = (
            ("opens_at", "closes_at", _("Nominations close after they have opened.")),
            ("closes_at", "dossiers_close_at", _("Dossiers close when nominations have closed, or later.")),
            ("term_starts", "term_ends", _("The term ends after it has begun.")),
            ("statement_shortest", "statement_longest", _("The longest statement is the longer one.")),
        )
        for first, second, sentence in order:
            before, after = typed.get(first), typed.get(second)
            if before is not None and after is not None and (
                after < before or (first == "opens_at" and after == before)
            ):  # fmt: skip
                self.add_error(second, sentence)
        return typed


class PlacesForm(SetupForm):
    """How many awards each category has; empty for a category that takes no part."""

    says_optional = False

    def __init__(self, *args: Any, rows: Iterable[CategoryPlaces], **given: Any) -> None:
        super().__init__(*args, **given)
        own = {}
        self._categories = {f"places_{row.category.slug}": row.category.pk for row in rows}
        for row in rows:
            own[f"places_{row.category.slug}"] = forms.IntegerField(
                label=row.category.name, required=False, min_value=0, max_value=100_000, initial=row.places
            )
        self.fields = {**own, **self.fields}
        self.layout = ((None, tuple(own)),)

    def places(self) -> dict[int, int | None]:
        return {pk: self.cleaned_data[name] for name, pk in self._categories.items()}
