"""What reviewers, voters and regional leads type: marks with their reasons, votes, verdicts, training cases.

As in ``forms``, input is checked here; whether a rule allows it is the action's answer.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selection.forms import ProseField
from selection.models import Criterion, Review, Rubric
from selection.scoring import Answers, Flaw, Mark
from selection.sentences import words_of_flaw

NOT_APPLICABLE = "na"
OUT_OF_RANGE = _("A mark is a whole number from 1 to 5.")
SURENESS = ((1, _("Low")), (2, _("Medium")), (3, _("High")))


class KeyedForm(forms.Form):
    """One key of a list. ``seen``: what the page showed as one's own answer, ``none`` for nothing yet.

    ``change_reason``: why it is another answer than before, where others may have been read meanwhile.
    """

    seen = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    change_reason = ProseField(required=False, max_length=2000)


class VerdictForm(KeyedForm):
    """Pass, fail or unsure."""

    verdict = forms.ChoiceField(
        choices=[
            (one.value, one.label)
            for one in (Review.Verdict.PASS, Review.Verdict.FAIL, Review.Verdict.UNSURE)
        ],
        error_messages={
            "required": _("Choose pass, fail or unsure."),
            "invalid_choice": _("Choose pass, fail or unsure."),
        },
    )
    reason_code = forms.SlugField(required=False, max_length=40)


class VoteForm(KeyedForm):
    """+1, 0 or −1, and why."""

    verdict = forms.ChoiceField(
        choices=[
            (one.value, one.label)
            for one in (Review.Verdict.PLUS, Review.Verdict.NEUTRAL, Review.Verdict.MINUS)
        ],
        error_messages={
            "required": _("Choose +1, 0 or −1."),
            "invalid_choice": _("Choose +1, 0 or −1."),
        },
    )
    comment = ProseField(required=False, max_length=2000)


class ReviewForm(forms.Form):
    """The rubric: a mark and a reason for each criterion, a comment, how sure one is.

    Nothing is required, because drafts are saved as they are; ``show_flaws`` says what a review lacks.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    comment = ProseField(
        label=_("Comment for the council"),
        help_text=_("Quoted without your name in the feedback letter"),
        required=False,
        rows=4,
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure are you?"),
        choices=SURENESS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    change_reason = ProseField(
        label=_("Why your marks have changed"), required=False, rows=2, max_length=1000
    )

    def __init__(self, *args: Any, criteria: list[Criterion], rubric: Rubric | None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.criteria, self.rubric = criteria, rubric
        for one in criteria:
            self.fields[f"mark_{one.code}"] = forms.ChoiceField(
                label=one.name,
                choices=[("", ""), *((str(mark), mark) for mark in range(1, 6)), (NOT_APPLICABLE, "")],
                required=False,
                error_messages={"invalid_choice": OUT_OF_RANGE},
            )
            self.fields[f"reason_{one.code}"] = ProseField(
                label=_("Reason for %(name)s") % {"name": one.name}, required=False, rows=2, max_length=2000
            )

    def answers(self) -> Answers:
        """What was typed, as far as it can be read."""
        typed = self.cleaned_data
        return Answers(
            {
                one.code: _mark(typed.get(f"mark_{one.code}"), typed.get(f"reason_{one.code}"))
                for one in self.criteria
            },
            typed.get("comment") or "",
            typed.get("confidence"),
            typed.get("change_reason") or "",
        )

    def show_flaws(self, flaws: Iterable[Flaw]) -> None:
        """Put each flaw beside its field."""
        for flaw in flaws:
            words = words_of_flaw(flaw, self.rubric)
            if flaw.code == "reason":
                self.add_error(f"reason_{flaw.criterion}", words)
            elif flaw.code == "change":
                self.add_error("change_reason", words)
            else:
                field = f"mark_{flaw.criterion}" if flaw.criterion else None
                self.add_error("confidence" if flaw.code == "confidence" else field, words)

    def scores(self) -> list[dict[str, Any]]:
        """The criteria as the page draws them, plain values: the page draws no control by itself."""
        return [self._score(one) for one in self.criteria]

    def _score(self, one: Any) -> dict[str, Any]:
        mark, reason = self[f"mark_{one.code}"], self[f"reason_{one.code}"]
        value = str(mark.value() or "")
        wrong = " ".join(map(str, reason.errors))
        return {
            "name": mark.name,
            "label": one.name,
            "weight": one.weight,
            "value": value,
            "marks": [
                (place, words, value == str(place)) for place, words in enumerate(one.sentences, start=1)
            ],
            "lowest": one.sentences[0] if one.sentences else "",
            "highest": one.sentences[-1] if one.sentences else "",
            "error": " ".join(map(str, mark.errors)),
            "reason": reason.value() or "",
            "reason_name": reason.name,
            "reason_label": reason.label,
            "reason_error": wrong,
            "open": bool(reason.value() or wrong) or value in ("1", "5", NOT_APPLICABLE),
        }

    def sureness(self) -> list[tuple[int, Any, bool]]:
        """How sure one can be: value, words, whether it is chosen."""
        chosen = str(self["confidence"].value() or "")
        return [(value, words, chosen == str(value)) for value, words in SURENESS]

    def marked(self) -> int:
        """How many criteria have a mark or do not apply."""
        return sum(1 for one in self.criteria if self[f"mark_{one.code}"].value())


def _mark(value: str | None, reason: str | None) -> Mark:
    if value == NOT_APPLICABLE:
        return Mark(None, True, reason or "")
    return Mark(int(value) if value else None, False, reason or "")


class TrainingForm(forms.Form):
    """A mark for each criterion of an invented case."""

    def __init__(self, *args: Any, criteria: list[Criterion], **given: Any) -> None:
        super().__init__(*args, **given)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"mark_{one.code}"] = forms.ChoiceField(
                label=one.name,
                choices=[(str(mark), mark) for mark in range(1, 6)],
                error_messages={"required": _("Give a mark from 1 to 5."), "invalid_choice": OUT_OF_RANGE},
            )

    def marks(self) -> dict[str, int]:
        """Criterion's code → mark."""
        return {one.code: int(self.cleaned_data[f"mark_{one.code}"]) for one in self.criteria}

    def scores(self) -> list[dict[str, Any]]:
        """The criteria as the page draws them."""
        return [
            {
                "name": f"mark_{one.code}",
                "label": one.name,
                "question": one.question,
                "weight": one.weight,
                "anchors": one.sentences,  # type: ignore[attr-defined]
                "value": self[f"mark_{one.code}"].value() or "",
                "error": " ".join(map(str, self[f"mark_{one.code}"].errors)),
            }
            for one in self.criteria
        ]


def typed_review(review: Review | None, content: dict[str, Any]) -> dict[str, Any]:
    """A saved review as the form's initial values."""
    typed: dict[str, Any] = {"version": review.version if review else 0}
    typed |= {"comment": content.get("comment", ""), "confidence": content.get("confidence")}
    typed["change_reason"] = content.get("change_reason", "")
    for code, mark in content.get("marks", {}).items():
        typed[f"mark_{code}"] = NOT_APPLICABLE if mark["not_applicable"] else str(mark["mark"] or "")
        typed[f"reason_{code}"] = mark["reason"]
    return typed
