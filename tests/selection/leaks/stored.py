"""Everything that is stored, as text: whoever is erased or anonymised must not be found in it."""

from pathlib import Path

from django.conf import settings
from django.db import connection


def stored() -> dict[str, str]:
    """Every row of every table as text, the queue's tables and packages' own included; and the files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = "\n".join(row[0] for row in cursor.fetchall()).casefold()
    media = Path(settings.MEDIA_ROOT) if settings.MEDIA_ROOT else None
    for file in media.rglob("*") if media and media.is_dir() else ():
        found[str(file)] = file.read_bytes().decode("utf-8", "replace").casefold() if file.is_file() else ""
    return found


def hits(*words: str) -> dict[str, list[str]]:
    """Word → the tables that hold it."""
    tables = stored()
    found = {word: [name for name, text in tables.items() if word.casefold() in text] for word in words}
    return {word: names for word, names in found.items() if names}
