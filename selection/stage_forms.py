"""What the office types into one stage of a cycle: the rule's fields come from the rule of its kind."""

from dataclasses import Field, fields
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from selection import rules
from selection.change_words import choice_in_words, label_of
from selection.forms import ProseField
from selection.models import Rubric, Stage
from selection.queries.protocol import RIGHTS
from selection.rule_words import words_of_problem
from selection.setup_forms import REVIEWING, SetupForm, UtcField


class StageForm(SetupForm):
    """One stage: dates, names, who reviews, what they see, the rubric, and the settings of its kind's rule."""

    public_name = forms.CharField(
        label=_("Public name"), help_text=_("What nominees and everybody else read"), max_length=60
    )
    internal_name = forms.CharField(
        label=_("Internal name"), help_text=_("What reviewers and staff read"), max_length=60
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        help_text=_("Another kind begins with its own rule as it usually is."),
        choices=[(value, capfirst(words)) for value, words in Stage.Kind.choices],
    )
    opens_at = UtcField(label=_("Opens (UTC)"))
    closes_at = UtcField(label=_("Closes (UTC)"))
    grace_minutes = forms.IntegerField(
        label=_("Minutes of grace"), help_text=_("Work is taken so long after the end, without a word."),
        min_value=0, max_value=1440,
    )  # fmt: skip
    reviewer_role = forms.ChoiceField(
        label=_("Who reviews"), choices=[(role.value, capfirst(role.label)) for role in REVIEWING]
    )
    reviews_needed = forms.IntegerField(label=_("Reviews for each case"), min_value=0, max_value=50)
    hide_nominee = forms.BooleanField(
        label=_("Hide the nominee"), help_text=_("Name, address, links and employer"), required=False
    )
    hide_others_until_own = forms.BooleanField(
        label=_("Hide what others say until one’s own answer is in"), required=False
    )
    hide_reviewer_names = forms.BooleanField(label=_("Hide reviewers’ names from each other"), required=False)
    check_redactions = forms.BooleanField(
        label=_("A person checks each copy without the nominee’s name before it is read"), required=False
    )
    training_cases = forms.IntegerField(
        label=_("Training cases before the first review"), min_value=0, max_value=10
    )
    reminder_days = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=90),
        label=_("Reminders: days before the end"), required=False, max_length=10,
        help_text=_("Numbers with commas between them; empty for none. Whoever has a case left gets a mail."),
        error_messages={"item_invalid": _("Number %(nth)s:")},
    )  # fmt: skip
    rubric = forms.ModelChoiceField(
        label=_("Rubric"), queryset=Rubric.objects.order_by("name"), required=False,
        to_field_name="slug", error_messages={"required": _("A stage that scores needs a rubric.")},
    )  # fmt: skip

    def __init__(self, *args: Any, stage: Stage, **given: Any) -> None:
        names = (
            "public_name", "internal_name", "kind", "opens_at", "closes_at", "grace_minutes", "reviewer_role",
            "reviews_needed", "reminder_days", *RIGHTS,
        )  # fmt: skip
        initial: dict[str, Any] = {name: getattr(stage, name) for name in names}
        initial["rubric"] = stage.rubric
        super().__init__(*args, initial=initial, **given)
        self.stage = stage
        self._rule_fields = {f"rule_{one.name}": one for one in fields(rules.KINDS[stage.kind])}
        for name, one in self._rule_fields.items():
            self.fields[name] = _rule_field(one, stage.rule.get(one.name, one.default))
        if stage.kind == Stage.Kind.SCORE:
            self.fields["rubric"].required = True
        else:
            del self.fields["rubric"], self.fields["training_cases"]
        if stage.kind in (Stage.Kind.SCREEN, Stage.Kind.COUNCIL):
            del self.fields["hide_nominee"], self.fields["check_redactions"]
        if stage.kind == Stage.Kind.COUNCIL:
            del self.fields["reminder_days"]
        if stage.state != Stage.State.PLANNED:
            for name, field in self.fields.items():
                field.disabled = name not in ("internal_name", "reminder_days", "reason")
        rubric = ("rubric", "training_cases")
        self.layout = (
            (_("Names and kind"), ("public_name", "internal_name", "kind")),
            (_("Dates"), ("opens_at", "closes_at", "grace_minutes")),
            (_("Who reviews"), ("reviewer_role", "reviews_needed", *rubric, "reminder_days")),
            (_("What they see"), tuple(name for name in RIGHTS if name not in rubric)),
            (_("How a case leaves the stage"), tuple(self._rule_fields)),
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        opens, closes = typed.get("opens_at"), typed.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("A stage closes after it has opened."))
        if not any(name.startswith("rule_") for name in self.errors):
            for problem in rules.problems(self.stage.kind, self._rule()):
                self.add_error(f"rule_{problem.key}", words_of_problem(problem))
        return typed

    def values(self) -> dict[str, Any]:
        """Values for ``actions.change_stage``; another kind starts with its own rule."""
        typed = {name: value for name, value in super().values().items() if not name.startswith("rule_")}
        typed["rule"] = rules.dump(rules.parse(self.stage.kind, self._rule()))
        if typed["kind"] in (Stage.Kind.SCREEN, Stage.Kind.COUNCIL):
            typed["hide_nominee"] = False
        if typed["kind"] != self.stage.kind:
            typed["rule"] = rules.dump(rules.parse(typed["kind"], {}))
        return typed

    def _rule(self) -> dict[str, Any]:
        return {
            one.name: self.cleaned_data[name]
            for name, one in self._rule_fields.items()
            if name in self.cleaned_data
        }


def _rule_field(one: "Field[Any]", value: Any) -> forms.Field:
    """The form field of one key of a rule, from its own limits."""
    limits, label = one.metadata, capfirst(label_of(one.name))
    if "choices" in limits:
        choices = [(choice, capfirst(choice_in_words(choice))) for choice in limits["choices"]]
        return forms.ChoiceField(label=label, choices=choices, initial=value)
    if "flag" in limits:
        return forms.BooleanField(label=label, required=False, initial=value)
    if "exact" in limits:
        return forms.DecimalField(
            label=label,
            min_value=limits["least"],
            max_value=limits["most"],
            decimal_places=4,
            initial=value,
        )
    return forms.IntegerField(
        label=label, min_value=int(limits["least"]), max_value=int(limits["most"]), initial=value
    )


class AddStageForm(forms.Form):
    """The kind of one more stage."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(value, capfirst(words)) for value, words in Stage.Kind.choices],
        error_messages={"required": _("Choose the kind of the stage.")},
    )
    reason = ProseField(label=_("Reason"), required=False, rows=2, max_length=1000)
