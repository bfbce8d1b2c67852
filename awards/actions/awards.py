"""What happens to awards. Each action is one transaction and leaves history."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from awards import states
from awards.actions.places import give_up_places
from awards.models import Award, Credential, Paper
from charter.models import Area, ReasonCode
from common import clock, history, jobs, registry
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from common.saving import save_many
from people.models import Person

_COUNTING = (states.GRANTED, states.ON_HOLD)  # their terms may not overlap
_SIGNED_AT_ONCE = 500  # keys a job


@dataclass(frozen=True)
class Grant:
    """One award to grant. Names, country and region are those of the award's day."""

    person_id: int
    area_id: int
    category_id: int
    area_name: str
    category_name: str
    country: str
    region_id: int | None
    cycle_id: int | None
    starts: dt.date
    ends: dt.date | None
    first_year: int
    last_year: int | None
    granted_at: dt.datetime
    citation: str = ""


@transaction.atomic
def grant_awards(rows: Sequence[Grant], *, by: Actor | None) -> list[Award]:
    """Grant awards, all or none, in a fixed number of statements; the result is in the order of ``rows``.

    Raises ``RuleBroken`` where a term overlaps another of the same person and area.
    """
    _refuse_overlaps(rows)
    awards = [Award(**asdict(row), state=states.GRANTED, state_since=row.granted_at) for row in rows]
    try:
        with transaction.atomic():
            Award.objects.bulk_create(awards, batch_size=1000)
    except IntegrityError as error:  # somebody granted one of them a moment ago
        raise Outdated(_("One of these awards overlaps a term that was granted a moment ago.")) from error
    history.record_many(
        history.Event("award", award.key, "grant", by, new=award.state, codes=_term(award))
        for award in awards
    )
    for start in range(0, len(awards), _SIGNED_AT_ONCE):
        jobs.defer(
            "awards.sign_credentials", keys=[award.key for award in awards[start : start + _SIGNED_AT_ONCE]]
        )
    return awards


@transaction.atomic
def resign_award(award: Award, *, by: Actor | None, note: str = "") -> Award:
    """The winner does not want the award: it never counts, and its page says so."""
    locked = _lock(award)
    old = _move(locked, states.RESIGNED)
    give_up_places([locked])
    locked.end_reason = Award.EndReason.DECLINED
    _save(locked, award, "resign", by=by, old=old, text=note, fields=["end_reason"])
    registry.call(registry.on_award_ended, locked, by=by)
    return award


@transaction.atomic
def revoke_award(
    award: Award, *, by: Actor | None, reason_code: str, good_standing: bool = False, note: str = ""
) -> Award:
    """Take the award away. ``good_standing``: the person remains welcome all the same."""
    if not ReasonCode.objects.filter(use=ReasonCode.Use.REVOKED, code=reason_code).exists():
        raise RuleBroken(_("Choose the reason for which the award is revoked."))
    locked = _lock(award)
    old = _move(locked, states.REVOKED)
    give_up_places([locked])
    locked.reason_code, locked.good_standing = reason_code, good_standing
    _save(locked, award, "revoke", by=by, old=old, text=note, fields=["reason_code", "good_standing"])
    registry.call(registry.on_award_ended, locked, by=by)
    return award


@transaction.atomic
def hold_award(award: Award, *, by: Actor | None, note: str = "") -> Award:
    """Suspend the award until a question about it is answered."""
    locked = _lock(award)
    old = _move(locked, states.ON_HOLD)
    return _save(locked, award, "hold", by=by, old=old, text=note)


@transaction.atomic
def restore_award(award: Award, *, by: Actor | None, note: str = "") -> Award:
    """Lift a hold, or undo a revocation after an appeal: what was taken back stays so, a new credential is signed."""
    locked = _lock(award)
    old = _move(locked, states.GRANTED)
    locked.reason_code, locked.good_standing = "", True
    try:
        with transaction.atomic():
            return _save(
                locked, award, "restore", by=by, old=old, text=note, fields=["reason_code", "good_standing"]
            )
    except IntegrityError as error:
        raise RuleBroken(_("Another award of this person for this area covers the same days.")) from error


@transaction.atomic
def end_award(
    award: Award,
    *,
    by: Actor | None,
    reason: str,
    on: dt.date | None = None,
    good_standing: bool = True,
    note: str = "",
) -> Award:
    """Let the term end on a day, today unless said otherwise; the award stays provable.

    ``reason`` is an ``Award.EndReason``. An open-ended award gets the calendar year of that day as its last.
    """
    if reason not in Award.EndReason.values:
        raise RuleBroken(_("Choose why the award ends."))
    locked, on = _lock(award), on or clock.today()
    if locked.state not in (states.GRANTED, states.ON_HOLD):
        raise _too_late(locked)
    if locked.ends is not None and locked.ends < on:
        raise RuleBroken(_("The term of this award ended on %(day)s already.") % {"day": _day(locked.ends)})
    if on < locked.starts:
        raise RuleBroken(_("An award cannot end before it began."))
    locked.ends, locked.end_reason, locked.good_standing = on, reason, good_standing
    locked.last_year = locked.last_year or max(locked.first_year, on.year)
    fields = ["ends", "end_reason", "good_standing", "last_year"]
    _save(locked, award, "end", by=by, old=locked.state, text=note, fields=fields)
    registry.call(registry.on_award_ended, locked, by=by)
    return award


