"""What the office types into a rubric and its training cases. Beside ``setup_forms.py``, a set of pages of its own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selection.forms import ProseField
from selection.models import Rubric, TrainingCase
from selection.queries.rubrics import MARKS, CriterionRow
from selection.setup_forms import SetupForm

BLANK_CRITERIA, BLANK_ITEMS, BLANK_ENDORSEMENTS = 1, 2, 1
FIRST_CRITERIA = 4  # blank ones where there is no rubric yet
WHOLE = 100
ITEM = ("title", "kind", "when", "reach", "note")


class SentenceField(forms.CharField):
    """One sentence, drawn over two lines; line breaks are spaces."""

    widget = forms.Textarea(attrs={"rows": 2, "dir": "auto"})

    def __init__(self, *, longest: int, **given: Any) -> None:
        super().__init__(**given)
        self.validators.append(MaxLengthValidator(longest))

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


class RubricForm(SetupForm):
    """Name and limits of a rubric, and each criterion with its weight, its question and the sentence of each mark.

    A criterion has its fields under a prefix, ``c1_``, ``c2_`` …; those of the blank ones at the end count once one of
    them is filled in. ``seen``: the digest of the rubric that the form was drawn from.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    not_applicable_at_most = forms.IntegerField(
        label=gettext_lazy("Criteria that a reviewer may leave out as “not applicable”"),
        min_value=0,
        max_value=10,
    )
    reason_length = forms.IntegerField(
        label=gettext_lazy("Characters of reason for a 1 or a 5"), min_value=0, max_value=1000
    )

    def __init__(
        self, *args: Any, rubric: Rubric | None, criteria: Sequence[CriterionRow], seen: str, **given: Any
    ) -> None:
        shown = rubric or Rubric()
        names = ("name", "not_applicable_at_most", "reason_length")
        initial: dict[str, Any] = {name: getattr(shown, name) for name in names} | {"seen": seen}
        super().__init__(*args, initial=initial, **given)
        blank = CriterionRow("", "", "", 0, ("",) * len(MARKS))
        more = BLANK_CRITERIA if criteria else FIRST_CRITERIA
        self._rows = {f"c{place}_": one for place, one in enumerate([*criteria, *[blank] * more], start=1)}
        self._places: dict[str, int] = {}
        groups = []
        for place, (prefix, row) in enumerate(self._rows.items(), start=1):
            self._places[prefix] = place
            own = _criterion_fields(row, place)
            self.fields |= {f"{prefix}{name}": field for name, field in own.items()}
            title = row.name or (_("One more criterion") if criteria else _("Criterion %(n)d") % {"n": place})
            groups.append((title, tuple(f"{prefix}{name}" for name in own)))
        self.layout = ((None, names), *groups)
        self.name_groups()
        if "reason" in self.fields:
            self.fields["reason"] = self.fields.pop("reason")  # last in the summary of errors, as on the page

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        kept = [prefix for prefix in self._rows if self._is_meant(prefix)]
        for prefix in kept:
            for name in ("name", "weight", "order", *_anchor_names()):
                field = f"{prefix}{name}"
                if typed.get(field) in (None, "") and field not in self.errors:
                    self.add_error(field, _("This field is required."))
        if not kept:
            self.add_error(None, _("A rubric needs at least one criterion."))
        elif not any(f"{prefix}weight" in self.errors for prefix in kept):
            whole = sum(typed[f"{prefix}weight"] for prefix in kept)
            if whole != WHOLE:
                sentence = _("The weights add up to %(sum)d percent. They have to make 100.") % {"sum": whole}
                self.add_error(f"{kept[-1]}weight", sentence)
        names: dict[str, str] = {}
        for prefix in kept:
            name = str(typed.get(f"{prefix}name") or "").casefold()
            if name and name in names:
                self.add_error(f"{prefix}name", _("Another criterion has this name already."))
            names[name] = prefix
        if kept and (typed.get("not_applicable_at_most") or 0) >= len(kept):
            self.add_error(
                "not_applicable_at_most", _("Fewer than there are criteria, so that one is marked at least.")
            )
        return typed

    def rubric_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "not_applicable_at_most", "reason_length")}

    def criteria(self) -> list[CriterionRow]:
        """What stays and what is new, in the order that was typed; equal numbers as they stood."""
        typed = self.cleaned_data
        kept = sorted(
            (prefix for prefix in self._rows if self._is_meant(prefix)),
            key=lambda prefix: (typed[f"{prefix}order"], self._places[prefix]),
        )
        return [
            CriterionRow(
                code=self._rows[prefix].code,
                name=typed[f"{prefix}name"],
                question=typed[f"{prefix}question"],
                weight=typed[f"{prefix}weight"],
                anchors=tuple(typed[f"{prefix}{name}"] for name in _anchor_names()),
            )
            for prefix in kept
        ]

    def _is_meant(self, prefix: str) -> bool:
        """A criterion that there is and that stays, or a blank one that was begun."""
        if self._rows[prefix].code:
            return not self.cleaned_data.get(f"{prefix}remove")
        fields = ("name", "question", "weight", *_anchor_names())
        return any(self.data.get(f"{prefix}{name}", "").strip() not in ("", "0") for name in fields)


def _anchor_names() -> list[str]:
    return [f"mark{mark}" for mark in MARKS]


