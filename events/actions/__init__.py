"""What changes summits and registrations."""

from events.actions.keeping import (
    erase_details,
    erase_person_from_summits,
    follow_merged_persons,
    leave_where_no_award_invites,
    leave_where_terms_ended,
    remind_registered,
    tell_left_waiting,
)
from events.actions.registrations import (
    cancel_registration,
    edit_registration,
    mark_attendance,
    register_for_summit,
    show_attendance,
)
from events.actions.summits import call_off_summit, change_summit, set_up_summit

__all__ = [
    "call_off_summit",
    "cancel_registration",
    "change_summit",
    "edit_registration",
    "erase_details",
    "erase_person_from_summits",
    "follow_merged_persons",
    "leave_where_no_award_invites",
    "leave_where_terms_ended",
    "mark_attendance",
    "register_for_summit",
    "remind_registered",
    "set_up_summit",
    "show_attendance",
    "tell_left_waiting",
]
