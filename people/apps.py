"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from common import held, registry
        from people import actions, emails, queries
        from people.held import HELD
        from people.language import keep_language

        emails.register()
        registry.mail_readers.append(queries.mail_readers)
        registry.on_bounce.append(actions.mark_bounced)
        registry.visible_keys["person"] = queries.visible_keys
        registry.no_more_mail.append(queries.gets_no_more_mail)
        held.add(HELD)
        user_logged_in.connect(keep_language)
