"""A roster of past holders from a file: the whole import, from reading to the sealed history."""

from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.importing.mappings import Mapping, find_mapping
from awards.importing.plan import REFUSED, Plan, make_plan
from awards.importing.writing import carry_out
from common import history
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from common.records import Document, read

IMPORT_LOCK = 7_204_010  # advisory lock: one roster at a time


def import_roster(
    path: Path, *, mapping: str = "", dry_run: bool = False, strict: bool = False, by: Actor | None = None
) -> Plan:
    """Load a roster and return what happened to each record; with ``dry_run`` what would happen.

    One transaction. A fault of the file as a whole raises ``RuleBroken`` before anything is written. A fault
    of a record refuses that record and lets the others in; with ``strict`` it stops everything. The history
    is sealed after the commit.
    """
    document = read(path)
    rules = find_mapping(mapping, file=path, document=document)
    remarks = _missing_columns(document, rules)
    records = document.records(rules.records)
    if not records:
        raise RuleBroken(_("The file holds no records."))
    try:
        with transaction.atomic():
            _lock()
            plan = make_plan(records, rules)
            plan.remarks = remarks
            if dry_run:
                return plan
            if not (strict and plan.count(REFUSED)):
                carry_out(plan, by=by)
    except IntegrityError as error:
        raise Outdated(
            _("Somebody changed the roster at the same moment. Nothing was imported; try again.")
        ) from error
    if strict and plan.count(REFUSED):
        raise StrictRefusal(plan)
    history.seal()
    return plan


class StrictRefusal(RuleBroken):
    """Some records were refused and all were wanted; nothing was written."""

    def __init__(self, plan: Plan) -> None:
        count = plan.count(REFUSED)
        super().__init__(
            ngettext(
                "%(count)d record was refused, so nothing was imported.",
                "%(count)d records were refused, so nothing was imported.",
                count,
            )
            % {"count": count}
        )
        self.plan = plan


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _missing_columns(document: Document, mapping: Mapping) -> list[str]:
    """Remarks on columns that a table lacks; one without a name or a year is another table."""
    if not document.columns:
        return []
    for name in mapping.needed:
        if name not in document.columns:
            raise RuleBroken(
                _("Line 1: the column “%(name)s” is missing. There are: %(columns)s.")
                % {"name": name, "columns": ", ".join(filter(None, document.columns))}
            )
    missing = [name for name in mapping.wanted if name not in document.columns]
    return [_("There is no column “%(name)s”.") % {"name": name} for name in missing]
