"""``manage.py import_contributions FILE --person PK``: somebody's activities from a file. Run again it changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from common import history
from common.errors import RuleBroken
from common.records import bytes_of
from contributions import actions
from contributions.importing.plan import BOTH, KINDS, REFUSED
from contributions.models import ContributionImport, ImportRow
from contributions.queries import rows_of_import
from people.models import Person


class Command(BaseCommand):
    help = "Add the activities of a file to somebody's log. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file whose name ends in .csv, .xlsx, .json, .yml or .yaml")
        parser.add_argument(
            "--person",
            required=True,
            help="whose log: the number of the row, or the key or address of the profile",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen to each row")

    def handle(self, *args: Any, **options: Any) -> None:
        path, dry_run = Path(options["file"]), options["dry_run"]
        person = _person(options["person"])
        try:
            with transaction.atomic():
                made = actions.check_import(person, name=path.name, content=bytes_of(path), by=None)
                if not dry_run:
                    made = actions.import_contributions(made, choices=_all_new(made), by=None)
                self._tell(made, every=dry_run or options["verbosity"] > 1)
                transaction.set_rollback(dry_run)
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from None
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
        else:
            history.seal()
        self.stdout.write(", ".join(f"{kind} {made.counts[kind]}" for kind in KINDS))

    def _tell(self, made: ContributionImport, *, every: bool) -> None:
        for remark in made.remarks:
            self.stdout.write(remark)
        for row in rows_of_import(made).order_by("line", "id"):
            if every or row.fate == REFUSED or row.notes or row.twin:
                self.stdout.write(_line(row))


def _all_new(made: ContributionImport) -> dict[int, str]:
    """Nobody is here to decide: what is not recognised is added, and the report names what it resembles."""
    return dict.fromkeys(made.rows.exclude(twin="").values_list("line", flat=True), BOTH)


def _line(row: ImportRow) -> str:
    said = f"{row.fate:<8} {_('line')} {row.line}"
    about = f"{said}: {row.title}" if row.title else said
    like = [_("may be the same as %(key)s") % {"key": row.twin}] if row.twin else []
    changed = [_("changes %(columns)s") % {"columns": ", ".join(sorted(row.before))}] if row.before else []
    more = "; ".join(filter(None, [row.why, *changed, *row.notes, *like]))
    return f"{about} ({more})" if more else about


def _person(text: str) -> Person:
    found = Person.objects.filter(merged_into=None, erased_at=None)
    by_row = (
        found.filter(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else found.none()
    )
    person = (by_row or found.filter(key=text) or found.filter(slug=text)).first()
    if person is None:
        raise CommandError(_("There is no person %(text)s.") % {"text": text})
    return person
