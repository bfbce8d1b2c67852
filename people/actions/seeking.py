"""Rows of persons that may be one human are sought in the background, name by name; a person decides."""

from django.db import transaction
from django.db.models import Q

from common import clock, history
from common.actor import Actor
from people.duplicates import people_like
from people.likeness import likeness
from people.models import LikePair, Person, SoughtName
from people.queries import names_to_seek

NAMES_AT_ONCE = 200
LIKE_AT_MOST = 10


def seek_duplicates(*, at_most: int = NAMES_AT_ONCE) -> int:
    """Look for the likes of names that are new or have changed; return how many were looked at.

    Each name is asked of the index, so that the work grows with what has changed and not with the table.
    """
    people = names_to_seek(at_most)
    for person in people:
        with transaction.atomic():
            _seek(person)
    return len(people)


@transaction.atomic
def dismiss_pair(pair: LikePair, *, by: Actor | None) -> None:
    """Two people after all: they are not suggested again."""
    pair = LikePair.objects.select_for_update().get(pk=pair.pk)
    if pair.dismissed_at is not None:
        return
    pair.dismissed_at = clock.now()
    pair.save(update_fields=["dismissed_at"])
    keys = dict(Person.objects.filter(pk__in=[pair.first_id, pair.second_id]).values_list("pk", "key"))
    codes = {"other": keys[pair.second_id]}
    history.record("person", keys[pair.first_id], "dismiss_pair", by=by, codes=codes)


def they_are_two(one: Person, other: Person) -> None:
    """Rows that were joined by mistake, and parted: they are not suggested again."""
    LikePair.objects.update_or_create(
        first_id=min(one.pk, other.pk),
        second_id=max(one.pk, other.pk),
        defaults={"dismissed_at": clock.now()},
        create_defaults={
            "score": round(likeness(one.name, other.name)),
            "found_at": clock.now(),
            "dismissed_at": clock.now(),
        },
    )


def forget_pairs(person: Person) -> int:
    """Somebody was joined with another row or erased: nobody is like them any more."""
    SoughtName.objects.filter(person=person).delete()
    return LikePair.objects.filter(Q(first=person) | Q(second=person)).delete()[0]


def _seek(person: Person) -> None:
    others = Person.objects.filter(erased_at=None, merged_into=None).exclude(pk=person.pk)
    found = {
        likely.person.pk: likely
        for likely in people_like(person.latin_name or person.name, among=others, at_most=LIKE_AT_MOST)
    }
    alive = _held_alive([person.pk, *found])  # somebody may have been erased or joined since they were read
    if person.pk not in alive:
        return
    found = {pk: likely for pk, likely in found.items() if pk in alive}
    own = set(person.employers.values_list("key", flat=True))
    colleagues = set(Person.objects.filter(pk__in=found, employers__key__in=own).values_list("pk", flat=True))
    countries = dict(Person.objects.filter(pk__in=found).values_list("pk", "country"))
    LikePair.objects.filter(Q(first=person) | Q(second=person), dismissed_at=None).exclude(
        first__in=found, second=person
    ).exclude(first=person, second__in=found).delete()
    LikePair.objects.bulk_create(
        [
            LikePair(
                first_id=min(person.pk, other),
                second_id=max(person.pk, other),
                score=round(likely.score),
                same_country=bool(person.country) and countries.get(other) == person.country,
                same_employer=other in colleagues,
                found_at=clock.now(),
            )
            for other, likely in found.items()
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "same_country", "same_employer"],
    )
    SoughtName.objects.update_or_create(
        person=person, defaults={"digest": SoughtName.digest_of(person.sort_key)}
    )


def _held_alive(keys: list[int]) -> set[int]:
    """Which of these rows are neither erased nor joined; locked in the order of their keys, as a merge locks them."""
    rows = Person.objects.select_for_update(of=("self",)).filter(
        pk__in=keys, erased_at=None, merged_into=None
    )
    return {person.pk for person in rows.order_by("pk")}
