"""What changes who someone is: persons, addresses, merges, erasure."""

from people.actions.addresses import (
    add_address,
    admit,
    choose_address,
    confirm_address,
    prepare_sign_in,
    remove_address,
)
from people.actions.erasing import erase_person, forget_person
from people.actions.merging import merge_persons
from people.actions.persons import change_employer, create_person, find_or_create_person, rename_person
from people.actions.profiles import edit_profile

__all__ = [
    "add_address",
    "admit",
    "change_employer",
    "choose_address",
    "confirm_address",
    "create_person",
    "edit_profile",
    "erase_person",
    "find_or_create_person",
    "forget_person",
    "merge_persons",
    "prepare_sign_in",
    "remove_address",
    "rename_person",
]
