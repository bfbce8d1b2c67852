"""Hard ties between cases and people that the system itself can see, kept as rows.

A tie bars only people who could meet the case in the selection or the office, so employers are compared with
people who hold a role. Rows that people declared, or a chair confirmed, are never touched here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from accounts.models import RoleGrant
from charter.queries import program
from common import clock, registry
from nominations import states, suggestions
from nominations.models import Conflict, Nomination, Support
from people.models import Employer, Person
from people.names import employer_key

LASTING = (Conflict.Kind.NOMINATOR, Conflict.Kind.ENDORSER, Conflict.Kind.EMPLOYER)
FOUND_HERE = (Conflict.Kind.SELF, Conflict.Kind.NOMINATOR, Conflict.Kind.ENDORSER, Conflict.Kind.EMPLOYER)
EMPLOYER_MONTHS = dt.timedelta(days=365)

Tie = tuple[int, int, str]  # case, person, kind


@transaction.atomic
def recompute(nomination_ids: Iterable[int], *, signs: bool = True) -> None:
    """Find the ties of these cases again, and those of the rows joined with them, in a fixed number of queries.

    Hard ones are told through ``common.registry.on_ties_found``; suggested ones wait for a chair. The search for
    those goes through all logs: whoever asks about thousands of cases leaves it out and lets the worker ``look``.
    """
    rows = _with_joined(nomination_ids)
    if not rows:
        return
    root = {
        row.pk: row.merged_into_id if row.state == states.MERGED and row.merged_into_id else row.pk
        for row in rows
    }
    ties = _parties(rows) | _colleagues(rows)
    by_root: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for case, person, kind in ties:
        by_root[root[case]].add((person, kind))
    wanted = {(row.pk, person, kind) for row in rows for person, kind in by_root[root[row.pk]]}
    far = {row.pk for row in rows if row.state in states.SETTLED_IN}
    _store([row.pk for row in rows], wanted, stays={row.pk for row in rows if root[row.pk] in far})
    _share_declared(root)
    if signs:
        suggestions.suggest_again(rows)


def look_for_signs(nomination_ids: Iterable[int]) -> None:
    """Find the suggested ties alone, of these cases and the rows joined with them. Safe to run twice."""
    suggestions.suggest_again(_with_joined(nomination_ids))


def _with_joined(nomination_ids: Iterable[int]) -> list[Nomination]:
    asked = set(nomination_ids)
    return list(Nomination.objects.filter(Q(pk__in=asked) | Q(merged_into__in=asked)).exclude(nominee=None))


def recompute_for(person: Person) -> None:
    """An address, employer or endorsement of this person changed, or a role was given to them
    (``common.registry.on_ties_changed``): find the ties of every open case that this may touch."""
    _claim_supports(person)
    keys = _employer_keys([person.pk])
    touched = (
        Nomination.objects.filter(
            Q(nominee=person)
            | Q(supports__person=person)
            | Q(conflicts__person=person)
            | Q(nominee__employers__key__in=keys)
            | Q(nominee__in=suggestions.sharing_a_domain_with(person))
        )
        .filter(Q(state__in=states.OPEN | {states.MERGED, states.ON_RESERVE, states.NOT_AWARDED}))
        .values_list("pk", flat=True)
        .distinct()
    )
    recompute(list(touched))


def share_employer(one: Person, other: Person | None) -> bool:
    """Did both work for one employer, other than the organiser, within the last twelve months?"""
    if other is None:
        return False
    return bool(_employer_keys([one.pk]) & _employer_keys([other.pk]))


def works_for(person: Person | None, employer: str) -> bool:
    """Did somebody work for an employer of this name, other than the organiser, within the last twelve months?"""
    return person is not None and employer_key(employer) in _employer_keys([person.pk])


def _parties(rows: list[Nomination]) -> set[Tie]:
    """Nominee, nominators, endorsers who have written. Who took a nomination back has wished for it all the same, and
    could else do so to become a reviewer of the case."""
    ties: set[Tie] = {
        (row.pk, row.nominee_id, Conflict.Kind.SELF) for row in rows if row.nominee_id is not None
    }
    for support in Support.objects.filter(nomination__in=rows, person__isnull=False):
        if support.kind == Support.Kind.CO_NOMINATOR and support.given_at is None:
            continue
        if support.kind != Support.Kind.ENDORSER:
            ties.add((support.nomination_id, support.person_id or 0, Conflict.Kind.NOMINATOR))
        elif support.given_at is not None:
            ties.add((support.nomination_id, support.person_id or 0, Conflict.Kind.ENDORSER))
    return ties


def _colleagues(rows: list[Nomination]) -> set[Tie]:
    """Cases × people with a role who had the nominee's employer within twelve months."""
    nominees: dict[int, set[str]] = defaultdict(set)
    for person_id, key in recent_employers({row.nominee_id for row in rows}):
        nominees[person_id].add(key)
    keys = set().union(*nominees.values()) if nominees else set()
    if not keys:
        return set()
    with_role = Person.objects.filter(user__grants__in=RoleGrant.objects.filter(_not_over())).values("pk")
    staff: dict[str, set[int]] = defaultdict(set)
    recent = Employer.objects.filter(_recently(), key__in=keys, person__in=with_role)
    for person_id, key in recent.values_list("person_id", "key"):
        staff[key].add(person_id)
    return {
        (row.pk, person_id, Conflict.Kind.EMPLOYER)
        for row in rows
        for key in nominees.get(row.nominee_id or 0, ())
        for person_id in staff[key]
        if person_id != row.nominee_id
    }


