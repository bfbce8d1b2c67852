"""The page that shows the API: drawn from its OpenAPI schema, so that it says what the program does. No script, no request."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _

Schema = dict[str, Any]
Cells = list[Any]
_METHOD_KINDS = {"get": "info", "post": "good", "patch": "warn", "put": "warn", "delete": "bad"}  # of a pill


@dataclass(frozen=True)
class Call:
    """One address with one method. ``parameters`` and ``body`` are rows of name, type and words; ``answers`` of status and type."""

    method: str
    kind: str
    path: str
    summary: str
    words: str
    needs_token: bool
    parameters: list[Cells]
    body: list[Cells]
    answers: list[Cells]


@dataclass(frozen=True)
class Part:
    """The calls of one noun."""

    name: str
    calls: list[Call]

    @property
    def anchor(self) -> str:
        return slugify(self.name)


def parts_of(schema: Schema) -> list[Part]:
    """In the order of the schema."""
    parts: dict[str, list[Call]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            parts.setdefault(operation["tags"][0], []).append(_call(schema, path, method, operation))
    return [Part(name, calls) for name, calls in parts.items()]


def shapes_of(schema: Schema) -> list[tuple[str, str, list[Cells]]]:
    """Every shape that is sent or comes back: its name, what it is, its fields."""
    shapes = schema["components"]["schemas"]
    return [
        (name, shapes[name].get("description", ""), list(_fields(shapes[name]))) for name in sorted(shapes)
    ]


def _call(schema: Schema, path: str, method: str, operation: Schema) -> Call:
    content = operation.get("requestBody", {}).get("content", {})
    sent = next((_resolved(schema, kind["schema"]) for kind in content.values()), {})
    return Call(
        method=method.upper(),
        kind=_METHOD_KINDS.get(method, ""),
        path=path,
        summary=operation["summary"],
        words=operation.get("description", ""),
        needs_token="/me/" in path,
        parameters=[
            [_named(one["name"], one.get("required")), type_of(one["schema"]), one.get("description", "")]
            for one in operation.get("parameters", [])
        ],
        body=list(_fields(sent)),
        answers=[[status, _answer(answer)] for status, answer in operation["responses"].items()],
    )


def _answer(answer: Schema) -> Any:
    content = answer.get("content", {})
    return next(
        (type_of(kind["schema"]) for kind in content.values() if "schema" in kind), answer["description"]
    )


def _resolved(schema: Schema, part: Schema) -> Schema:
    name = part.get("$ref", "").rpartition("/")[2]
    return dict(schema["components"]["schemas"][name]) if name else part


def _fields(shape: Schema) -> Iterator[Cells]:
    for name, field in shape.get("properties", {}).items():
        yield [_named(name, name in shape.get("required", ())), type_of(field), field.get("description", "")]


def _named(name: str, required: object) -> Any:
    mark = format_html(" <span class='muted'>({})</span>", _("required")) if required else ""
    return format_html("<code>{}</code>{}", name, mark)


def type_of(field: Schema) -> Any:
    """A type in words; a shape leads to where it is described."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return format_html('<a href="#{}">{}</a>', name, name)
    if one := field.get("allOf"):
        return type_of(one[0])
    if several := field.get("anyOf"):
        words = type_of(several[0])
        for other in several[1:]:
            words = format_html(_("{} or {}"), words, type_of(other))
        return words
    if field.get("type") == "array":
        return format_html(_("list of {}"), type_of(field.get("items", {})))
    if "enum" in field:
        return ", ".join(map(str, field["enum"]))
    return field.get("format") or field.get("type") or _("anything")
