"""App configuration."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"

    def ready(self) -> None:
        from awards import actions, queries
        from awards.held import HELD
        from common import held, registry

        registry.on_merge.append(actions.follow_merged_persons)
        registry.on_erase.append(actions.withhold_name)
        registry.visible_keys["award"] = queries.visible_keys
        registry.visible_keys["signing_key"] = queries.visible_signing_keys
        held.add(HELD)
