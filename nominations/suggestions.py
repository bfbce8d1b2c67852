"""Ties that may be none: a chair confirms or dismisses them. Found among people who hold a role, and never twice.

A shared mail domain that is neither a public provider's nor the organiser's; a link that stands in both logs.
Whoever knows of another kind (the selection knows who reviews whom) writes it with ``suggest_ties``.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Func

from accounts.models import RoleGrant
from charter.queries import program
from contributions.models import Contribution, LinkKey
from nominations.models import Conflict, Nomination
from people.models import Address, Person

FOUND_HERE = (Conflict.Kind.DOMAIN, Conflict.Kind.WORK)
FEW = 50  # cases
COMMON = 20  # a link that more people have leads to a place, not to a common work

Tie = tuple[int, int, str]  # case, person, kind


class Domain(Func):
    """What stands behind the @ of an address."""

    template = "split_part(%(expressions)s, '@', 2)"


def suggest_again(rows: list[Nomination]) -> None:
    """Find the suggested ties of these cases, in a bounded number of statements."""
    suggest_ties([row.pk for row in rows], _shared_domains(rows) | _shared_links(rows), kinds=FOUND_HERE)


def suggest_ties(cases: Iterable[int], wanted: set[Tie], *, kinds: Iterable[str]) -> None:
    """Write what is new among these cases and kinds, delete what is no longer so and nobody has judged."""
    held = Conflict.objects.filter(nomination__in=list(cases), kind__in=list(kinds))
    present = {(row.nomination_id, row.person_id, row.kind): row for row in held}
    gone = [
        row.pk
        for tie, row in present.items()
        if tie not in wanted and row.strength == Conflict.Strength.SUGGESTED and row.dismissed_at is None
    ]
    Conflict.objects.filter(
        pk__in=gone, strength=Conflict.Strength.SUGGESTED, dismissed_at=None
    ).delete()  # judged since it was read: stays
    Conflict.objects.bulk_create(
        [
            Conflict(nomination_id=case, person_id=person, kind=kind, strength=Conflict.Strength.SUGGESTED)
            for case, person, kind in sorted(wanted - present.keys())
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )


def sharing_a_domain_with(person: Person) -> Any:
    """Who has a confirmed address of the same mail domain; nobody where that is a public provider's."""
    domains = set().union(*_domains(_addresses().filter(person=person)).values(), set()) - _nobodys()
    if not domains:
        return Address.objects.none().values("person")
    return _addresses().filter(domain__in=domains).values("person")


def _nobodys() -> set[str]:
    """Domains that say nothing: of public providers, and the organiser's, whose staff review."""
    settings = program()
    return {*settings.public_mail_domains, *settings.organiser_domains}


def _shared_domains(rows: list[Nomination]) -> set[Tie]:
    nobodys = _nobodys()
    nominees = _domains(_addresses().filter(person__in={row.nominee_id for row in rows}))
    domains = set().union(*nominees.values(), set()) - nobodys
    if not domains:
        return set()
    staff = _domains(_addresses().filter(person__in=_with_role(), domain__in=domains))
    holders: dict[str, set[int]] = defaultdict(set)
    for person, theirs in staff.items():
        for domain in theirs:
            holders[domain].add(person)
    return {
        (row.pk, person, Conflict.Kind.DOMAIN)
        for row in rows
        for domain in nominees.get(row.nominee_id or 0, set()) - nobodys
        for person in holders[domain]
        if person != row.nominee_id
    }


def _domains(addresses: Any) -> dict[int, set[str]]:
    """Person → domains of their confirmed addresses."""
    found: dict[int, set[str]] = defaultdict(set)
    for person, domain in addresses.values_list("person_id", "domain"):
        found[person].add(domain)
    return found


def _addresses() -> Any:
    return Address.objects.filter(confirmed_at__isnull=False).annotate(domain=Domain(F("email")))


def _shared_links(rows: list[Nomination]) -> set[Tie]:
    shared = _links().values("link").annotate(owners=Count("person", distinct=True))
    if len(rows) <= FEW:  # the links of some are looked up in the index; of many, all are counted once
        theirs = set(
            _links().filter(person__in={row.nominee_id for row in rows}).values_list("link", flat=True)
        )
        if not theirs:
            return set()
        shared = shared.filter(link__in=theirs)
    few = set(shared.filter(owners__gt=1, owners__lte=COMMON).values_list("link", flat=True))
    if not few:
        return set()
    owners: dict[str, set[int]] = defaultdict(set)
    for person, link in _links().filter(link__in=few).values_list("person_id", "link"):
        owners[link].add(person)
    nominees: dict[int, set[str]] = defaultdict(set)
    for link, people in owners.items():
        for person in people:
            nominees[person].add(link)
    staff = set(_with_role().filter(pk__in=nominees).values_list("pk", flat=True))
    return {
        (row.pk, person, Conflict.Kind.WORK)
        for row in rows
        for link in nominees.get(row.nominee_id or 0, ())
        for person in owners[link] & staff
        if person != row.nominee_id
    }


def _links() -> Any:
    return Contribution.objects.exclude(url="").annotate(link=LinkKey(F("url"))).order_by()


def _with_role() -> Any:
    return Person.objects.filter(user__grants__in=RoleGrant.objects.in_force())
