"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from common import held, registry
        from people import emails, queries
        from people.held import HELD

        registry.mails.update(emails.MAILS)
        registry.visible_keys["person"] = queries.visible_keys
        registry.no_more_mail.append(queries.gets_no_more_mail)
        held.add(HELD)
