"""App configuration."""

from django.apps import AppConfig


class NominationsConfig(AppConfig):
    name = "nominations"

    def ready(self) -> None:
        from common import held, registry
        from nominations import conflicts, emails, queries
        from nominations.actions.addresses import heed_bounce
        from nominations.actions.erasing import erase_person_from_cases
        from nominations.actions.joining import follow_merged_persons, follow_parted_persons
        from nominations.held import HELD

        registry.on_bounce.append(heed_bounce)
        registry.on_merge.append(follow_merged_persons)
        registry.on_unmerge.append(follow_parted_persons)
        registry.on_erase.append(erase_person_from_cases)
        registry.on_ties_changed.append(conflicts.recompute_for)
        registry.visible_keys["nomination"] = queries.visible_keys
        registry.visible_keys["conflict"] = queries.visible_conflict_keys
        registry.visible_keys["triage"] = queries.visible_triage_keys
        emails.register()
        held.add(HELD)
