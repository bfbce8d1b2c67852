"""Which summits there are, who is invited, and who comes."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import AgreementSignature, Role
from awards import states as award_states
from awards.models import Award, Paper
from awards.queries import in_force
from charter.models import Agreement
from charter.queries import agreement_in_force
from common import clock, prepared
from common.models import HistoryRow, OutboxMail
from common.prepared import Kept, KeptModels
from events import states
from events.models import Registration, Summit
from people.models import Person
from people.visibility import seen_by

_TAKEN = Count("registrations", filter=Q(registrations__state=states.REGISTERED))
_WAITING = Count("registrations", filter=Q(registrations__state=states.WAITING))


def summits_visible_to(user: Any) -> QuerySet[Summit]:
    """What is said of a summit is public."""
    return Summit.objects.prefetch_related("regions")


def registrations_visible_to(user: Any) -> QuerySet[Registration]:
    """One's own; all of them for the office, for hosts, and for auditors, whose pages leave out what people eat."""
    if user is None or user.pk is None:
        return Registration.objects.none()
    if any(user.holds(role) for role in (Role.PROGRAM_OFFICE, Role.EVENT_HOST, Role.AUDITOR)):
        return Registration.objects.all()
    return Registration.objects.filter(person__user_id=user.pk)


def visible_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Whose registrations may this user read history and mail about?"""
    return set(registrations_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def visible_summit_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """How a summit was set up is for staff and hosts."""
    return set(keys) if user.is_staff or user.holds(Role.EVENT_HOST) else set()


def summit_at(user: Any, slug: str) -> Summit | None:
    """The summit at an address."""
    return summits_visible_to(user).select_related("agreement").filter(slug=slug).first()


def calendar_version(slug: str) -> list[tuple[Any, ...]]:
    """Changes with everything that the calendar file of a summit says."""
    return prepared.fetch(_CALENDAR_VERSION, [slug])


# A row that is changed gets another xmin, or another place where its transaction changes it twice.
_CALENDAR_VERSION = """
    SELECT concat(s.xmin, s.ctid), concat(t.xmin, t.ctid)
    FROM events_summit s LEFT JOIN charter_program t ON t.id = 1 WHERE s.slug = %s
"""


def page_version(slug: str) -> list[tuple[Any, ...]]:
    """Changes with everything that a summit's page shows a stranger besides what comes with time: of registrations that is
    how many there are of each kind, here and at the summits that are named beside it."""
    return prepared.fetch(_PAGE_VERSION, [slug])


_PAGE_VERSION = """
    SELECT concat(s.xmin, s.ctid), concat(t.xmin, t.ctid),
        (SELECT md5(string_agg(concat(o.id, o.xmin, o.ctid), ',' ORDER BY o.id)) FROM events_summit o),
        (SELECT string_agg(concat(r.id, r.xmin, r.ctid), ',' ORDER BY r.id)
            FROM events_summit_regions m JOIN charter_region r ON r.id = m.region_id WHERE m.summit_id = s.id),
        (SELECT md5(string_agg(concat(g.id, g.xmin, g.ctid), ',' ORDER BY g.id)) FROM charter_agreement g),
        (SELECT string_agg(concat_ws(' ', k.summit_id, k.state, k.waited, k.number), ',' ORDER BY k.summit_id, k.state, k.waited)
            FROM (SELECT summit_id, state, placed_at > joined_at + interval '1 minute' AS waited, count(*) AS number
                FROM events_registration GROUP BY 1, 2, 3) k)
    FROM events_summit s LEFT JOIN charter_program t ON t.id = 1 WHERE s.slug = %s
"""


def not_called_off(summits: QuerySet[Summit]) -> QuerySet[Summit]:
    """Those that take place."""
    return summits.filter(called_off_at=None)


def counted(summits: QuerySet[Summit]) -> QuerySet[Summit]:
    """With ``taken`` and ``waiting``: how many have a place, how many are in line."""
    return summits.annotate(taken=_TAKEN, waiting=_WAITING)


def upcoming(summits: QuerySet[Summit], *, besides: Summit | None = None) -> QuerySet[Summit]:
    """Those that have not ended, the next one first."""
    ahead = summits.filter(ends__gte=clock.today()).order_by("starts", "name")
    return ahead.exclude(pk=besides.pk) if besides else ahead


def summits_newest_first(user: Any) -> QuerySet[Summit]:
    """All of them with ``taken`` and ``waiting``, for those who run them."""
    return counted(summits_visible_to(user)).order_by("-starts", "name")


def past(summits: QuerySet[Summit]) -> QuerySet[Summit]:
    """Those that are over, the last one first."""
    return summits.filter(ends__lt=clock.today()).order_by("-starts", "name")


def award_that_invites(user: Any, summit: Summit) -> Award | None:
    """The award in force by which somebody may come: of one of the summit's regions, if it names any."""
    if user is None or user.pk is None or summit.called_off_at is not None:
        return None
    return inviting(Award.objects.filter(person__user_id=user.pk), summit).first()


