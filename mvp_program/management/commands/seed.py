"""``manage.py seed``: load the program from ``seeds/``; with ``--demo`` its invented people too."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mvp_program.seeding.loading import load_seeds
from mvp_program.seeding.moving import move_to_today
from mvp_program.seeding.presets import use_preset_for_next_cycle
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import SeedError


class Command(BaseCommand):
    help = "Load the program from seeds/. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo",
            action="store_true",
            help="also the cast and two past cycles; marks the database as a demo",
        )

        parser.add_argument(
            "--preset",
            metavar="NAME",
            help="let the cycle that comes decide as seeds/presets/NAME.yaml has it, before its first stage opens",
        )
        parser.add_argument(
            "--move-to-today", action="store_true", help="move all dates of a demo, so that it plays today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["move_to_today"]:
                self._move()
                return
            total = load_seeds(demo=options["demo"], say=self._say)
            if options["preset"]:
                cycle = use_preset_for_next_cycle(options["preset"])
                self.stdout.write(f"  {cycle.name}: decides as in seeds/presets/{options['preset']}.yaml")
                return
        except SeedError as error:
            raise CommandError(str(error)) from None
        if total.nothing:
            self.stdout.write("Nothing to load: the seeds have not changed.")

    def _move(self) -> None:
        move = move_to_today()
        if move.days:
            self.stdout.write(f"Moved by {move.days} days; award years by {move.years}.")
        else:
            self.stdout.write("Nothing to move: the demo plays today.")

    def _say(self, title: str, tally: Tally) -> None:
        self.stdout.write(
            f"  {title}: new {tally.new}, changed {tally.changed}, removed {tally.removed}, same {tally.same}"
        )
