"""One's own log as a file that ``importing`` reads again without a change."""

import json
from typing import Any

from common.sheets import write_csv
from contributions.models import Contribution
from contributions.queries import more_areas_of
from people.models import Person

COLUMNS = (
    "id", "type", "title", "date", "until", "link", "area", "area_text", "more_areas", "quantity", "second_quantity",
    "reach", "hours", "role", "audience", "description", "private_note", "visibility", "high_impact",
)  # fmt: skip


def as_json(person: Person) -> str:
    """``{"contributions": [{"id": …, "type": "article", …}]}``; areas by their codes."""
    return json.dumps({"contributions": _records(person)}, ensure_ascii=False, indent=1)


def as_csv(person: Person) -> str:
    """The same as a table; a cell that a spreadsheet would run begins with an apostrophe."""
    return write_csv(COLUMNS, [[_cell(record[name]) for name in COLUMNS] for record in _records(person)])


def _records(person: Person) -> list[dict[str, Any]]:
    entries = (
        Contribution.objects.filter(person=person).select_related("type", "area").order_by("starts", "id")
    )
    slugs = dict(
        Contribution.more_areas.through.objects.filter(contribution__person=person).values_list(
            "area_id", "area__slug"
        )
    )
    more = more_areas_of(person)
    return [_record(entry, [slugs[area] for area in more.get(entry.pk, [])]) for entry in entries]


def _record(entry: Contribution, more_areas: list[str]) -> dict[str, Any]:
    return {
        "id": entry.source_ref or entry.key,
        "type": entry.type.code,
        "title": entry.title,
        "date": entry.starts.isoformat(),
        "until": entry.ends.isoformat() if entry.ends else None,
        "link": entry.url,
        "area": entry.area.slug if entry.area else "",
        "area_text": entry.area_text,
        "more_areas": more_areas,
        "quantity": entry.quantity,
        "second_quantity": entry.second_quantity,
        "reach": entry.reach,
        "hours": entry.hours,
        "role": entry.role,
        "audience": entry.audience,
        "description": entry.description,
        "private_note": entry.private_note,
        "visibility": entry.visibility,
        "high_impact": entry.high_impact,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else value
