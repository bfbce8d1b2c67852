"""What the link of a mail that confirms an added address holds: which row it was, signed, for three days."""

import datetime as dt

from django.core import signing

from common.keys import keyed_digest
from people.models import Address, Person

SALT = "confirm an added address"
LASTS = dt.timedelta(days=3)


def token_of(address: Address) -> str:
    return signing.dumps([address.pk, _digest(address)], salt=SALT)


def address_at(person: Person, token: str) -> Address | None:
    """The address of ``person`` that a link is about; nothing if it is another's, was removed or has ended."""
    try:
        pk, digest = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = [address for address in person.addresses.all() if address.pk == pk and _digest(address) == digest]
    return found[0] if found else None


def _digest(address: Address) -> str:
    return keyed_digest("added address", address.email, length=16)
