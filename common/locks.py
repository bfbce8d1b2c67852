"""One at a time for a named thing, until the transaction ends. For what has no row to lock yet.

``address:`` is taken before the row of a case: whoever confirms an address moves the cases behind it, so an act on a case that
needs an address takes that first.
"""

from django.db import connection


def hold(*names: str) -> None:
    """Wait for every name, in sorted order so that two callers never wait for each other."""
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
