"""Which PostgreSQL the site talks to, and as whom: ``DATABASE_URL``, else the embedded one of the checkout.

Two roles. ``owner`` owns the tables, migrates and seeds; ``app`` is what web and worker connect as and may
only read and write rows. A process says which of the two it is with ``MVP_DATABASE_ROLE`` (see manage.py).
"""

import re
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

NAME, OWNER, APP = "mvp", "mvp_owner", "mvp_app"  # of the embedded database
PORT = 5432  # nobody listens there; it is a part of the socket's name
APPEND_ONLY = (
    "common_historyrow",
    "common_historyblock",
)  # the application adds to these and reads them, no more


class DatabaseProblem(ImproperlyConfigured):
    """One sentence for whoever started the command; no traceback helps them."""


def settings_for(role: str, *, url: str, owner_url: str, checkout: Path) -> dict[str, Any]:
    """Return the ``default`` entry of DATABASES for a process of this role, ``owner`` or ``app``."""
    if not url:
        if owner_url:
            raise DatabaseProblem(
                "DATABASE_OWNER_URL is set, but DATABASE_URL, the application's own, is not."
            )
        return {
            "ENGINE": "mvp_program.embedded",
            "NAME": NAME,
            "USER": OWNER if role == "owner" else APP,
            "PORT": str(PORT),
            "CHECKOUT": checkout,
        }
    variable, value = (
        ("DATABASE_OWNER_URL", owner_url) if role == "owner" and owner_url else ("DATABASE_URL", url)
    )
    return {"ENGINE": "django.db.backends.postgresql", **parse_url(value, variable=variable)}


def parse_url(url: str, *, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Turn ``postgresql://user:password@host:5432/name?sslmode=require`` into Django's keys."""
    wanted = f"{variable} must look like postgresql://user:password@host:5432/name"
    if not re.match(r"postgres(ql)?://", url):
        raise DatabaseProblem(f"{wanted}.")
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except psycopg.Error:  # its text would repeat the password
        raise DatabaseProblem(f"{wanted}.") from None
    if not re.fullmatch(r"[\d,]*", str(parts.get("port", "")), re.ASCII):
        raise DatabaseProblem(f"{wanted}; the port is no number.")
    if not parts.get("dbname"):
        raise DatabaseProblem(f"{wanted}; the name of the database is missing.")
    keys = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {key: str(parts.pop(name, "")) for name, key in keys.items()}
    return {**known, "OPTIONS": {"connect_timeout": "5", **parts}}


def app_role(*, url: str) -> str:
    """The name of the role that web and worker connect as."""
    return str(parse_url(url)["USER"]) if url else APP


def grants(role: str) -> tuple[str, ...]:
    """The rights of the application's role: rows, never tables; of history, only to add and to read.

    The owner grants them anew after each migration, so a new table needs no thought.
    """
    return (
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        *(f'REVOKE UPDATE, DELETE ON {table} FROM "{role}"' for table in APPEND_ONLY),
    )


def explain(error: Exception) -> str:
    """Say in one line why a database did not answer."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"The database does not answer: {lines[0] if lines else type(error).__name__}"
