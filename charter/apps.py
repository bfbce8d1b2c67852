"""App configuration."""

from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "charter"

    def ready(self) -> None:
        from charter import queries
        from common import registry

        registry.visible_keys["content"] = queries.visible_content_keys