def locked_award_that_invites(user: Any, summit: Summit) -> Award | None:
    """The same, locked: it cannot be revoked between this look and a registration."""
    awards = Award.objects.filter(person__user_id=user.pk).select_for_update(of=("self",))
    return inviting(awards, summit).first() if summit.called_off_at is None else None


def inviting(awards: QuerySet[Award], summit: Summit) -> QuerySet[Award]:
    """Those of these awards that open a summit today, the newest first."""
    held, regions = in_force(awards), list(summit.regions.all())
    return (held.filter(region__in=regions) if regions else held).order_by("-first_year", "-pk")


@dataclass(frozen=True)
class Line:
    """How a summit fills: places taken, and how many wait."""

    taken: int
    waiting: int
    capacity: int

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def is_full(self) -> bool:
        """Whoever comes now has to wait."""
        return not self.left or self.waiting > 0


def line_of(summit: Summit) -> Line:
    rows = summit.registrations.aggregate(
        taken=Count("pk", filter=Q(state=states.REGISTERED)),
        waiting=Count("pk", filter=Q(state=states.WAITING)),
    )
    return Line(rows["taken"], rows["waiting"], summit.capacity)


@dataclass(frozen=True)
class Odds:
    """How the waitlist went at the summit of the same name before: how many stood on it until they got a place or it
    ended, how many of them got one."""

    before: Summit
    waited: int
    placed: int


WAITED_AT_LEAST = 5  # fewer say nothing, and tell about people
AT_ONCE = dt.timedelta(minutes=1)  # between joining the line and a place that was free


def odds_of(summit: Summit) -> Odds | None:
    """None where there was none before, or hardly anybody had to wait."""
    past = not_called_off(Summit.objects.filter(name=summit.name, ends__lt=min(summit.starts, clock.today())))
    before = past.order_by("-starts").first()
    if before is None:
        return None
    placed_later = Q(placed_at__gt=F("joined_at") + AT_ONCE)
    rows = before.registrations.aggregate(
        waited=Count("pk", filter=placed_later | Q(state=states.WAITING)),
        placed=Count("pk", filter=placed_later),
    )
    return Odds(before, **rows) if rows["waited"] >= WAITED_AT_LEAST else None


def own_registration(user: Any, summit: Summit) -> Registration | None:
    """What somebody has registered themselves, cancelled or not."""
    if user is None or user.pk is None:
        return None
    return summit.registrations.filter(person__user_id=user.pk).first()


def place_in_line(registration: Registration) -> int:
    """How many are served before somebody who waits, and they themselves: 1 is next."""
    ahead = Registration.objects.filter(summit_id=registration.summit_id, state=states.WAITING)
    return ahead.filter(number__lte=registration.number).count()


def next_in_line(summit: Summit, places: int) -> list[Registration]:
    """Who gets the next places, in order."""
    waiting = summit.registrations.filter(state=states.WAITING).select_related("person").order_by("number")
    return list(waiting[: max(0, places)])


def agreement_to_sign(user: Any, summit: Summit) -> Agreement | None:
    """The version in force of what a summit asks to be signed, if this user has yet to sign it."""
    agreement = agreement_asked(summit)
    if agreement is None or user is None or user.pk is None:
        return agreement
    signed = AgreementSignature.objects.filter(user_id=user.pk, agreement=agreement)
    return None if signed.exists() else agreement


def agreement_asked(summit: Summit) -> Agreement | None:
    """Today's version of the agreement that a summit names; its own where that has none in force."""
    named = summit.agreement
    return (agreement_in_force(named.kind) or named) if named is not None else None


def registrations_of(user: Any, summit: Summit) -> QuerySet[Registration]:
    """Those of a summit that a user may see, in the order in which people joined, with ``invited``: an award that opens
    the summit is in force today."""
    awards = inviting(Award.objects.filter(person=OuterRef("person")), summit).order_by()
    rows = registrations_visible_to(user).filter(summit=summit).annotate(invited=Exists(awards))
    return rows.select_related("person").order_by("number")


def in_state(registrations: QuerySet[Registration], state: str) -> QuerySet[Registration]:
    return registrations.filter(state=state)


def counts_by_state(user: Any, summit: Summit) -> dict[str, int]:
    rows = registrations_visible_to(user).filter(summit=summit)
    found = dict(rows.values_list("state").annotate(number=Count("pk")).order_by())
    return {state: found.get(state, 0) for state in states.MOVES}


def registration_at(user: Any, key: str) -> Registration | None:
    return registrations_visible_to(user).select_related("summit", "person").filter(key=key).first()


def to_remind(summits_until: Any) -> QuerySet[Registration]:
    """Who has a place at a summit that begins before a day and was not reminded yet."""
    ahead = Registration.objects.filter(
        state=states.REGISTERED,
        reminded_at=None,
        summit__starts__gt=clock.today(),
        summit__starts__lte=summits_until,
    )
    return ahead.select_related("person", "summit")


def held_ahead(person: Person) -> QuerySet[Registration]:
    """Places, and places in line, of somebody at summits that have not begun."""
    rows = person.registrations.filter(state__in=states.HELD, summit__ends__gte=clock.today())
    return rows.select_related("summit", "person")


