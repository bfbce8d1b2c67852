"""How a case without an award loses its names and texts, when the months that its cycle keeps them are over.

What stays is a shell: key, cycle, area, state, dates, and in the selection marks and outcomes, so that the cycle can
still be computed again.
"""

import calendar
import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import RoleGrant
from charter.models import Cycle
from common import clock, history, registry
from nominations import states
from nominations.actions.endings import empty_case
from nominations.actions.moves import change_state, locked
from nominations.models import Conflict, Nomination, Support
from people.actions import erase_person, forget_person, log_deletion, make_stand_in
from people.models import Deletion, Person


def anonymise_cases() -> int:
    """Anonymise every case whose months are over. Each case is its own transaction; run twice it finds none left.

    Returns how many. Cases with an award are never touched, nor are the rows that were joined with them.
    """
    count = 0
    for cycle in Cycle.objects.order_by("pk"):
        for pk in list(_due(cycle).values_list("pk", flat=True)):
            count += _anonymise(Nomination(pk=pk), cycle)
    return count


def _due(cycle: Cycle) -> QuerySet[Nomination]:
    """Those that ended long enough ago and still say of whom they are."""
    supports = Support.objects.filter(nomination=OuterRef("pk"))
    return Nomination.objects.filter(
        ~Q(nominee_name="") | ~Q(draft={}) | Exists(supports),
        cycle=cycle,
        state__in=states.WITHOUT_AWARD,
        ended_at__lte=_months_ago(cycle.months_kept),
    ).order_by("pk")


def _months_ago(months: int) -> dt.datetime:
    """The same day so many months ago, or the last one of its month."""
    now = clock.now()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


@transaction.atomic
def _anonymise(nomination: Nomination, cycle: Cycle) -> int:
    """In this order: the place that it waited for is gone, the rooms above erase what they hold while the nominee
    is known, then the case, its ties, and whoever was known for nothing else."""
    case = locked(nomination)
    if not _due(cycle).filter(pk=case.pk).exists():
        return 0  # somebody asked for a second look a moment ago
    if case.state in (states.ON_RESERVE, states.SECOND_LOOK):
        change_state(case, states.NOT_AWARDED, verb="anonymise_case", by=None)
    rows = [case, *Nomination.objects.select_for_update(of=("self",)).filter(merged_into=case).order_by("pk")]
    known = _people_of(rows)
    ended = case.ended_at or clock.now()
    counts = {"case": len(rows), "support": 0, "entry of a dossier": 0}
    for row in rows:
        counts["support"] += row.supports.count()
        counts["entry of a dossier"] += row.dossier_items.count()
        registry.call(registry.on_case_anonymised, row)
        empty_case(row)
        _blur_ties(row)
        history.record("nomination", row.key, "anonymise_case", by=None)
    log_deletion(Deletion.Mode.SHELL, counts)
    for person in known:
        _let_go(person, rows, since=ended)
    return 1


def _people_of(rows: list[Nomination]) -> list[Person]:
    """Nominee, nominators and endorsers."""
    return list(
        Person.objects.filter(Q(nominations__in=rows) | Q(supports__nomination__in=rows))
        .select_related("user")
        .distinct()
        .order_by("pk")
    )


def _blur_ties(case: Nomination) -> None:
    """Whoever had a tie and ever held a role stays barred from the shell; what the tie was would tell whose it is."""
    ties = case.conflicts.filter(strength=Conflict.Strength.HARD)
    barred = set(
        RoleGrant.objects.filter(user__person__conflicts__in=ties).values_list("user__person__pk", flat=True)
    )
    case.conflicts.all().delete()
    Conflict.objects.bulk_create(
        Conflict(nomination=case, person_id=person, kind=Conflict.Kind.OTHER) for person in sorted(barred)
    )


def _let_go(person: Person, rows: list[Nomination], *, since: dt.datetime) -> None:
    """Erase whoever is known for nothing else any more; of whoever is, the shell names somebody who is nobody."""
    if not _is_kept(person, since):
        if person.user is None:
            forget_person(person, by=None)
        else:
            erase_person(person, by=None)
        return
    for row in rows:
        if row.nominee_id == person.pk:
            row.nominee = make_stand_in()
            row.save(update_fields=["nominee"])


def _is_kept(person: Person, since: dt.datetime) -> bool:
    """Does an award, a role, another case, something they wrote, a log or a visit since keep this person known?

    A log without a visit for so long keeps nobody who has an account: it was written for the case.
    """
    if (
        person.awards.exists()
        or person.supports.exists()
        or person.nominations.exclude(nominee_name="").exists()
    ):
        return True
    if person.user is None:
        return person.contributions.exists()
    visited = person.user.last_login
    return person.user.grants.exists() or (visited is not None and visited > since)
