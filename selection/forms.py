"""What chairs, council and office type, and whoever steps back. Forms check the input; whether a rule allows it is the action's answer."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from charter.models import Category, ReasonCode
from nominations.models import Conflict
from people.models import Person
from selection import states
from selection.models import Decision, DecisionBatch, ReviewerCapacity, Stage
from selection.queries.screening import fail_reasons

LONGEST = 4000
FIRST_YEAR, LAST_YEAR = 1900, 2999
TIES: tuple[tuple[str, Any, Any], ...] = (  # kind, words, examples
    (Conflict.Kind.CLOSE, _("I know who this is, and we are close"), _("Family, partner, manager, friend")),
    (Conflict.Kind.EMPLOYER, _("We share an employer, or did in the last 12 months"), ""),
    (Conflict.Kind.WORK, _("I took part in something in the dossier"), ""),
    (Conflict.Kind.OTHER, _("Another tie"), ""),
)


class ProseField(forms.CharField):
    """Running text in a box, as long as the rule says and no longer."""

    def __init__(self, *, rows: int = 3, max_length: int = LONGEST, **given: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(max_length=max_length, widget=widget, **given)


class RecuseForm(forms.Form):
    """The three ways of stepping back; a tie only for the first."""

    ACTS = ("recuse", "abstain", "decline")

    tie = forms.ChoiceField(
        label=_("What is the tie?"),
        choices=[(kind, words) for kind, words, _examples in TIES],
        required=False,
        widget=forms.RadioSelect,
    )
    go = forms.ChoiceField(choices=[(act, act) for act in ACTS], widget=forms.HiddenInput)


class DecideForm(forms.Form):
    """A decision about many cases: what becomes of them, and why where the action asks for it."""

    outcome = forms.ChoiceField(
        choices=DecisionBatch.Outcome.choices,
        widget=forms.HiddenInput,
        error_messages={name: _("Choose one of the outcomes.") for name in ("required", "invalid_choice")},
    )
    reason_code = forms.ChoiceField(label=_("Why the nominee is not eligible"), required=False)
    reason = ProseField(
        label=_("Why"), help_text=_("Kept with each case, and printed in the minutes."), required=False
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        rows = ReasonCode.objects.filter(use=ReasonCode.Use.INELIGIBLE).order_by("position", "code")
        codes = [("", _("Choose a reason")), *rows.values_list("code", "label")]
        self.fields["reason_code"].choices = codes  # type: ignore[attr-defined]


class OverrideForm(forms.Form):
    """A council member's other outcome, and why."""

    outcome = forms.ChoiceField(
        label=_("Instead"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the outcomes.")},
    )
    reason_code = forms.ChoiceField(
        label=_("Reason"), error_messages={"required": _("Choose a reason for the override.")}
    )
    reason = ProseField(
        label=_("Why"),
        help_text=_("The office and the other members read it. Released reasons reach the candidate."),
        error_messages={"required": _("Write why. The office and the other members read it.")},
    )

    def __init__(self, *args: Any, proposed: str = "", carry_over: bool = False, **given: Any) -> None:
        super().__init__(*args, **given)
        outcomes = [states.AWARD, states.RESERVE, states.NOT_THIS_TIME]
        outcomes += [states.CARRY_OVER] if carry_over else []
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (one, Decision.Outcome(one).label) for one in outcomes
        ]
        self.fields["reason_code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a reason")),
            *ReasonCode.objects.filter(use=ReasonCode.Use.OVERRIDE).values_list("code", "label"),
        ]


class AssignForm(forms.Form):
    """Which reviewer gets the case."""

    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"),
        queryset=Person.objects.none(),
        to_field_name="key",
        empty_label=_("Choose a reviewer"),
    )

    def __init__(self, *args: Any, reviewers: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]


class ReassignForm(forms.Form):
    """Who takes cases over, and why."""

    to = forms.ModelChoiceField(
        label=_("Give them to"),
        help_text=_(
            "Experts in one of the areas first, then who has few cases. A tie to a case is looked for when you press."
        ),
        queryset=Person.objects.none(),
        to_field_name="key",
        empty_label=_("Choose a reviewer"),
    )
    reason = ProseField(
        label=_("Why"),
        help_text=_("It stands in the history of each case."),
        rows=2,
        max_length=1000,
    )

    def __init__(
        self, *args: Any, substitutes: Any, offered: Iterable[tuple[Person, int]], **given: Any
    ) -> None:
        """``offered``: those in the list, each with how many cases they have."""
        super().__init__(*args, **given)
        field: Any = self.fields["to"]
        field.queryset = substitutes
        field.choices = [("", field.empty_label), *((one.key, _in_list(one, load)) for one, load in offered)]


