"""App configuration."""

from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "selection"

    def ready(self) -> None:
        """Register letters, what follows when cases or persons move, and who sees which keys."""
        from common import held, registry
        from people import queries as people
        from selection import actions, mail_kinds, queries
        from selection.held import HELD
        from selection.queries import behind, plans, releases

        mail_kinds.register()
        registry.on_case_moved += [actions.follow_case, actions.offer_freed_place]
        registry.on_ties_found.append(actions.follow_ties)
        registry.on_merge.append(actions.follow_merged_persons)
        registry.on_unmerge.append(actions.refuse_to_part_winners)
        registry.on_erase.append(actions.erase_person_from_selection)
        registry.on_case_anonymised.append(actions.erase_texts_of_case)
        for kind in ("candidacy", "assignment", "review", "override", "decision"):
            registry.visible_keys[kind] = queries.visible_keys
        for kind in ("cycle", "stage", "protocol", "report"):
            registry.visible_keys[kind] = queries.visible_cycle_keys
        registry.visible_keys["plan"] = plans.visible_plan_keys
        registry.visible_keys["capacity"] = people.visible_keys
        registry.visible_keys["release"] = releases.visible_release_keys
        registry.visible_keys["training"] = queries.visible_training_keys
        registry.visible_keys["reminder"] = behind.visible_reminder_keys
        held.add(HELD)
