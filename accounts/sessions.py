"""Sessions in the database, with whose they are, so that somebody sees where they are signed in and can end it.

They are read without the ORM's building of the statement: every request does it.
"""

import datetime as dt
import re
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from accounts.models import Session
from common import clock, prepared

READ = """
    SELECT session_data, used_at < now() - interval '10 minutes' FROM accounts_session
    WHERE session_key = %s AND expire_date > now()
"""
USED = "UPDATE accounts_session SET used_at = now() WHERE session_key = %s"

# The first that is found names it: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


class SessionStore(db.SessionStore):
    """Django's, but for how a session is read, and for the columns that say whose it is."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_new_session_key(self) -> str:
        """Not looked up first: ``create`` asks for another one when the table refuses it."""
        return get_random_string(32, VALID_KEY_CHARS)

    def load(self) -> dict[str, Any]:
        rows = prepared.fetch(READ, [self.session_key])
        if not rows:
            self._session_key = None
            return {}
        data, was_used_long_ago = rows[0]
        if was_used_long_ago:
            with connection.cursor() as cursor:
                cursor.execute(USED, [self.session_key])
        return self.decode(data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device = data.get("device", "")
        row.signed_in_at = dt.datetime.fromisoformat(data["signed_in_at"]) if "signed_in_at" in data else None
        return row


def note_device(sender: Any, request: HttpRequest, **_more: Any) -> None:
    """Connected to ``user_logged_in``, which every way in sends: with what and when somebody came."""
    request.session["device"] = device_of(request.headers.get("User-Agent", ""))
    request.session["signed_in_at"] = clock.now().isoformat()


def device_of(agent: str) -> str:
    """``Firefox, Linux`` from what a browser says of itself; nothing of the rest is kept."""
    agent = re.sub(r"[^ -~]", "", agent[:400])
    found = (
        next((name for mark, name in known.items() if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))
