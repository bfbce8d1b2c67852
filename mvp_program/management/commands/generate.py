"""``manage.py generate --size S|M|L|XL``: fill a demo with invented people, awards, cases and contributions."""

import math
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mvp_program.generating.filling import NothingToFill, fill, steps_of
from mvp_program.generating.sizes import SIZES
from mvp_program.seeding.reading import SeedError

WIDTH = 28


class Command(BaseCommand):
    help = (
        "Fill a demo with invented people, the same ones every time. "
        "S: a small roster; M: the program in 2004; L: the program today; L-tenth: a tenth of that; "
        "XL: a million people with two million awards, and the cycle of L."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="M")

    def handle(self, *args: Any, **options: Any) -> None:
        self._step, self._steps, self._began = 0, steps_of(options["size"]), time.monotonic()
        try:
            fill(options["size"], say=self._say, watch=self._draw)
        except NothingToFill as reason:
            self.stdout.write(str(reason))
        except SeedError as error:
            raise CommandError(str(error)) from None
        else:
            self.stdout.write(f"\nFilled in {time.monotonic() - self._began:.0f} s.")

    def _say(self, what: str, count: int) -> None:
        """One table more; a plain line where nobody watches."""
        self._step += 1
        if self.stdout.isatty():
            self._draw(what, count)
        else:
            self.stdout.write(f"  {_told(what, count)}")

    def _draw(self, what: str, count: int) -> None:
        """A bar that grows with each table, and the rows of a long one while they are written."""
        if self.stdout.isatty():
            full = min(WIDTH, math.ceil(WIDTH * self._step / self._steps))
            bar = "█" * full + " " * (WIDTH - full)
            self.stdout.write(f"\r  [{bar}] {_told(what, count):<36}", ending="")
            self.stdout.flush()


def _told(what: str, count: int) -> str:
    return f"{count:,} {what}" if count else what
