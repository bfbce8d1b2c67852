"""What the office types about the letters of a release: which it looks at, their reasons and comments."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.models import Category, Cycle, ReasonCode
from selection.models import Decision
from selection.queries import feedback


class MailFilterForm(forms.Form):
    """Which mails of a release a page shows. What it does not know counts as "all"."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("All outcomes")), *Decision.Outcome.choices]
    )
    kind = forms.ChoiceField(
        label=_("To"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("nominees", _("Nominees")),
            ("supporters", _("Nominators and endorsers")),
        ],
    )

    def chosen(self, name: str) -> str:
        """The value of a field, empty where it is none of its choices."""
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


class FeedbackFilterForm(forms.Form):
    """Which letters a page shows."""

    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        label=_("Category"),
        required=False,
        queryset=None,
        to_field_name="slug",
        empty_label=_("All categories"),
    )
    missing = forms.BooleanField(label=_("Only those without a reason"), required=False)

    def __init__(self, *args: Any, cycle: Cycle, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["category"].queryset = feedback.categories_of(cycle)  # type: ignore[attr-defined]

    def chosen_category(self) -> Category | None:
        """The chosen one; none for all, and for what is no category of the cycle."""
        return self.cleaned_data.get("category") if self.is_valid() else None

    def without_reason(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["missing"])


class ReasonChoiceForm(forms.Form):
    """One reason for many letters."""

    reason = forms.ChoiceField(label=_("Reason"), error_messages={"required": _("Choose a reason.")})

    def __init__(self, *args: Any, reasons: Sequence[ReasonCode], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((one.code, one.label) for one in reasons),
        ]


@dataclass
class LetterRow:
    """A letter as the page shows it: what is stored, or what was typed.

    ``stored``: what is stored now, as its reason and a digest of what it quotes; ``seen``: the same of the page when
    it was opened, empty where that is not said.
    """

    row: feedback.Row
    reason: str
    reason_stored: str  # in words
    reasons: list[ReasonCode]
    stored: str
    seen: str

    @property
    def is_untouched(self) -> bool:
        """Nothing was changed on the page; a page holds twenty letters, and most of them stay."""
        before, _colon, _quoted = self.seen.partition(":")
        return self.seen == _said_in(self.reason or before, self.row.comments)  # no reason: as it is

    @property
    def is_overtaken(self) -> bool:
        """Changed here, and by somebody else since the page was opened."""
        return bool(self.seen) and self.seen != self.stored and not self.is_untouched


def _said_in(reason: str, comments: Iterable[feedback.Comment]) -> str:
    """What a letter says: its reason, and a digest of the comments that it quotes."""
    quoted = {one.review.pk: one.text.replace("\r\n", "\n").strip() for one in comments if one.chosen}
    return f"{reason}:{hashlib.sha256(json.dumps(quoted, sort_keys=True).encode()).hexdigest()}"


class LettersForm:
    """The reasons and comments of several letters in one form; its fields are named after case and review.

    Nothing typed here is wrong by itself: unknown reasons and empty comments are the action's to refuse.
    """

    def __init__(self, data: Mapping[str, Any], rows: Sequence[feedback.Row]) -> None:
        reasons = feedback.Reasons()
        self.rows = []
        for row in rows:
            key = row.decision.candidacy.key
            stored = _said_in(row.decision.reason_code, row.comments)
            reason = str(data.get(f"reason-{key}", "")) if data else row.decision.reason_code
            for comment in row.comments if data else ():
                self._read(comment, data)
            seen = str(data.get(f"was-{key}", ""))
            words, given = reasons.words_of(row.decision), reasons.given_for(row.decision.outcome)
            self.rows.append(LetterRow(row, reason, words, given, stored, seen))

    def _read(self, comment: feedback.Comment, data: Mapping[str, Any]) -> None:
        number = comment.review.pk
        comment.chosen = f"show-{number}" in data
        comment.text = str(data.get(f"text-{number}", comment.text))
        if data.get("do") == "all" and not comment.names:
            comment.chosen = True

    def overtaken(self) -> list[str]:
        """The nominees of letters that somebody else changed meanwhile, with what their letters say now."""
        words = _("%(name)s (stored now: reason “%(reason)s”, comments quoted: %(count)d)")
        return [
            words
            % {
                "name": one.row.decision.candidacy.nomination.nominee_name,
                "reason": one.reason_stored or "–",
                "count": one.row.quoted,
            }
            for one in self.rows
            if one.is_overtaken
        ]

    def letters(self) -> list[tuple[Decision, str, dict[int, str]]]:
        """What each letter that was changed here is to say: its decision, the code of its reason, review → text."""
        return [
            (
                one.row.decision,
                one.reason,
                {comment.review.pk: comment.text for comment in one.row.comments if comment.chosen},
            )
            for one in self.rows
            if not one.is_untouched
        ]
