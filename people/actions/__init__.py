"""What changes who someone is: persons, addresses, merges, erasure."""

from people.actions.addresses import (
    add_address,
    add_address_and_ask,
    admit,
    ask_to_confirm,
    choose_address,
    confirm_added_address,
    confirm_address,
    prepare_sign_in,
    remove_address,
    replace_unconfirmed_address,
)
from people.actions.asking import ask_about_profiles, confirm_profile
from people.actions.bounces import lift_bounce, mark_bounced
from people.actions.erasing import (
    erase_oneself,
    erase_person,
    forget_person,
    log_deletion,
    make_stand_in,
)
from people.actions.exporting import ask_for_export, forget_exports, make_export
from people.actions.links import verify_due_links, verify_links
from people.actions.mail import choose_mail, stop_mail
from people.actions.merging import merge_persons
from people.actions.parting import forget_merges, undo_merge
from people.actions.persons import change_employer, create_person, find_or_create_person, rename_person
from people.actions.photos import change_photo, remove_photo
from people.actions.profiles import edit_profile
from people.actions.seeking import dismiss_pair, seek_duplicates
from people.actions.settings import change_settings

__all__ = [
    "add_address",
    "add_address_and_ask",
    "admit",
    "ask_about_profiles",
    "ask_for_export",
    "ask_to_confirm",
    "change_employer",
    "change_photo",
    "change_settings",
    "choose_address",
    "choose_mail",
    "confirm_added_address",
    "confirm_address",
    "confirm_profile",
    "create_person",
    "dismiss_pair",
    "edit_profile",
    "erase_oneself",
    "erase_person",
    "find_or_create_person",
    "forget_exports",
    "forget_merges",
    "forget_person",
    "lift_bounce",
    "log_deletion",
    "make_export",
    "make_stand_in",
    "mark_bounced",
    "merge_persons",
    "prepare_sign_in",
    "remove_address",
    "remove_photo",
    "rename_person",
    "replace_unconfirmed_address",
    "seek_duplicates",
    "stop_mail",
    "undo_merge",
    "verify_due_links",
    "verify_links",
]
