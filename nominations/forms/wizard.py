"""The four steps of a nomination. A draft holds what was typed as it was typed; the forms of the steps read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _

from charter.models import Cycle
from nominations.forms.steps import (
    LINKS_AT_MOST,
    LINKS_SHOWN,
    AboutForm,
    CheckForm,
    EndorserForm,
    EndorserRows,
    LinkForm,
    LinkRows,
    PersonForm,
    SecondForm,
)
from people.models import Person
from people.queries import confirmed_address_of

STEPS = ("about", "person", "vouch", "check")


@dataclass
class StepForms:
    """What one step asks: a form, and rows that can be added."""

    form: forms.Form | None = None
    rows: Any = None
    rows_name: str = ""
    more_rows: int = 0
    intro: dict[str, Any] = field(default_factory=dict)

    def is_valid(self) -> bool:
        """Both are asked, so that all that is wrong is said at once."""
        answers = [part.is_valid() for part in (self.form, self.rows) if part is not None]
        return all(answers)

    @property
    def error_count(self) -> int:
        return len(list(self.problems()))

    def problems(self) -> Iterator[tuple[str, str]]:
        """Address on the page and sentence of each thing to put right."""
        if self.form is not None:
            yield from _problems_of(self.form)
        if self.rows is not None and self.rows.is_bound:
            for sentence in self.rows.non_form_errors():
                yield f"#{self.rows_name}", str(sentence)
            which = _("Link %(number)s") if self.rows_name == "links" else _("Endorser %(number)s")
            for number, form in enumerate(self.rows.forms, start=1):
                for anchor, sentence in _problems_of(form):
                    yield anchor, f"{which % {'number': number}}: {sentence}"


def _problems_of(form: forms.Form) -> Iterator[tuple[str, str]]:
    if not form.is_bound:
        return
    for sentence in form.non_field_errors():
        yield "#main", str(sentence)
    for bound in form:
        for sentence in bound.errors:
            yield f"#{bound.id_for_label or bound.auto_id}", f"{bound.label} – {sentence}"


def step_forms(
    step: str, answers: Mapping[str, Any], *, cycle: Cycle, person: Person | None, check: bool
) -> StepForms:
    """The forms of a step over what was typed; ``check`` says what is wrong with it."""
    given: dict[str, Any] = {"data": answers} if check else {"initial": dict(answers)}
    if step == "about":
        return StepForms(AboutForm(**given, cycle=cycle, person=person))
    if step == "person":
        if not check and answers.get("relation") == "self":
            given = {"initial": {**_oneself(answers, person), **{k: v for k, v in answers.items() if v}}}
        form = PersonForm(**given, cycle=cycle, person=person, answers=answers)
        kept = _rows(answers, "links")
        links = _row_class(LinkForm, LinkRows, LINKS_AT_MOST)
        shown = max(LINKS_SHOWN, len(kept))
        rows = links(**_rows_given("links", kept, shown, check=check), prefix="links")
        return StepForms(form, rows, "links", LINKS_AT_MOST - shown)
    if step == "vouch":
        kept = _rows(answers, "endorsers")
        most = cycle.endorsers_at_most
        endorsers = _row_class(EndorserForm, EndorserRows, most)
        shown = min(most, max(1, len(kept)))
        rows = endorsers(
            **_rows_given("endorsers", kept, shown, check=check), prefix="endorsers", answers=answers
        )
        return StepForms(_second_form(answers, cycle, check=check), rows, "endorsers", most - shown)
    return StepForms(CheckForm(**(given if check else {"initial": {"named": True, **answers}})))


def read_answers(step: str, sent: Mapping[str, Any], *, cycle: Cycle) -> dict[str, Any]:
    """What the browser sent for a step, as it was typed; rows keep their order, empty ones too."""
    if step == "about":
        return {name: sent[name] for name in AboutForm.base_fields if name in sent}
    if step == "person":
        typed = {name: sent.get(name, "") for name in PersonForm.base_fields}
        return {**typed, "links": _read_rows(sent, "links", LinkForm, LINKS_AT_MOST)}
    if step == "vouch":
        rows = {"endorsers": _read_rows(sent, "endorsers", EndorserForm, cycle.endorsers_at_most)}
        if not cycle.co_nominator_required:
            return rows
        return rows | {"second": {name: sent.get(f"second-{name}", "") for name in EndorserForm.base_fields}}
    return {"true": "true" in sent, "named": "named" in sent}


def valid_answers(
    answers: Mapping[str, Any], *, cycle: Cycle, person: Person | None
) -> tuple[dict[str, Any], str]:
    """All steps' answers, cleaned; and the first step that is not right yet, empty if all are."""
    cleaned: dict[str, Any] = {}
    for step in STEPS:
        asked = step_forms(step, {**answers, **cleaned}, cycle=cycle, person=person, check=True)
        if not asked.is_valid():
            return cleaned, step
        if isinstance(asked.form, SecondForm):
            cleaned["second"] = asked.form.cleaned_data
        elif asked.form is not None:
            cleaned |= asked.form.cleaned_data
        if asked.rows is not None:
            cleaned[asked.rows_name] = [form.cleaned_data for form in asked.rows if form.has_changed()]
    return cleaned, ""


def problems_before_sending(
    answers: Mapping[str, Any], *, cycle: Cycle, person: Person | None
) -> Iterator[tuple[str, str, str]]:
    """What is not right yet in the steps before the last: step, place on its page, sentence."""
    for step in STEPS[:-1]:
        asked = step_forms(step, answers, cycle=cycle, person=person, check=True)
        if not asked.is_valid():
            yield from ((step, anchor, sentence) for anchor, sentence in asked.problems())


def _oneself(answers: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    """Who nominates themselves need not say again who they are."""
    own = {"name": person.name, "email": confirmed_address_of(person)} if person else {}
    said = {name: own.get(name) or answers.get(name) or "" for name in ("name", "email", "country")}
    return {f"nominee_{name}": value for name, value in said.items()}


def _second_form(answers: Mapping[str, Any], cycle: Cycle, *, check: bool) -> SecondForm | None:
    if not cycle.co_nominator_required:
        return None
    kept = answers.get("second")
    kept = kept if isinstance(kept, dict) else {}
    if check:
        return SecondForm({f"second-{name}": value for name, value in kept.items()}, answers=answers)
    return SecondForm(initial=kept, answers=answers)


def _row_class(form: type[forms.Form], base: type[Any], most: int) -> Any:
    return formset_factory(form, formset=base, extra=0, max_num=most, absolute_max=most, validate_max=True)


def _rows(answers: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = answers.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _rows_given(name: str, kept: list[dict[str, Any]], shown: int, *, check: bool) -> dict[str, Any]:
    """Rows are always bound, so that a page shows what was typed; only a check looks at their errors."""
    data = {f"{name}-TOTAL_FORMS": shown, f"{name}-INITIAL_FORMS": 0}
    for number, row in enumerate(kept):
        data |= {f"{name}-{number}-{key}": value for key, value in row.items()}
    return {"data": data} if check else {"initial": (kept + [{}] * shown)[:shown]}


def _read_rows(sent: Mapping[str, Any], name: str, form: type[forms.Form], most: int) -> list[dict[str, str]]:
    return [
        {key: sent.get(f"{name}-{number}-{key}", "") for key in form.base_fields}
        for number in range(most)
        if any(f"{name}-{number}-{key}" in sent for key in form.base_fields)
    ]
