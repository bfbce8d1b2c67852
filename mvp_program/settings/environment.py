"""Reads environment variables; a value that makes no sense stops the start with a sentence."""

import os
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """A variable that is empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    if value := text(name):
        return value
    raise ImproperlyConfigured(f"{name} is not set: {why}.")


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be one of: {', '.join(among)}.")
    return value


def flag(name: str) -> bool:
    return choice(name, "0", among=("0", "1")) == "1"


def number(name: str, default: int, *, at_least: int, at_most: int) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be a number from {at_least} to {at_most}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is no time zone; try Europe/Berlin."
        ) from None
    return value


def secret(name: str, *, at_least: int) -> str:
    """A shared secret; too short a one stops the start, an empty one means that there is none."""
    value = text(name)
    if value and len(value) < at_least:
        raise ImproperlyConfigured(f"{name} is shorter than {at_least} characters; make a random one.")
    return value


def pem(name: str) -> str:
    """A key in PEM; ``\\n`` stands for a line's end where a variable holds but one line."""
    value = text(name).replace("\\n", "\n")
    if value and not value.startswith("-----BEGIN "):
        raise ImproperlyConfigured(f"{name} must be a key in PEM: -----BEGIN PRIVATE KEY----- …")
    return value


def site_url(value: str) -> str:
    """The site's own address, without a slash at its end: https://awards.example."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"SITE_URL is {value!r}, but must look like https://awards.example.")
    return value.rstrip("/")


class MailServer(NamedTuple):
    """Where mail goes."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False
    timeout: int = 20


def mail_server(name: str, *, otherwise: str) -> MailServer:
    """Read ``smtp://user:password@host:587?tls=1&timeout=20`` or ``smtps://…``; not set, another backend takes the mail.

    ``timeout``: seconds, 1 to 120, that the server may be silent.
    """
    value = text(name)
    if not value:
        return MailServer(backend=otherwise)
    parts = urlsplit(value)
    options = dict(parse_qsl(parts.query))
    ssl = parts.scheme == "smtps"
    try:
        port = parts.port or (465 if ssl else 25)
    except ValueError:
        port = 0
    timeout = options.get("timeout", "20")
    wrong = options.keys() - {"tls", "timeout"} or not re.fullmatch(
        r"[1-9]\d?|1[01]\d|120", timeout, re.ASCII
    )
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not port or wrong:
        raise ImproperlyConfigured(
            f"{name} must look like smtp://user:password@host:587?tls=1 or smtps://host."
        )
    return MailServer(
        "django.core.mail.backends.smtp.EmailBackend",
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        options.get("tls") == "1",
        ssl,
        int(timeout),
    )


def of_a_server() -> dict[str, str]:
    """The environment for a web or worker process that a command starts: it serves as the application."""
    return {**os.environ, "MVP_DATABASE_ROLE": "app", "PYTHONUNBUFFERED": "1"}
