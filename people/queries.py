"""Which persons there are."""

from people.models import Address, Person


def normalise_email(email: str) -> str:
    """An address as it is stored and compared."""
    return email.strip().lower()


def person_by_address(email: str, *, confirmed_only: bool = False) -> Person | None:
    """Whose address is it? A confirmed one first, else the person who was first known by it."""
    addresses = Address.objects.filter(
        email=normalise_email(email), person__erased_at=None, person__merged_into=None
    )
    if confirmed_only:
        addresses = addresses.exclude(confirmed_at=None)
    address = addresses.select_related("person__user").order_by("confirmed_at", "id").first()
    return address.person if address else None
