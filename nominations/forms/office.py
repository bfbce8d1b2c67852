"""What the office types: reasons, codes, the other case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.models import ReasonCode
from charter.queries import reasons_for
from common.fields import LineField, ProseField, set_on


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


class MergeForm(forms.Form):
    """With which case this one is joined, and why."""

    into = LineField(label=_("Key of the case that goes on"), max_length=12)
    reason = ProseField(label=_("How do you know that both are the same person?"), max_length=2000, rows=3)
