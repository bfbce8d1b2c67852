"""Who comes to a summit, as a table to keep."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.sheets import write_csv
from events.models import Registration


def registrations_as_csv(rows: QuerySet[Registration]) -> str:
    """One line a registration, in the order in which people joined; moments in UTC."""
    header = (
        _("Number"), _("Name"), _("State"), _("Joined"), _("Got a place"), _("Guest"), _("Food"), _("Shirt size"),
        _("What else they need"), _("Award in force"), _("Came"), _("Key"),
    )  # fmt: skip
    return write_csv(header, (_line(row) for row in rows.iterator(chunk_size=1000)))


def _line(row: Registration) -> tuple[object, ...]:
    moments = [
        moment.strftime("%Y-%m-%d %H:%M") if moment else "" for moment in (row.joined_at, row.placed_at)
    ]
    invited: bool = row.invited  # type: ignore[attr-defined]
    came = "" if row.attended is None else _("yes") if row.attended else _("no")
    return (
        row.number, row.person.name, row.get_state_display(), *moments, row.guest_name, row.diet,
        row.get_shirt_display(), row.needs, _("yes") if invited else _("no"), came, row.key,
    )  # fmt: skip
