"""People by the thousand, for generated and imported rosters: rows as plain values, written with COPY."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from allauth.account.models import EmailAddress

from common.copying import copy_in
from people.models import Address, Employer, Person, PersonLink


class PersonRow(NamedTuple):
    """A person; ``sort_key`` and ``search_text`` come from ``people.names``, ``slug`` from ``take_slugs``."""

    id: int
    key: str
    slug: str
    user_id: int | None
    name: str
    latin_name: str
    sort_key: str
    search_text: str
    country: str
    city: str = ""
    headline: str = ""
    biography: str = ""
    languages: list[str] = []
    visibility: dict[str, str] = {}
    listed: bool = True
    hidden: bool = False
    deceased: bool = False
    deceased_on: dt.date | None = None
    left_for_organiser_on: dt.date | None = None


class AddressRow(NamedTuple):
    person_id: int
    email: str
    primary: bool = True
    confirmed_at: dt.datetime | None = None


class EmployerRow(NamedTuple):
    person_id: int
    name: str
    key: str
    starts: dt.date | None = None
    ends: dt.date | None = None


class LinkRow(NamedTuple):
    person_id: int
    kind: str
    url: str
    position: int = 0


class SignInRow(NamedTuple):
    """The copy of a confirmed address by which allauth finds the account."""

    user_id: int
    email: str
    verified: bool = True
    primary: bool = True


def copy_people(rows: Iterable[PersonRow]) -> int:
    return copy_in(Person, PersonRow._fields, rows)


def copy_addresses(rows: Iterable[AddressRow]) -> int:
    return copy_in(Address, AddressRow._fields, rows)


def copy_employers(rows: Iterable[EmployerRow]) -> int:
    return copy_in(Employer, EmployerRow._fields, rows)


def copy_links(rows: Iterable[LinkRow]) -> int:
    return copy_in(PersonLink, LinkRow._fields, rows)


def copy_sign_in_addresses(rows: Iterable[SignInRow]) -> int:
    return copy_in(EmailAddress, SignInRow._fields, rows)