def _criterion_fields(row: CriterionRow, place: int) -> dict[str, forms.Field]:
    """Fields of one criterion. None is required by itself: a blank criterion stays blank, one to remove need not be whole."""
    ends = {MARKS[0]: _("1, the lowest,"), MARKS[-1]: _("5, the highest,")}
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(label=_("Name"), max_length=60, required=False, initial=row.name),
        "weight": forms.IntegerField(
            label=_("Weight, percent"),
            min_value=1,
            max_value=WHOLE,
            required=False,
            initial=row.weight or None,
        ),
        "order": forms.IntegerField(
            label=_("Order"), min_value=1, max_value=99, required=False, initial=place
        ),
        "question": SentenceField(
            label=_("Question behind it"), longest=200, required=False, initial=row.question
        ),
    }
    for mark, sentence in zip(MARKS, row.anchors, strict=True):
        label = _("What a mark of %(mark)s means") % {"mark": ends.get(mark, mark)}
        fields[f"mark{mark}"] = SentenceField(label=label, longest=200, required=False, initial=sentence)
    if row.code:
        fields["remove"] = forms.BooleanField(label=_("Take this criterion out"), required=False)
    return fields


class TrainingCaseForm(SetupForm):
    """An invented case and what the panel gave it. Rows without a title, or without a text, are left out."""

    says_optional = False
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    about = forms.CharField(label=gettext_lazy("Area and region"), max_length=120)
    place = forms.IntegerField(label=gettext_lazy("Order"), min_value=1, max_value=99)
    statement = ProseField(
        label=gettext_lazy("Nominator’s statement"),
        help_text=gettext_lazy("Write [name] where the nominee’s name would stand."),
        rows=6,
        max_length=5000,
    )

    def __init__(
        self,
        *args: Any,
        case: TrainingCase | None,
        criteria: Sequence[CriterionRow],
        place: int,
        **given: Any,
    ) -> None:
        initial: dict[str, Any] = {"place": place}
        if case is not None:
            initial |= {"title": case.title, "about": case.about, "statement": case.statement}
        super().__init__(*args, initial=initial, **given)
        self._criteria = criteria
        items = [*(case.items if case else []), *[{}] * BLANK_ITEMS]
        said = [*(case.endorsements if case else []), *[{}] * BLANK_ENDORSEMENTS]
        self._items = [f"i{n}_" for n in range(1, len(items) + 1)]
        self._said = [f"e{n}_" for n in range(1, len(said) + 1)]
        groups: list[tuple[Any, tuple[str, ...]]] = [
            (None, ("title", "about", "place")),
            (None, ("statement",)),
        ]
        for place_of, (prefix, item) in enumerate(zip(self._items, items, strict=True), start=1):
            groups.append((_("Contribution %(n)d") % {"n": place_of}, self._add(prefix, _item_fields(item))))
        for place_of, (prefix, one) in enumerate(zip(self._said, said, strict=True), start=1):
            groups.append(
                (_("Endorsement %(n)d") % {"n": place_of}, self._add(prefix, _endorsement_fields(one)))
            )
        marks = case.marks if case else {}
        for row in criteria:
            title = _("What the panel gave: %(criterion)s") % {"criterion": row.name}
            groups.append((title, self._add(f"m_{row.code}_", _panel_fields(marks.get(row.code, {})))))
        self.layout = tuple(groups)
        self.name_groups()
        if "reason" in self.fields:
            self.fields["reason"] = self.fields.pop("reason")

    def _add(self, prefix: str, fields: dict[str, forms.Field]) -> tuple[str, ...]:
        own = {f"{prefix}{name}": field for name, field in fields.items()}
        self.fields |= own
        return tuple(own)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for row in self._criteria:
            lowest, mark, highest = (
                typed.get(f"m_{row.code}_{name}") for name in ("lowest", "mark", "highest")
            )
            if lowest and mark and highest and not lowest <= mark <= highest:
                self.add_error(
                    f"m_{row.code}_mark", _("The panel’s mark lies between its lowest and its highest.")
                )
        return typed

    def training_values(self) -> dict[str, Any]:
        """Values for ``actions.put_training``."""
        typed = self.cleaned_data
        items = [{name: typed[f"{prefix}{name}"] for name in ITEM} for prefix in self._items]
        said = [{name: typed[f"{prefix}{name}"] for name in ("text", "relation")} for prefix in self._said]
        panel = ("mark", "lowest", "highest", "why")
        return {
            **{name: typed[name] for name in ("title", "about", "statement")},
            "items": [item for item in items if item["title"]],
            "endorsements": [one for one in said if one["text"]],
            "marks": {
                row.code: {name: typed[f"m_{row.code}_{name}"] for name in panel} for row in self._criteria
            },
        }


def _item_fields(item: dict[str, Any]) -> dict[str, forms.Field]:
    labels = {
        "title": _("What it is"), "kind": _("Kind"), "when": _("When"), "reach": _("Reach"), "note": _("Note"),
    }  # fmt: skip
    return {
        name: forms.CharField(
            label=label,
            max_length=200,
            required=False,
            initial=item.get(name, ""),
            widget=forms.TextInput(attrs={"data-wide": True} if name in ("title", "note") else {}),
        )
        for name, label in labels.items()
    }


def _endorsement_fields(one: dict[str, Any]) -> dict[str, forms.Field]:
    return {
        "text": SentenceField(
            label=_("What they say"), longest=500, required=False, initial=one.get("text", "")
        ),
        "relation": forms.CharField(
            label=_("Who they are"), max_length=120, required=False, initial=one.get("relation", "")
        ),
    }


def _panel_fields(given: dict[str, Any]) -> dict[str, forms.Field]:
    labels = {"mark": _("Its mark"), "lowest": _("Lowest"), "highest": _("Highest")}
    fields: dict[str, forms.Field] = {
        name: forms.IntegerField(
            label=label, min_value=MARKS[0], max_value=MARKS[-1], initial=given.get(name)
        )
        for name, label in labels.items()
    }
    return fields | {"why": SentenceField(label=_("Why"), longest=500, initial=given.get("why", ""))}
