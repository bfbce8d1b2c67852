"""Checks of the installation that `manage.py check` and every other command run."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


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