def _in_list(reviewer: Any, load: int) -> str:
    words = ngettext(
        "%(name)s (expertise %(level)d, %(load)d case)",
        "%(name)s (expertise %(level)d, %(load)d cases)",
        load,
    )
    return words % {"name": reviewer.name, "level": reviewer.level, "load": load}


class ReasonForm(forms.Form):
    """A reason where an act may need one."""

    reason = ProseField(label=_("Reason"), required=False, rows=2, max_length=1000)


class CorrectionForm(forms.Form):
    """Why a published report is corrected. ``shown``: the version that was on the page."""

    reason = ProseField(
        label=_("Why it is corrected"),
        max_length=1000,
        help_text=_("Everybody reads this beside the report."),
    )
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)


def refuse_far_year(when: dt.date) -> None:
    """Dates are reckoned with: minutes of grace, terms, a cycle a year later. At the ends of the calendar none of it
    can be computed, and every page that tries would fail."""
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise forms.ValidationError(_("Please look at the year again."), code="year")


class MomentForm(forms.Form):
    """A date and a time in UTC."""

    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}), validators=[refuse_far_year]
    )
    time = forms.TimeField(label=_("Time (UTC)"), widget=forms.TimeInput(attrs={"type": "time"}))

    def moment(self) -> dt.datetime:
        """The two together."""
        return dt.datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"], tzinfo=dt.UTC)

    @staticmethod
    def values_of(when: dt.datetime) -> dict[str, Any]:
        """Initial values for a moment."""
        utc = timezone.localtime(when, dt.UTC)
        return {"date": utc.date().isoformat(), "time": f"{utc:%H:%M}"}


class SecondLookForm(MomentForm):
    """Until when a case is read a second time."""


class MoveStageForm(MomentForm):
    """Another closing date, with the reason that everybody reads."""

    reason = ProseField(label=_("Reason"), rows=2, max_length=1000)


class TopUpForm(MomentForm):
    """The end of the second round of reviews; a reason where the first is not over yet."""

    reason = ProseField(label=_("Reason"), rows=2, max_length=1000, required=False)


class PlanForm(forms.Form):
    """For which stage and category a plan is asked; no category: all of them."""

    stage = forms.RegexField(r"^[-a-zA-Z0-9_]+/[0-9]{1,5}$")
    category = forms.ModelChoiceField(queryset=Category.objects.all(), to_field_name="slug", required=False)

    def stage_number(self) -> tuple[str, int]:
        """The cycle's slug and the number of the stage in it."""
        slug, _slash, number = self.cleaned_data["stage"].partition("/")
        return slug, int(number)


class CapacityForm(forms.Form):
    """How many cases one takes in a stage."""

    MOST = ReviewerCapacity.MOST

    stage = forms.ChoiceField(label=_("Stage"))
    cases = forms.IntegerField(
        label=_("Cases at most"),
        min_value=0,
        max_value=ReviewerCapacity.MOST,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )

    def __init__(self, *args: Any, stages: Iterable[Stage], **given: Any) -> None:
        super().__init__(*args, **given)
        self.by_key = {one.key: one for one in stages}
        self.fields["stage"].choices = [(key, key) for key in self.by_key]  # type: ignore[attr-defined]

    def clean_stage(self) -> Stage:
        """The stage itself."""
        return self.by_key[self.cleaned_data["stage"]]


class ResolveForm(forms.Form):
    """The office's decision on a case that a rule left open."""

    outcome = forms.ChoiceField(
        label=_("Decision"), error_messages={"required": _("Choose one of the outcomes.")}
    )
    reason_code = forms.ChoiceField(label=_("Reason for a fail"), required=False)
    reason = ProseField(
        label=_("Why"),
        rows=2,
        max_length=2000,
        error_messages={"required": _("Write why. The reason is kept with the case.")},
    )

    def __init__(self, *args: Any, outcomes: Iterable[str], **given: Any) -> None:
        super().__init__(*args, **given)
        names = {**dict(Decision.Outcome.choices), states.FORWARD: _("Goes on to the next stage")}
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((one, names[one]) for one in outcomes),
        ]
        if states.FORWARD in outcomes:
            reasons = fail_reasons().values_list("code", "label")
            self.fields["reason_code"].choices = [("", _("None")), *reasons]  # type: ignore[attr-defined]
        else:
            del self.fields["reason_code"]


class DecideAgainForm(forms.Form):
    """The office's second decision on a released case: a place after all, or none."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("", _("Choose")),
            (states.AWARD, Decision.Outcome.AWARD.label),
            (states.NOT_THIS_TIME, Decision.Outcome.NOT_THIS_TIME.label),
        ],
        error_messages={"required": _("Choose one of the outcomes.")},
    )
    reason = ProseField(
        label=_("Why"),
        rows=2,
        max_length=2000,
        error_messages={"required": _("Write why. The reason is kept with the case.")},
    )
