"""``manage.py replay_cycle [NAME]``: does the record lead to the outcomes that are stored?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from selection import replay
from selection.queries.replay import cycles_named, facts_of, released_cycles


class Command(BaseCommand):
    """Computes each proposed and final outcome again from reviews, rules and draws; prints what differs."""

    help = "Compute the outcomes of a cycle again (all released ones without a name); exit with 1 if any differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="slug or name of a cycle")

    def handle(self, *args: Any, **options: Any) -> None:
        cycles = cycles_named(options["name"]) if options["name"] else released_cycles()
        if options["name"] and not cycles:
            raise CommandError(f"There is no cycle with the name {options['name']}.")
        compared = differ = 0
        for cycle in cycles:
            facts = facts_of(cycle)
            found = list(replay.differences(facts))
            for one in found:
                self.stdout.write(
                    f"{cycle.slug}: {one.key}, stage {one.stage}, {one.what}: "
                    f"stored {_shown(one.stored)}, recomputed {_shown(one.computed)}"
                )
            compared += len(facts.cases)
            differ += len(replay.cases_of(found))
        self.stdout.write(f"{compared} cases compared, {differ} differ")
        if differ:
            sys.exit(1)


def _shown(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)
