"""What the office types: reasons, codes, the other case."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from charter.models import ReasonCode
from charter.queries import reasons_for
from common.fields import LineField, ProseField, set_on
from nominations.models import Hold, TriageBatch

PAGE = 100  # held nominations on one page of the list


class ReasonForm(forms.Form):
    """A reason that somebody reads."""

    reason = ProseField(label=_("Reason"), max_length=2000, rows=3)


class IneligibleForm(forms.Form):
    """Which rule the case does not meet."""

    reason_code: "forms.ModelChoiceField[ReasonCode]" = forms.ModelChoiceField(
        queryset=ReasonCode.objects.none(),
        to_field_name="code",
        label=_("Rule that is not met"),
        empty_label=_("Choose…"),
    )
    note = ProseField(label=_("What the nominee should know"), max_length=2000, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_on(self, "reason_code", queryset=reasons_for(ReasonCode.Use.INELIGIBLE))


class TriageForm(forms.Form):
    """Which held nominations, and what becomes of them: those that are ticked, or all that the filter shows."""

    decision = forms.ChoiceField(choices=TriageBatch.Decision.choices)
    reason = forms.ChoiceField(choices=[("", ""), *Hold.Reason.choices], required=False)
    pick = forms.MultipleChoiceField(required=False)
    everything = forms.BooleanField(required=False)
    last = forms.IntegerField(min_value=0, required=False)
    count = forms.IntegerField(min_value=0, required=False)
    reason_code: "forms.ModelChoiceField[ReasonCode]" = forms.ModelChoiceField(
        queryset=ReasonCode.objects.none(),
        to_field_name="code",
        label=_("Rule that is not met"),
        empty_label=_("Choose…"),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        set_on(self, "reason_code", queryset=reasons_for(ReasonCode.Use.INELIGIBLE))
        ticked = data.getlist("pick") if data is not None else []
        set_on(self, "pick", choices=[(key, key) for key in ticked[:PAGE]])


class MergeForm(forms.Form):
    """With which case this one is joined, and why."""

    into = LineField(label=_("Key of the case that goes on"), max_length=12)
    reason = ProseField(label=_("How do you know that both are the same person?"), max_length=2000, rows=3)
