"""JSON, with the line of every value."""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from common.errors import RuleBroken
from common.records.fields import DEPTH, Document, Fields, Text


def read_json(text: str) -> Document:
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_number)
        return Document(_JsonTree(text).value())
    except json.JSONDecodeError as error:
        raise RuleBroken(
            _("Line %(line)d: this is not valid JSON: %(problem)s.")
            % {"line": error.lineno, "problem": error.msg}
        ) from error
    except RecursionError as error:
        raise RuleBroken(_("This JSON is too deeply nested.")) from error


def _no_number(name: str) -> None:
    raise RuleBroken(_("This is not valid JSON: %(name)s is no number.") % {"name": name})


class _JsonTree:
    """Walks a text that is known to be valid JSON, for the lines that ``json`` does not tell."""

    _gap = re.compile(r"[ \t\r\n]*")

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.line = 1
        self.depth = 0
        self.scalar = json.JSONDecoder(parse_int=str, parse_float=str)

    def value(self) -> Any:
        sign = self._peek()
        if sign not in "{[":
            return self._scalar()
        self.depth += 1
        if self.depth > DEPTH:
            raise RuleBroken(_("Line %(line)d: too deeply nested.") % {"line": self.line})
        self._go(self.place + 1)
        container = self._fields() if sign == "{" else self._list()
        self._go(self.place + 1)
        self.depth -= 1
        return container

    def _fields(self) -> Fields:
        fields = Fields(self.line)
        while self._peek() != "}":
            line, name = self.line, str(self._scalar())
            self._skip(":")
            fields.add(name, self.value(), line)
            self._skip(",")
        return fields

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while self._peek() != "]":
            line, item = self.line, self.value()
            items.append(Text.at(line, item or "") if item is None or isinstance(item, str) else item)
            self._skip(",")
        return items

    def _scalar(self) -> str | None:
        found, end = self.scalar.raw_decode(self.text, self.place)
        self._go(end)
        return {True: "true", False: "false", None: None}[found] if not isinstance(found, str) else found

    def _peek(self) -> str:
        """The next sign that is no white space."""
        self._go(self._gap.match(self.text, self.place).end())  # type: ignore[union-attr]
        return self.text[self.place]

    def _skip(self, sign: str) -> None:
        if self._peek() == sign:
            self._go(self.place + 1)

    def _go(self, place: int) -> None:
        self.line += self.text.count("\n", self.place, place)
        self.place = place
