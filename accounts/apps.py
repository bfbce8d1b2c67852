"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import queries
        from common import registry

        registry.visible_keys["user"] = queries.visible_keys
        registry.visible_keys["site"] = queries.visible_site_keys
