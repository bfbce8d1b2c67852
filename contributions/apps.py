"""App configuration."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"

    def ready(self) -> None:
        from common import registry
        from contributions import following

        registry.on_merge.append(following.follow_merged_persons)
        registry.on_erase.append(following.erase_log)