def ended_with_places(held: Collection[str]) -> QuerySet[Award]:
    """Awards whose term is over, of people who have a registration in one of the states ``held`` at a summit that is
    not."""
    ahead = Registration.objects.filter(state__in=held, summit__ends__gte=clock.today())
    ended = Award.objects.filter(state=award_states.GRANTED, ends__lt=clock.today())
    return ended.filter(Exists(ahead.filter(person=OuterRef("person")))).order_by("pk")


def when_and_where(summit: Summit) -> dict[str, str]:
    """What people who come hear of when it changes; days and hours in ISO format, empty where none is set."""
    return {
        "starts": summit.starts.isoformat(),
        "ends": summit.ends.isoformat(),
        "begins_at": summit.begins_at.isoformat() if summit.begins_at else "",
        "finishes_at": summit.finishes_at.isoformat() if summit.finishes_at else "",
        "place": summit.place,
        "zone": summit.zone,
    }


def held_at(summit: Summit) -> list[Registration]:
    """Everybody with a place or in line, in order, but for those of whom it is noted that they came."""
    rows = summit.registrations.filter(state__in=states.HELD).exclude(attended=True)
    return list(rows.select_related("person").order_by("number"))


def summit_of_letter(paper: Paper) -> Summit | None:
    """The summit that a letter speaks of. The letter is void where it was called off, and asks for other days where it moved.

    The first letters kept its name alone: each spoke of the next one of that name that was to take place.
    """
    if paper.about_key:
        return Summit.objects.filter(slug=paper.about_key).first()
    was_ahead = Summit.objects.filter(name=paper.about, ends__gte=paper.issued_at.date())
    stood = was_ahead.filter(Q(called_off_at=None) | Q(called_off_at__gt=paper.issued_at))
    return stood.order_by("starts").first() if paper.about else None


def changed_since(summit: Summit, moment: dt.datetime) -> dict[str, str | None]:
    """Day, hour or place of a summit (a name of ``when_and_where``) that is not what it was → what it was at that moment.

    ``None``: it was changed, and what it was is not known; the first changes were kept without.
    """
    changes = HistoryRow.objects.filter(kind="summit", key=summit.slug, verb="change_summit", at__gt=moment)
    then: dict[str, str | None] = {}
    for codes in changes.order_by("id").values_list("codes", flat=True):
        for name in codes["fields"]:
            then.setdefault(name, codes.get("was", {}).get(name))
    now = when_and_where(summit)
    return {name: then[name] for name in then.keys() & now.keys() if then[name] != now[name]}


def left_waiting() -> QuerySet[Registration]:
    """Who is still in line at a summit whose waitlist has ended and that is not over."""
    now, a_day = clock.now(), dt.timedelta(days=1)
    # Days there begin up to a day before and after the program's: the moments are compared below.
    about_now = Q(waitlist_ends_at__lte=now) | Q(starts__lte=clock.today() + a_day)
    near = Summit.objects.filter(about_now, ends__gte=clock.today() - a_day)
    ended = [summit.pk for summit in near if summit.line_ends <= now < summit.finishes]
    waiting = Registration.objects.filter(summit__in=ended, state=states.WAITING, reminded_at=None)
    return waiting.select_related("person", "summit")


def told_no_place(summit: Summit) -> QuerySet[Registration]:
    """Who is in line and was told that it had ended."""
    waiting = summit.registrations.filter(state=states.WAITING).exclude(reminded_at=None)
    return waiting.select_related("person", "summit").order_by("number")


def times_told_that_line_goes_on(rows: Sequence[Registration]) -> Counter[tuple[str, int]]:
    """Key and number of a registration → how many mails of that kind went out; ``rows`` have their persons."""
    gone = (OutboxMail.State.SENT, OutboxMail.State.GATHERED)
    mails = OutboxMail.objects.filter(
        kind="events.line_goes_on", state__in=gone, person_key__in={row.person.key for row in rows}
    )
    keys = mails.values_list("keys", flat=True)
    return Counter((one["registration"], one["number"]) for one in keys)


def with_details_to_erase() -> QuerySet[Registration]:
    """Registrations of summits that are over that still say what somebody eats, wears or needs, or who came along."""
    rows = Registration.objects.filter(details_erased_at=None, summit__ends__lt=clock.today())
    return rows.select_related("summit").order_by("pk")


def attended_summits(person: Person, *, viewer: str) -> list[Summit]:
    """The summits that somebody came to, as far as they let ``viewer`` know; the last one first."""
    return [row.summit for row in _attended(viewer).fetch(person.pk)]


@cache
def _attended(viewer: str) -> KeptModels:
    seen = list(seen_by(viewer))
    rows = Registration.objects.filter(person=Kept.ANY, attended=True, attendance_seen_by__in=seen)
    return KeptModels(lambda: rows.select_related("summit").order_by("-summit__starts"))


def cancelled_because(registration: Registration) -> str:
    """What the office wrote when it cancelled a registration last; empty where its owner did."""
    last = HistoryRow.objects.filter(kind="registration", key=registration.key, verb="cancel_registration")
    row = last.select_related("text").order_by("-id").first()
    return row.text.text if row is not None and hasattr(row, "text") else ""
