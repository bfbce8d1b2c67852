"""What summits hold on somebody; see ``common.held``."""

from collections.abc import Iterator

from common.held import Reader, Row, rows
from people.models import Person

REGISTRATION = (
    "key", "summit", "state", "number", "joined_at", "joined_as", "placed_at", "cancelled_at", "guest_name", "diet", "shirt",
    "needs", "details_erased_at", "attended", "attendance_seen_by",
)  # fmt: skip


def registrations(person: Person) -> Iterator[Row]:
    yield from rows(person.registrations.select_related("summit").order_by("pk"), *REGISTRATION)


HELD: dict[str, Reader] = {"events.Registration": registrations}
