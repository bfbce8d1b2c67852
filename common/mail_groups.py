"""What mail is about, as its readers choose: at once, gathered into one mail a day, or not at all.

Each kind of mail belongs to a group (``registry.mail_groups``); one that names none belongs to ``NOTICES``. Sign-in,
outcomes and what the law or the rules of a case ask for always go out at once.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import registry
from common.dates import zone_of_reader

AT_ONCE, DAILY, OFF = "at_once", "daily", "off"
WHEN = {AT_ONCE: _("At once"), DAILY: _("In one mail a day"), OFF: _("Never")}

SIGN_IN, NOTICES, OUTCOMES, REMINDERS = "sign_in", "notices", "outcomes", "reminders"
DELAYS, SUPPORT, REVIEWING, OFFICE, NEWS, SUMMITS, DIGEST = (
    "delays",
    "support",
    "reviewing",
    "office",
    "news",
    "summits",
    "digest",
)

MORNING = dt.time(7)  # when the day's mail goes out, by the reader's clock
EVENING = dt.time(20)  # from then until the morning nothing goes out that somebody decided to send by day
_SALT = "mail-stop"


@dataclass(frozen=True)
class Group:
    """One group of mail. ``choices``: what its reader may choose, the first is the default."""

    key: str
    label: Any
    about: Any
    choices: tuple[str, ...] = (AT_ONCE,)

    @property
    def default(self) -> str:
        return self.choices[0]

    @property
    def may_stop(self) -> bool:
        return OFF in self.choices


GROUPS = {
    group.key: group
    for group in (
        Group(SIGN_IN, _("Signing in"), _("Codes, when somebody asks for one with your address.")),
        Group(
            NOTICES,
            _("Your own cases"),
            _("Invitations with the notice of what we hold, and what becomes of a case of yours."),
        ),
        Group(OUTCOMES, _("Outcomes"), _("Letters after a release, to everybody at the same moment.")),
        Group(SUMMITS, _("Summits"), _("Your place at a summit, the waitlist, and one reminder before it.")),
        Group(REMINDERS, _("Reminders"), _("Three at most for an invitation or a renewal."), (AT_ONCE, OFF)),
        Group(
            DELAYS,
            _("Delays of your own cases"),
            _("One mail when a stage takes longer than its day, with the new one."),
            (AT_ONCE, DAILY, OFF),
        ),
        Group(
            SUPPORT,
            _("People whom you nominated or endorsed"),
            _("When they answer, complete their dossier, or a date moves. The outcome always comes."),
            (DAILY, AT_ONCE, OFF),
        ),
        Group(
            REVIEWING,
            _("Cases for you to review"),
            _("When cases are assigned to you, and reminders of them."),
            (DAILY, AT_ONCE),
        ),
        Group(OFFICE, _("Work of the program office"), _("Addresses that bounce."), (DAILY, AT_ONCE, OFF)),
        Group(
            NEWS,
            _("News"),
            _("Your own year as a reviewer, thanks, and once a year whether your profile is right."),
            (AT_ONCE, DAILY, OFF),
        ),
    )
}


@dataclass(frozen=True)
class Reader:
    """How somebody wants their mail; ``zone`` is the program's for those who chose none."""

    zone: str = ""
    when: Mapping[str, str] = field(default_factory=dict)  # group → choice, where one was made

    def wants(self, group: Group) -> str:
        chosen = self.when.get(group.key, "")
        return chosen if chosen in group.choices else group.default


def group_of(kind: str) -> Group:
    """The group of a kind of mail."""
    return GROUPS[registry.mail_groups.get(kind, NOTICES)]


def kind_in_words(kind: str) -> str:
    """A kind of mail as pages name it; one that is written no more, as in old mail, by its code."""
    return str(registry.mail_names.get(kind, kind))


def readers_of(person_keys: Iterable[str]) -> dict[str, Reader]:
    """How each of these persons wants their mail, by ``registry.mail_readers``; a fixed number of statements."""
    found: dict[str, Reader] = {}
    keys = {key for key in person_keys if key}
    for ask in registry.mail_readers:
        found.update(ask(keys))
    return found


def zone_of(reader: Reader | None) -> ZoneInfo:
    """The zone in which somebody reads times: the program's for who has set none."""
    return zone_of_reader(reader.zone if reader is not None else "")


def next_morning(now: dt.datetime, reader: Reader | None) -> dt.datetime:
    """The next ``MORNING`` by the reader's clock, in UTC; also on the days when clocks change."""
    zone = zone_of(reader)
    here = now.astimezone(zone)
    for days in (0, 1):
        morning = dt.datetime.combine(here.date() + dt.timedelta(days=days), MORNING, tzinfo=zone)
        if morning.astimezone(dt.UTC) > now:
            return morning.astimezone(dt.UTC)
    raise AssertionError("tomorrow morning is in the future")


def next_daytime(now: dt.datetime, reader: Reader | None) -> dt.datetime:
    """Now, if it is day by the reader's clock, else the next ``MORNING``; in UTC."""
    here = now.astimezone(zone_of(reader)).time()
    return now if MORNING <= here < EVENING else next_morning(now, reader)


def stop_path(person_key: str, group: str) -> str:
    """Where somebody stops a group of mail without signing in. The link has no end: old mail must work, too."""
    token = signing.Signer(salt=_SALT).sign_object([person_key, group])
    return reverse("people:mail_stop", args=[token])


def read_stop_token(token: str) -> tuple[str, str] | None:
    """Person key and group of a link; ``None`` for one that we did not make."""
    try:
        person_key, group = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (person_key, group) if group == DIGEST or group in GROUPS else None
