"""App configuration."""

from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "charter"

    def ready(self) -> None:
        from charter import queries, wordings, zone
        from common import registry

        registry.wordings.append(wordings.wordings_in)
        registry.wordings_versions.append(wordings.wordings_version)
        registry.site_zones.append(zone.program_zone)
        registry.visible_keys["content"] = queries.visible_content_keys
