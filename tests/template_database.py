"""The migrated, empty database that every worker's own is copied from.

A hundred migrations take longer than any test. They run once for each state of their files; what is made stays for
the next run of the tests in this checkout, until a migration or a package changes.
"""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection

PREFIX = "test_mvp_made_"


def make(checkout: Path) -> str:
    """Name of the database to copy, made where it is missing; the others wait for the one that makes it."""
    name = PREFIX + _digest(checkout)
    with (checkout / ".local" / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
            there = {found for (found,) in cursor.fetchall()}
            if name in there:
                return name
            for old in there:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        _migrate(name)
    return name


def _digest(checkout: Path) -> str:
    read = hashlib.sha256()
    for path in [*sorted(checkout.glob("*/migrations/*.py")), checkout / "requirements.txt"]:
        read.update(path.read_bytes())
    return read.hexdigest()[:12]


def _migrate(name: str) -> None:
    """As a test database first: a run that is stopped midway leaves nothing that looks ready."""
    own = settings.DATABASES["default"]["NAME"]
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = own
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'ALTER DATABASE "{made}" RENAME TO "{name}"')
