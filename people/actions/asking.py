"""Once a year: is your profile still right?"""

from collections.abc import Iterable

from django.db import transaction

from common import clock, history, outbox
from common.actor import Actor
from people.actions.mirroring import locked
from people.models import Person
from people.queries import confirmed_address_of


def ask_about_profiles(people: Iterable[Person]) -> int:
    """Mail each of them once, whoever has an address; return how many. Each is a transaction of its own."""
    return sum(_ask(person) for person in people)


@transaction.atomic
def _ask(person: Person) -> bool:
    person = locked(person)
    now = clock.now()
    person.profile_asked_at = now
    person.save(update_fields=["profile_asked_at"])
    email = confirmed_address_of(person)
    if not email:
        return False
    outbox.post(
        "people.still_right",
        to=email,
        cause=f"still right/{person.key}/{now:%Y-%m-%d}",
        keys={"person": person.key},
        language=person.mail_language,
        person_key=person.key,
    )
    return True


@transaction.atomic
def confirm_profile(person: Person, *, by: Actor) -> None:
    """Its owner says that all of it is right."""
    person = locked(person)
    person.profile_confirmed_at = clock.now()
    person.save(update_fields=["profile_confirmed_at"])
    history.record("person", person.key, "confirm_profile", by=by)
