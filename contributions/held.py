"""What the log holds on somebody; see ``common.held``."""

from collections.abc import Iterator

from common.held import Reader, Row, facts, rows
from contributions.models import DeletedContribution
from contributions.queries import contributions_of
from people.models import Person

FACTS = (
    "type__code", "area", "area_text", "title", "url", "starts", "ends", "description", "quantity", "second_quantity",
    "reach", "hours", "role", "audience", "private_note",
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


HELD: dict[str, Reader] = {
    "contributions.Contribution": contributions,
    "contributions.DeletedContribution": deleted,
}
