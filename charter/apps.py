"""App configuration."""

from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "charter"

    def ready(self) -> None:
        from charter import queries, wordings
        from common import registry

        registry.wordings.append(wordings.wordings_in)
        registry.visible_keys["content"] = queries.visible_content_keys
