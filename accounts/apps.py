"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts import queries, sessions
        from common import registry

        registry.visible_keys["user"] = queries.visible_keys
        user_logged_in.connect(sessions.note_device)
        registry.visible_keys["site"] = queries.visible_site_keys
