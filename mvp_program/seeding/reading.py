"""Reading a seed file so that every complaint can name the file, the line and what is wrong."""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings

T = TypeVar("T")

FOLDER: Path = settings.BASE_DIR / "seeds"


class SeedError(Exception):
    """A seed file cannot be used; the message is a whole sentence with file and line."""


class Entry(dict[str, Any]):
    """One mapping of a seed file that knows where it stands. The readers below check as they read."""

    file: str = ""
    line: int = 0

    def wrong(self, what: str) -> SeedError:
        return SeedError(f"{self.file}, line {self.line}: {what}")

    def only(self, *names: str) -> "Entry":
        """Refuse every key that is not in ``names``: a misspelt key must not be lost in silence."""
        for name in self:
            if name not in names:
                raise self.wrong(f"“{name}” is not known here. Known are: {', '.join(names)}.")
        return self

    def text(self, name: str, *, default: str | None = None) -> str:
        value = self.get(name, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.wrong(f"“{name}” has to be a text.")
        return value.strip()

    def number(self, name: str, *, default: int | None = None) -> int:
        value = self.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"“{name}” has to be a whole number.")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(f"“{name}” has to be true or false.")
        return value

    def day(self, name: str) -> dt.date:
        value = self.get(name)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.wrong(f"“{name}” has to be a day such as 1996-01-31.")
        return value

    def time(self, name: str) -> str:
        value = self.text(name)
        try:
            dt.time.fromisoformat(value)
        except ValueError:
            raise self.wrong(f"“{name}” has to be a time in quotes such as '09:00'.") from None
        return value

    def day_or_none(self, name: str) -> dt.date | None:
        return self.day(name) if name in self else None

    def texts(self, name: str) -> list[str]:
        value = self.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"“{name}” has to be a list of texts.")
        return value

    def numbers(self, name: str, *, least: int, most: int) -> list[int]:
        """A list of whole numbers, each from ``least`` to ``most``."""
        value = self.get(name)
        if not isinstance(value, list) or not all(
            type(item) is int and least <= item <= most for item in value
        ):
            raise self.wrong(f"“{name}” has to be a list of whole numbers from {least} to {most}.")
        return value

    def entry(self, name: str) -> "Entry":
        value = self.get(name)
        if not isinstance(value, Entry):
            raise self.wrong(f"“{name}” has to be a group of lines with a name and a value each.")
        return value

    def entries(self, name: str) -> list["Entry"]:
        value = self.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, Entry) for item in value):
            raise self.wrong(f"“{name}” has to be a list of groups.")
        return value

    def choice(self, name: str, of: Iterable[str], *, default: str | None = None) -> str:
        value = self.text(name, default=default)
        known = list(of)
        if value not in known:
            raise self.wrong(f"“{name}” is “{value}”, which is none of: {', '.join(known)}.")
        return value

    def found(self, what: str, name: str, known: dict[str, T]) -> T:
        """The row that an earlier file made under this name."""
        if name not in known:
            raise self.wrong(f"There is no {what} “{name}”.")
        return known[name]


def read(name: str, *, folder: Path | None = None) -> Any:
    """The content of ``seeds/<name>.yaml``: mappings are ``Entry``, the rest is plain."""
    path = (folder or FOLDER) / f"{name}.yaml"
    label = f"seeds/{name}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SeedError(f"{label} is missing.") from None
    except UnicodeDecodeError as error:
        raise SeedError(f"{label} is not UTF-8 text (byte {error.start}).") from None
    loader = type("Loader", (_Loader,), {"label": label})
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506  a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SeedError(f"{label}, line {line}: this is no valid YAML ({error.problem}).") from None


def read_list(name: str, *, folder: Path | None = None) -> list[Entry]:
    """The groups of a file that is one list."""
    rows = read(name, folder=folder)
    if not isinstance(rows, list) or not all(isinstance(row, Entry) for row in rows):
        raise SeedError(f"seeds/{name}.yaml has to be a list of groups.")
    return rows


def read_entry(name: str, *, folder: Path | None = None) -> Entry:
    """The one mapping of a file."""
    row = read(name, folder=folder)
    if not isinstance(row, Entry):
        raise SeedError(f"seeds/{name}.yaml has to be a group of lines with a name and a value each.")
    return row


class _Loader(yaml.SafeLoader):
    """Only true and false are yes or no, so that NO stays Norway and ``on`` a name."""

    label = ""
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":bool")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Any:
    entry = Entry()
    entry.file, entry.line = loader.label, node.start_mark.line + 1
    yield entry
    seen: dict[Any, int] = {}
    for key_node, _value in node.value:
        key, line = loader.construct_object(key_node, deep=True), key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise SeedError(
                f"{loader.label}, line {line}: put “{key_node.value}” in quotes to make it a name."
            )
        if key in seen:
            raise SeedError(f"{loader.label}, line {line}: “{key}” stands twice, first in line {seen[key]}.")
        seen[key] = line
    entry.update({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
