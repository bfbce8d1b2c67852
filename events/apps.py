"""App configuration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from common import held, registry
        from events import actions, emails, queries
        from events.held import HELD

        registry.on_merge.append(actions.follow_merged_persons)
        registry.on_erase.append(actions.erase_person_from_summits)
        registry.on_award_ended.append(actions.leave_where_no_award_invites)
        registry.visible_keys["summit"] = queries.visible_summit_keys
        registry.visible_keys["registration"] = queries.visible_keys
        emails.register()
        held.add(HELD)
