"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from common import held, registry
        from people import actions, emails, queries
        from people.held import HELD

        emails.register()
        registry.mail_readers.append(queries.mail_readers)
        registry.on_bounce.append(actions.mark_bounced)
        registry.visible_keys["person"] = queries.visible_keys
        registry.no_more_mail.append(queries.gets_no_more_mail)
        held.add(HELD)
