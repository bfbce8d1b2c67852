"""What somebody does with their own profile, account and data. The profile that others see is the project's page."""

from people.views.account import (
    account,
    address_add,
    address_ask,
    address_choose,
    address_confirm,
    address_remove,
    settings_change,
)
from people.views.data import export_ask, export_download, person_erase
from people.views.mail import mail_settings, mail_stop
from people.views.profile import photo_change, photo_remove, profile_confirm, profile_edit
from people.views.tokens import token_make, token_revoke

__all__ = [
    "account",
    "address_add",
    "address_ask",
    "address_choose",
    "address_confirm",
    "address_remove",
    "export_ask",
    "export_download",
    "mail_settings",
    "mail_stop",
    "person_erase",
    "photo_change",
    "photo_remove",
    "profile_confirm",
    "profile_edit",
    "settings_change",
    "token_make",
    "token_revoke",
]
