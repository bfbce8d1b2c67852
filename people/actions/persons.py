"""Making persons, their names and where they work."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from common import clock, history, registry
from common.actor import Actor
from common.locks import hold
from people import names
from people.actions.mirroring import locked
from people.models import Address, Employer, Person
from people.queries import normalise_email, person_by_address, take_slug


@transaction.atomic
def create_person(
    *,
    name: str,
    by: Actor | None,
    email: str | None = None,
    country: str = "",
    latin_name: str = "",
    short_name: str = "",
    language: str = "",
) -> Person:
    """A new row for a human nobody knew yet. ``email`` is noted, not confirmed."""
    person = Person(
        short_name=short_name,
        country=country,
        mail_language=language,
    )
    names.set_name(person, name, latin_name)
    person.slug = take_slug(person.name, person.latin_name)
    person.save()
    history.record("person", person.key, "create_person", by=by)
    if email:
        Address.objects.create(person=person, email=normalise_email(email), primary=True)
    return person


@transaction.atomic
def find_or_create_person(
    *, name: str, email: str, by: Actor | None, country: str = "", language: str = ""
) -> Person:
    """The person of an address, made if nobody is known by it. Two at once get the same row."""
    hold(f"address:{normalise_email(email)}")
    known = person_by_address(email)
    if known is not None:
        return known
    return create_person(name=name, email=email, country=country, language=language, by=by)


@transaction.atomic
def rename_person(person: Person, *, name: str, by: Actor | None, country: str = "") -> Person:
    """Set right how a name is written, and what is computed from it. The address of the profile stays."""
    person = locked(person)
    names.set_name(person, name, person.latin_name)
    person.country = country or person.country
    person.save(update_fields=[*names.NAME_FIELDS, "country"])
    history.record("person", person.key, "rename_person", by=by)
    return person


@transaction.atomic
def change_employer(
    person: Person, name: str, *, by: Actor | None, starts: dt.date | None = None
) -> Employer | None:
    """Note where somebody works from ``starts`` on (today); an empty name: nowhere. Earlier rows stay, ended."""
    person = locked(person)
    starts = starts or clock.today()
    name = names.clean(name)
    running = list(person.employers.filter(Q(ends=None) | Q(ends__gte=starts)).select_for_update())
    if any(one.key == names.employer_key(name) and one.ends is None for one in running):
        return running[0]
    for employer in running:
        employer.ends = starts - dt.timedelta(days=1)
        if employer.starts is not None and employer.starts > employer.ends:
            employer.delete()
        else:
            employer.save(update_fields=["ends"])
    new = None
    if name:
        new = Employer.objects.create(person=person, name=name, key=names.employer_key(name), starts=starts)
    history.record("person", person.key, "change_employer", by=by)
    registry.call(registry.on_ties_changed, person)
    return new
