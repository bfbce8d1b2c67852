"""``manage.py import_roster FILE``: past holders from YAML, CSV or JSON. Run again it changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from awards.importing.plan import CHANGED, NEW, REFUSED, SAME, Fate, Plan
from awards.importing.roster import StrictRefusal, import_roster
from common.errors import RuleBroken


class Command(BaseCommand):
    help = "Load a roster of past holders. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file whose name ends in .yml, .yaml, .csv or .json")
        parser.add_argument(
            "--mapping",
            default="",
            help="what its fields mean: a name in seeds/imports, or a path to a mapping",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would happen to each record"
        )
        parser.add_argument(
            "--strict", action="store_true", help="import nothing if a single record is refused"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        try:
            plan = import_roster(
                Path(options["file"]), mapping=options["mapping"], dry_run=dry_run, strict=options["strict"]
            )
        except StrictRefusal as refusal:
            self._tell(refusal.plan, every=False)
            raise CommandError(refusal.sentence) from None
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from None
        self._tell(plan, every=dry_run or options["verbosity"] > 1)
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
        counts = {kind: plan.count(kind) for kind in (NEW, SAME, CHANGED, REFUSED)}
        self.stdout.write(", ".join(f"{kind} {count}" for kind, count in counts.items()))

    def _tell(self, plan: Plan, *, every: bool) -> None:
        for remark in plan.remarks:
            self.stdout.write(remark)
        for fate in plan.fates:
            if every or fate.kind == REFUSED:
                self.stdout.write(self._line(fate))
        if plan.absent:
            self.stdout.write(
                _("%(count)d people who came from here before are not in this file; they stay as they are.")
                % {"count": plan.absent}
            )

    def _line(self, fate: Fate) -> str:
        said = f"{fate.kind:<8} {_('line')} {fate.line}"
        about = f"{said}: {fate.label}" if fate.label else said
        if fate.fields:
            return f"{about} ({', '.join(fate.fields)})"
        return f"{about}: {fate.why}" if fate.why else about