def _store(cases: list[int], wanted: set[Tie], *, stays: set[int]) -> None:
    """Write what is new, delete what is no longer so; rows of the same kind from other sources stay.

    In the cases that ``stays`` names, complete ones and those in the selection, a tie that stood bars on when its cause
    is gone: else whoever wants to judge a case would take an employer off. It is noted as such, for a chair to lift.
    """
    held = Conflict.objects.select_for_update().filter(nomination__in=cases, kind__in=FOUND_HERE)
    present = {(row.nomination_id, row.person_id, row.kind): row for row in held}
    over = {
        tie: row for tie, row in present.items() if tie not in wanted and row.source == Conflict.Source.SYSTEM
    }
    lasting = {tie for tie in over if tie[0] in stays and tie[2] in LASTING}
    gone = {tie: row.pk for tie, row in over.items() if tie not in lasting}
    Conflict.objects.filter(pk__in=gone.values()).delete()
    Conflict.objects.filter(pk__in=[over[tie].pk for tie in lasting], ended_at=None).update(
        ended_at=clock.now()
    )
    again = [row.pk for tie, row in present.items() if tie in wanted and row.ended_at is not None]
    Conflict.objects.filter(pk__in=again).update(ended_at=None)
    new = sorted(wanted - present.keys())
    Conflict.objects.bulk_create(
        [Conflict(nomination_id=case, person_id=person, kind=kind) for case, person, kind in new],
        batch_size=2000,
        ignore_conflicts=True,
    )
    if moved := {case for case, _person, _kind in [*new, *gone]}:
        registry.call(registry.on_ties_found, sorted(moved))


def _share_declared(root: dict[int, int]) -> None:
    """What people said of a case holds for the rows joined with it, and the other way round: a joined row names
    the same nominee. ``root``: row → the case that it counts in. Undoing a joining takes no tie away."""
    if len(set(root.values())) == len(root):
        return
    declared = Conflict.objects.filter(nomination__in=root).exclude(source=Conflict.Source.SYSTEM)
    made = Conflict.objects.bulk_create(
        [
            Conflict(
                nomination_id=row,
                person_id=tie.person_id,
                kind=tie.kind,
                strength=tie.strength,
                source=tie.source,
            )
            for tie in declared
            for row in root
            if row != tie.nomination_id and root[row] == root[tie.nomination_id]
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
    if made:
        registry.call(registry.on_ties_found, sorted(root))


def _claim_supports(person: Person) -> None:
    """What was written from an address that this person has confirmed now is theirs."""
    emails = list(person.addresses.exclude(confirmed_at=None).values_list("email", flat=True))
    taken = Support.objects.filter(person=person).values("nomination")
    for support in Support.objects.filter(person=None, email__in=emails).exclude(nomination__in=taken):
        if not Support.objects.filter(nomination=support.nomination_id, person=person).exists():
            support.person = person
            support.save(update_fields=["person"])


def _employer_keys(person_ids: Iterable[int]) -> set[str]:
    return {key for _person, key in recent_employers(person_ids)}


def recent_employers(person_ids: Iterable[int | None]) -> list[tuple[int, str]]:
    """(person, key) of every employer within the last twelve months, the organiser aside."""
    organiser = employer_key(program().organiser)
    rows = Employer.objects.filter(_recently(), person__in=person_ids).exclude(key__in=["", organiser])
    return list(rows.values_list("person_id", "key"))


def _recently() -> Q:
    return Q(ends__isnull=True) | Q(ends__gte=clock.today() - EMPLOYER_MONTHS)


def _not_over() -> Q:
    return Q(ends__isnull=True) | Q(ends__gte=clock.today())
