"""``manage.py reissue``: sign again what was signed for another address of the site or by a key in wrong hands."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from awards import actions
from awards.models import SigningKey
from common.errors import RuleBroken


class Command(BaseCommand):
    """Each credential that would not be signed in the same words today gets a new signature; the others stay."""

    help = "Sign credentials anew after SITE_URL changed or a key got into wrong hands (--distrust NAME)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--distrust", default="", metavar="NAME", help="a key that must not be trusted any more"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if name := options["distrust"]:
            key = SigningKey.objects.filter(name=name).first()
            if key is None:
                raise CommandError(f"There is no key with the name {name}.")
            try:
                self.stdout.write(f"{actions.distrust_key(key)} credentials were signed by {name}")
            except RuleBroken as broken:
                raise CommandError(broken.sentence) from broken
        signed, lists = actions.sign_credentials(), actions.sign_status_lists()
        self.stdout.write(f"{signed} credentials and {lists} status lists signed anew")
