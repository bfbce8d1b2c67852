"""App configuration."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"

    def ready(self) -> None:
        from common import held, registry
        from contributions import following, queries
        from contributions.held import HELD

        registry.on_merge.append(following.follow_merged_persons)
        registry.on_erase.append(following.erase_log)
        registry.visible_keys["contribution"] = queries.visible_keys
        registry.visible_keys["import"] = queries.import_keys
        held.add(HELD)
