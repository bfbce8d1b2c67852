"""``manage.py verify_history``: is the history what it was when it was sealed?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.verification import verify


class Command(BaseCommand):
    """Recomputes every block, names each changed, removed or inserted row, prints the head digest."""

    help = "Recompute the sealed history; exit with 1 if anything was changed, removed or inserted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="a head digest from an earlier run that must be in it")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(known_head=options["head"])
        for problem in report.problems:
            self.stdout.write(problem)
        self.stdout.write(f"{report.rows} rows in {report.blocks} blocks, {len(report.problems)} problems")
        self.stdout.write(f"head {report.head or '-'}")
        if report.problems:
            sys.exit(1)
