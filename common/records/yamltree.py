"""YAML, read without types, aliases or recursion."""

from typing import Any

import yaml
from django.utils.translation import gettext as _

from common.errors import RuleBroken
from common.records.fields import DEPTH, Document, Fields, Text

_YAML_EVENTS = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_YAML_NOTHING = {"", "~", "null", "Null", "NULL"}


def read_yaml(text: str) -> Document:
    """One document of plain values. Aliases are refused: nine lines of them can ask for gigabytes."""
    try:
        return Document(_YamlTree().build(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RuleBroken(
            _("Line %(line)d: this is not valid YAML: %(problem)s.")
            % {"line": mark.line + 1 if mark else 1, "problem": error.problem or error.context}
        ) from error
    except yaml.YAMLError as error:
        raise RuleBroken(_("This is not valid YAML: %(problem)s.") % {"problem": error}) from error


class _YamlTree:
    """Builds nested values from the parser's events, without recursion and without resolving types."""

    def __init__(self) -> None:
        self.open: list[Fields | list[Any]] = []
        self.names: list[tuple[str, int] | None] = []
        self.root: Any = None
        self.documents = 0

    def build(self, text: str) -> Any:
        for event in yaml.parse(text, Loader=_YAML_EVENTS):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.DocumentStartEvent):
                self._count_document(line)
            elif isinstance(event, yaml.AliasEvent):
                raise RuleBroken(
                    _("Line %(line)d: the alias *%(name)s. Aliases are not read; write the value out.")
                    % {"line": line, "name": event.anchor}
                )
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, line)
            elif isinstance(event, yaml.MappingStartEvent):
                self._begin(Fields(line), line)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._begin([], line)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.open.pop()
                self.names.pop()
        return self.root

    def _count_document(self, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise RuleBroken(
                _("Line %(line)d: a second document begins here. One file holds one.") % {"line": line}
            )

    def _begin(self, container: "Fields | list[Any]", line: int) -> None:
        if len(self.open) >= DEPTH:
            raise RuleBroken(_("Line %(line)d: too deeply nested.") % {"line": line})
        self._put(container, line)
        self.open.append(container)
        self.names.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        here = self.open[-1] if self.open else None
        if isinstance(here, Fields) and self.names[-1] is None:
            self.names[-1] = (event.value, line)
            return
        nothing = event.implicit[0] and event.value in _YAML_NOTHING
        if isinstance(here, list):
            here.append(Text.at(line, "" if nothing else event.value))
        else:
            self._put(None if nothing else event.value, line)

    def _put(self, value: Any, line: int) -> None:
        if not self.open:
            self.root = value
            return
        here = self.open[-1]
        if isinstance(here, list):
            here.append(value)
        elif (name := self.names[-1]) is None:
            raise RuleBroken(_("Line %(line)d: a name has to be a plain text.") % {"line": line})
        else:
            here.add(name[0], value, name[1])
            self.names[-1] = None
