"""What the log holds on somebody; see ``common.held``."""

from collections.abc import Iterator

from common.held import Reader, Row, facts, rows
from contributions.models import ContributionImport, DeletedContribution, ImportRow
from contributions.queries import contributions_of
from people.models import Person

FACTS = (
    "type__code", "area", "area_text", "title", "url", "starts", "ends", "description", "quantity", "second_quantity",
    "reach", "hours", "role", "audience", "private_note", "high_impact",
)  # fmt: skip


def contributions(person: Person) -> Iterator[Row]:
    for row in contributions_of(person).prefetch_related("more_areas"):
        more = {"more_areas": [str(area) for area in row.more_areas.all()]}
        rest = facts(row, "key", "visibility", "source", "link_checked_at", "link_answers", "created_at")
        yield facts(row, *FACTS) | more | rest


def deleted(person: Person) -> Iterator[Row]:
    """As long as it can be brought back."""
    found = DeletedContribution.objects.filter(person=person)
    return rows(found, "key", "title", "content", "deleted_at")


def imports(person: Person) -> Iterator[Row]:
    """As long as they can be undone."""
    found = ContributionImport.objects.filter(person=person)
    return rows(found, "key", "file_name", "state", "counts", "remarks", "made_at", "imported_at")


def import_rows(person: Person) -> Iterator[Row]:
    found = ImportRow.objects.filter(of__person=person)
    said = (
        "line",
        "fate",
        "ref",
        "title",
        "type_name",
        "day",
        "facts",
        "before",
        "notes",
        "why",
        "key",
        "choice",
    )
    return rows(found, "of__key", *said)


HELD: dict[str, Reader] = {
    "contributions.Contribution": contributions,
    "contributions.DeletedContribution": deleted,
    "contributions.ContributionImport": imports,
    "contributions.ImportRow": import_rows,
}