@transaction.atomic
def extend_terms(
    awards: Iterable[Award], *, to: dt.date, by: Actor | None, reason: str, last_year: int | None = None
) -> int:
    """Move the end of many terms to a later day, all or none; return how many moved.

    Open-ended awards and terms that reach ``to`` already stay as they are, so a second call moves nothing.
    ``last_year`` adds award years to the ribbon; without it the years stay. History keeps the reason.
    """
    if not reason.strip():
        raise RuleBroken(_("Say why the terms are extended."))
    moving = list(
        Award.objects.select_for_update()
        .filter(pk__in=[award.pk for award in awards], state__in=_COUNTING, ends__lt=to)
        .order_by("pk")
    )
    for award in moving:
        award.ends = to
        if last_year is not None and award.last_year is not None:
            award.last_year = max(award.last_year, last_year)
    try:
        with transaction.atomic():
            save_many(moving, ["ends", "last_year"])
    except IntegrityError as error:
        raise RuleBroken(_("One of these terms would then overlap the one that follows it.")) from error
    history.record_many(
        history.Event("award", award.key, "extend", by, award.state, award.state, _term(award), reason)
        for award in moving
    )
    return len(moving)


@transaction.atomic
def follow_merged_persons(kept: Person, absorbed: Person, *, by: Actor | None = None) -> None:
    """Two rows were found to be one human (``common.registry.on_merge``): their awards are one person's now."""
    try:
        with transaction.atomic():
            Award.objects.filter(person=absorbed).update(person=kept)
    except IntegrityError as error:
        raise RuleBroken(_("Both hold an award for one area on the same days.")) from error


@transaction.atomic
def withhold_name(person: Person, *, by: Actor | None = None) -> None:
    """Somebody was erased (``common.registry.on_erase``): number, days and area of an award stay, words go, and so do
    the papers that name its holder."""
    awards = list(Award.objects.select_for_update().filter(person=person).order_by("pk"))
    Award.objects.filter(person=person).update(citation="", note="")
    Credential.objects.filter(award__in=awards).delete()
    Paper.objects.filter(award__in=awards).update(content=None, digest=F("number"))
    give_up_places(awards)
    history.forget_texts("award", [award.key for award in awards])
    history.record_many(history.Event("award", award.key, "withhold_name", by) for award in awards)


def _refuse_overlaps(rows: Sequence[Grant]) -> None:
    """Raise where two terms of one person and area share a day: within ``rows`` or with awards that stand."""
    if not rows:
        return
    standing = Award.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=min(row.starts for row in rows)),
        state__in=_COUNTING,
        person__in={row.person_id for row in rows},
        area__in={row.area_id for row in rows},
    )
    terms = list(standing.values_list("person_id", "area_id", "starts", "ends"))
    terms += [(row.person_id, row.area_id, row.starts, row.ends) for row in rows]
    latest: dict[tuple[int, int], dt.date] = {}  # the last day taken so far, by person and area
    for person_id, area_id, starts, ends in sorted(terms, key=lambda term: term[2]):
        taken = latest.get((person_id, area_id))
        if taken is not None and starts <= taken:
            raise _overlap(person_id, area_id)
        latest[person_id, area_id] = ends or dt.date.max


def _overlap(person_id: int, area_id: int) -> RuleBroken:
    names = {"person": Person.objects.get(pk=person_id), "area": Area.objects.get(pk=area_id)}
    return RuleBroken(_("%(person)s holds the award for %(area)s on some of these days already.") % names)


def _lock(award: Award) -> Award:
    return Award.objects.select_for_update().get(pk=award.pk)


def _move(award: Award, to: str) -> str:
    """Check the move against the rule book, make it on the locked row and return the state before."""
    if to not in states.MOVES[award.state]:
        raise _too_late(award)
    old, award.state, award.state_since = award.state, to, clock.now()
    return old


def _too_late(award: Award) -> Outdated:
    state = award.get_state_display()
    return Outdated(_("That is not possible any more: the award is %(state)s.") % {"state": state})


def _save(
    locked: Award,
    award: Award,
    verb: str,
    *,
    by: Actor | None,
    old: str,
    text: str,
    fields: Iterable[str] = (),
) -> Award:
    """Write the locked row and its history; copy what changed to the caller's own object."""
    written = ["state", "state_since", *fields]
    locked.save(update_fields=written)
    reason = {"reason": locked.reason_code} if locked.reason_code else {}
    codes = {**_term(locked), **reason}
    history.record("award", locked.key, verb, by=by, old=old, new=locked.state, codes=codes, text=text)
    for name in written:
        setattr(award, name, getattr(locked, name))
    return award


def _term(award: Award) -> dict[str, object]:
    """The term as history keeps it."""
    return {
        "starts": award.starts.isoformat(),
        "ends": award.ends.isoformat() if award.ends else None,
        "years": [award.first_year, award.last_year],
        **({"end_reason": award.end_reason} if award.end_reason else {}),
    }


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
