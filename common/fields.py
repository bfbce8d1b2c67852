"""Form fields for what people type: one line, several lines, a web address.

Marks that turn the reading direction of what follows are taken out, so that no text can disguise another. A
null byte is refused with a sentence. Scripts and the like are plain text here; pages escape them.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")
_LINE_ENDS = frozenset("\r\n\t")

INVISIBLE = _(
    "There was an invisible character in this text, as copied texts have them. It is taken out; please look again."
)


def one_line(text: str) -> str:
    """``text`` composed, in single spaces, without control characters and direction marks."""
    return " ".join("".join(" " if c.isspace() else c for c in _without_marks(text)).split())


def several_lines(text: str) -> str:
    """``text`` composed, without control characters and direction marks; its line ends stay as they were sent."""
    return _without_marks(text).strip()


def _without_marks(text: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character not in _TURNS
        and (character in _LINE_ENDS or unicodedata.category(character) not in ("Cc", "Cs"))
    )


def set_on(form: forms.BaseForm, field: str, **what: Any) -> None:
    """Give one form's field what only the moment knows: ``choices``, ``queryset``, ``max_length``, ``label``."""
    for name, value in what.items():
        setattr(form.fields[field], name, value)


class LongSelect(forms.Select):
    """A list of hundreds of options, written at once: the widget of the framework renders a template for each."""

    choices: Any = ()  # pairs, or groups of pairs, as they are given

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        kept = isinstance(self.choices, tuple)
        written = _written_once(self.choices) if kept else _written(self.choices)
        for one in self.format_value(value):
            option = f'<option value="{escape(one)}"'
            written = written.replace(f"{option}>", f"{option} selected>", 1)
        return mark_safe(f"<select{flatatt(told)}>{written}</select>")


def _written(choices: Iterable[tuple[Any, Any]]) -> str:
    """The options of a list, none of them selected; those of a group in it."""
    parts = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            parts.append(f'<optgroup label="{escape(key)}">{_written(label)}</optgroup>')
        else:
            parts.append(f'<option value="{escape(key)}">{escape(label)}</option>')
    return "".join(parts)


_written_once = lru_cache(maxsize=64)(_written)  # lists that are kept are tuples of texts


class LongChoiceField(forms.ChoiceField):
    """One of hundreds, given as pairs or as groups of pairs: the field of the framework copies them each time."""

    widget = LongSelect

    @property
    def choices(self) -> Any:
        return self._choices

    @choices.setter
    def choices(self, given: Any) -> None:
        self._choices = self.widget.choices = given


class LineField(forms.CharField):
    """One line: a name, a title."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        if "\x00" in text:
            raise ValidationError(INVISIBLE, code="null")
        return one_line(text)


class ProseField(forms.CharField):
    """Several lines. Lengths count code points, a line end being two, as the counter on the page does."""

    def __init__(self, *, rows: int = 8, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        if "\x00" in text:
            raise ValidationError(INVISIBLE, code="null")
        return several_lines(text)


class LinkField(forms.URLField):
    """A public web address; what has no scheme is taken to mean https."""

    default_validators = [URLValidator(schemes=["http", "https"])]
    default_error_messages = {"invalid": _("Write the whole address, such as https://example.org/page.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        kwargs.setdefault("assume_scheme", "https")
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", "https://")
