"""What the roster holds on somebody; see ``common.held``."""

from common.held import Reader, rows
from people.models import Person

FACTS = (
    "key", "area_name", "category_name", "country", "region", "starts", "ends", "first_year", "last_year", "state",
    "state_since", "end_reason", "reason_code", "good_standing", "citation", "note", "granted_at", "source",
)  # fmt: skip

HELD: dict[str, Reader] = {
    "awards.Award": lambda person: rows(awards(person), *FACTS),
}


def awards(person: Person):  # type: ignore[no-untyped-def]
    return person.awards.select_related("region").order_by("starts", "id")
