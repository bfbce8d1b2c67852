"""The user and allauth's table follow ``people.Address``, in the transaction that changes it."""

from allauth.account.models import EmailAddress

from people.models import Person


def mirror_addresses(person: Person) -> None:
    """Let the user and allauth know exactly the confirmed addresses of a person, the primary one first."""
    user = person.user
    if user is None:
        return
    confirmed = person.addresses.exclude(confirmed_at=None).order_by("-primary", "confirmed_at", "id")
    emails = list(confirmed.values_list("email", flat=True))
    wanted = [(email, True, position == 0) for position, email in enumerate(emails)]
    mirrored = EmailAddress.objects.filter(user=user)
    if sorted(wanted) != sorted(mirrored.values_list("email", "verified", "primary")):
        mirrored.delete()
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=email, verified=True, primary=primary)
            for email, _yes, primary in wanted
        )
    if emails and user.email != emails[0]:
        user.email = emails[0]
        user.save(update_fields=["email"])


def locked(person: Person) -> Person:
    """The row itself, held until the transaction ends, with its user."""
    return Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
