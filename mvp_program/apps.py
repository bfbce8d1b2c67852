"""App configuration of the project package: templates, static files, commands and the admin of common's models."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class MvpProgramConfig(AppConfig):
    name = "mvp_program"

    def ready(self) -> None:
        from common import registry
        from mvp_program import (
            checks,  # noqa: F401 - registers them
            queries,
        )

        registry.visible_keys["mail"] = queries.visible_mail_keys
        # Django sends this for apps with models alone, when all migrations are done; common stands for all.
        post_migrate.connect(grant_rights, sender=apps.get_app_config("common"))


def grant_rights(*, using: str, **_: Any) -> None:
    """After each migration, let the application's role read and write what the owner's tables hold."""
    from django.conf import settings
    from django.db import connections

    from mvp_program import database

    connection = connections[using]
    role = settings.DATABASE_APP_ROLE
    if settings.DATABASE_ROLE != "owner" or connection.settings_dict["USER"] == role:
        return  # one role for everything: nothing to grant
    tables = set(connection.introspection.table_names())
    if tables.issuperset(database.APPEND_ONLY):  # not so half way back through the migrations
        with connection.cursor() as cursor:
            cursor.execute("; ".join(database.grants(role)))
