"""What a record is: named values with the lines they stand on."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.errors import RuleBroken

DEPTH = 12


class Fields(dict[str, Any]):
    """Named values, perhaps nested, with their lines where the format tells them."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.problem = ""

    def add(self, name: str, value: Any, line: int = 0) -> None:
        """Add a value; a name that comes twice is the record's problem."""
        if name in self and not self.problem:
            self.problem = _("“%(name)s” stands here twice.") % {"name": name}
        self[name] = value
        self.lines[name] = line or self.line

    def find(self, path: str) -> Any:
        """The value at ``country.nomination``; ``None`` where a step is missing."""
        return self._walk(path)[0]

    def line_of(self, path: str) -> int:
        """The line of the value at ``path``, or of the nearest thing around it."""
        return self._walk(path)[1]

    def _walk(self, path: str) -> tuple[Any, int]:
        if path in self:
            return self[path], self.lines.get(path, self.line)
        here: Any = self
        line = self.line
        for step in path.split("."):
            if not isinstance(here, Fields) or step not in here:
                return None, line
            line = here.lines.get(step, line)
            here = here[step]
        return here, line


@dataclass
class Document:
    """A file that was read. ``columns`` are those of a table, ``root`` is what stands at the top.

    ``remarks`` say what whoever handed it in should look at.
    """

    root: Any
    columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def records(self, at: str = "") -> list[Fields]:
        """The list at the dotted path ``at``; a table has its rows at the top."""
        here = self.root
        for step in at.split(".") if at and not self.columns else []:
            here = here.get(step) if isinstance(here, Fields) else None
        if not isinstance(here, list):
            raise RuleBroken(no_list(self.root, at))
        return [item if isinstance(item, Fields) else stray(item) for item in here]


class Text(str):
    """A plain text in a list, with its line."""

    line: int

    @classmethod
    def at(cls, line: int, value: str) -> "Text":
        text = cls(value)
        text.line = line
        return text


def no_list(root: Any, at: str) -> str:
    if at:
        return _("The file has no list of records at “%(at)s”.") % {"at": at}
    names = ", ".join(list(root)[:5]) if isinstance(root, Fields) else _("a single text")
    return _("The file should be a list of records; at its top stands: %(names)s.") % {"names": names}


def stray(item: Any) -> Fields:
    record = Fields(item.line if isinstance(item, Text) else 1)
    record.problem = _("A record has to be a set of named values.")
    return record
