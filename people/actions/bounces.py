"""What follows when mail to an address comes back."""

from typing import Any

from common import clock, delivery, history, outbox
from common.actor import Actor
from common.keys import keyed_digest
from common.models import Bounce, OutboxMail
from common.queries import mails_visible_to
from people.models import Address, Person
from people.queries import confirmed_address_of, normalise_email, office_people


def mark_bounced(email: str, kind: str, mail: OutboxMail | None) -> None:
    """Mark the address wherever it stands and tell the office; runs in the transaction that notes the report."""
    addresses = Address.objects.filter(email=normalise_email(email)).select_related("person")
    for address in addresses:
        history.record("person", address.person.key, "mail_bounced", by=None, codes={"kind": kind})
    addresses.update(bounced_at=clock.now())
    _tell_office(email, kind, mail)


def _tell_office(email: str, kind: str, mail: OutboxMail | None) -> None:
    """One mail to each of the office who may see what the mail was about."""
    number = Bounce.objects.filter(email=email).count()
    outbox.post_many(
        outbox.Post(
            "people.bounced",
            to,
            f"people.bounced:{keyed_digest('bounce', email)}:{number}:{person.key}",
            _keys(kind, mail),
            person.mail_language,
            person.key,
        )
        for person in office_people()
        if (to := confirmed_address_of(person)) and _may_know(person, mail)
    )


def _keys(kind: str, mail: OutboxMail | None) -> dict[str, Any]:
    """Rows that the mail was about, so that who may not see them does not see this one either."""
    about = mail.keys.get("nomination") if mail else None
    return {"bounce": kind, "mail": mail.kind if mail else ""} | ({"nomination": about} if about else {})


def _may_know(person: Person, mail: OutboxMail | None) -> bool:
    return mail is None or "nomination" not in mail.keys or bool(mails_visible_to(person.user, [mail]))  # type: ignore[arg-type]


def lift_bounce(email: str, *, by: Actor | None) -> int:
    """The address works again: take the mark away and send what was withheld lately. Returns how many mails."""
    addresses = Address.objects.filter(email=normalise_email(email), bounced_at__isnull=False)
    for address in addresses.select_related("person"):
        history.record("person", address.person.key, "lift_bounce", by=by)
    addresses.update(bounced_at=None)
    return delivery.lift_bounces(email)
