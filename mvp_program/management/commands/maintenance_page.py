"""``manage.py maintenance_page > 503.html``: the page while the site is being worked on, for a server in front of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mvp_program.pages.maintenance import page_alone


class Command(BaseCommand):
    """One file in every language of the site, with its styles inside; asks nothing of the database."""

    help = "Write the page that a server in front shows while the site is being worked on."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--say", default="", metavar="WORDS", help="a sentence on it, such as until when")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page_alone(options["say"]))
