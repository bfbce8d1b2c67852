"""Two rows are one human."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import merge_accounts
from common import history, registry
from common.actor import Actor
from common.errors import RuleBroken
from people.actions.mirroring import mirror_addresses
from people.models import Person, Photo


@transaction.atomic
def merge_persons(kept: Person, absorbed: Person, *, by: Actor | None) -> Person:
    """Two rows are one human: move what hangs on ``absorbed`` to ``kept``, which is returned.

    Everything goes in one transaction, and each upper room moves its own rows through ``registry.on_merge``;
    a room that cannot, because both have a case in one area, say, raises and nothing happens. The absorbed
    row stays, so that its old profile address leads to the kept one.
    """
    locked = {p.pk: p for p in _lock_persons(kept, absorbed)}
    kept, absorbed = locked[kept.pk], locked[absorbed.pk]
    if kept.pk == absorbed.pk:
        raise RuleBroken(_("This is one row already."))
    for person in (kept, absorbed):
        if person.merged_into_id is not None or person.erased_at is not None:
            raise RuleBroken(_("%(name)s was merged or erased before.") % {"name": person.name})
    _merge_accounts(kept, absorbed)
    _merge_addresses(kept, absorbed)
    absorbed.employers.update(person=kept)
    absorbed.exports.all().delete()
    absorbed.links.exclude(url__in=kept.links.values("url")).update(person=kept)
    absorbed.old_slugs.update(person=kept)
    if not Photo.objects.filter(person=kept).exists():
        Photo.objects.filter(person=absorbed).update(person=kept)
    absorbed.mail_choices.exclude(group__in=kept.mail_choices.values("group")).update(person=kept)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    registry.call(registry.on_merge, kept, absorbed, by=by)
    history.record("person", absorbed.key, "merge_persons", by=by, codes={"into": kept.key})
    registry.call(registry.on_ties_changed, kept)
    mirror_addresses(kept)
    return kept


def _merge_accounts(kept: Person, absorbed: Person) -> None:
    user = absorbed.user
    if user is None:
        return
    absorbed.user = None
    absorbed.save(update_fields=["user"])
    if kept.user is None:
        kept.user = user
        kept.save(update_fields=["user"])
    else:
        EmailAddress.objects.filter(user=user).delete()
        merge_accounts(kept.user, user)


def _merge_addresses(kept: Person, absorbed: Person) -> None:
    own = {address.email: address for address in kept.addresses.all()}
    for address in absorbed.addresses.order_by("id"):
        twin = own.get(address.email)
        if twin is not None:
            confirmed_at = address.confirmed_at
            address.delete()
            if confirmed_at is not None and twin.confirmed_at is None:
                twin.confirmed_at = confirmed_at
                twin.save(update_fields=["confirmed_at"])
            continue
        address.person = kept
        address.primary = address.primary and not any(one.primary for one in own.values())
        address.save(update_fields=["person", "primary"])
        own[address.email] = address


def _lock_persons(*people: Person) -> list[Person]:
    """In the order of their keys, so that two merges never wait for each other."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("user")
    return list(rows.filter(pk__in=[person.pk for person in people]).order_by("pk"))
