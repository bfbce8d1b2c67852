"""Where upper rooms register what lower rooms must call. Filled in each app's ``AppConfig.ready()``.

Hooks run inside the caller's transaction and raise to stop it.
"""

from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

Hook = Callable[..., None]

on_merge: list[Hook] = []  # (kept: Person, absorbed: Person, by=Actor | None)
on_unmerge: list[Hook] = []  # (kept: Person, absorbed: Person, by=Actor | None) once rows went back
on_erase: list[Hook] = []  # (person: Person, by=Actor | None)
on_ties_changed: list[Hook] = []  # (person: Person) after an address, employer, endorser or role changed
on_ties_found: list[Hook] = []  # (nominations: list[int]) after hard ties to them were found, or are no more
on_award_ended: list[
    Hook
] = []  # (award, by=Actor | None) once it was revoked, declined or ended; its row is locked
on_case_anonymised: list[Hook] = []  # (nomination) before its names and texts go
on_case_moved: list[Hook] = []  # (nomination, old: str, new: str)
on_bounce: list[
    Hook
] = []  # (email: str, kind: str, mail: OutboxMail | None) once an address counts as bouncing

# kind of history row, outbox row or job -> which of these keys may this user see?
VisibleKeys = Callable[[Any, Iterable[str]], set[str]]
visible_keys: dict[str, VisibleKeys] = {}

# () -> the clock by which times are said where their reader has set none
site_zones: list[Callable[[], ZoneInfo]] = []

# (language) -> words of rows -> the same in that language
wordings: list[Callable[[str], dict[str, str]]] = []

# (language) -> what changes with those words
wordings_versions: list[Callable[[str], str]] = []

# kind of mail -> how to write it: (keys, language) -> common.outbox.Letter
mails: dict[str, Callable[..., Any]] = {}

# kind of mail -> its group, a key of common.mail_groups.GROUPS; what names none is a notice
mail_groups: dict[str, str] = {}

# kind of mail -> an invented example: (language) -> common.outbox.Letter
mail_examples: dict[str, Callable[[str], Any]] = {}

# kind of mail -> what pages call it
mail_names: dict[str, Any] = {}

# (person keys) -> person key -> common.mail_groups.Reader
mail_readers: list[Callable[[Iterable[str]], dict[str, Any]]] = []

# (person_key, address) -> must nothing be sent to them any more?
no_more_mail: list[Callable[[str, str], bool]] = []

# table -> how its rows on a person are read for their export: see common.held
held_on: dict[str, list[Callable[[Any], Iterable[dict[str, Any]]]]] = {}


def call(hooks: list[Hook], *args: Any, **kwargs: Any) -> None:
    """Run every hook of a list, in the order of registration."""
    for hook in hooks:
        hook(*args, **kwargs)
