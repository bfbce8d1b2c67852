"""Checks of the installation that `manage.py check` and every other command run."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register()
def a_key_that_signs(**_: Any) -> list[CheckMessage]:
    """Without it no credential is signed; better said at the start than to the first reader."""
    if (
        settings.SIGNING_KEY
        or settings.SIGNING_KEY_MADE_AT_NEED
        or os.access(settings.SIGNING_KEY_FILE, os.R_OK)
    ):
        return []
    return [
        Warning(
            f"SIGNING_KEY_FILE cannot be read: {settings.SIGNING_KEY_FILE}. No credential can be signed.",
            hint="Make a key with: openssl genpkey -algorithm ed25519 -out FILE",
            id="mvp_program.W002",
        )
    ]


@register()
def two_database_roles(**_: Any) -> list[CheckMessage]:
    """One role for all means that a hole in the application can drop tables and rewrite history."""
    if not settings.DATABASE_URL or settings.DATABASE_OWNER_URL:
        return []
    return [
        Warning(
            "DATABASE_OWNER_URL is not set: web and worker own the tables, so the database cannot protect them.",
            hint="Give DATABASE_URL a role of its own, and the tables' owner to DATABASE_OWNER_URL.",
            id="mvp_program.W001",
        )
    ]
