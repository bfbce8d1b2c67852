"""Two rows are one human."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import merge_accounts
from common import clock, history, registry
from common.actor import Actor
from common.errors import RuleBroken
from people.actions.mirroring import mirror_addresses
from people.actions.seeking import forget_pairs
from people.belongings import belongings_of, both, only_first
from people.models import Merge, Person, Photo


@transaction.atomic
def merge_persons(kept: Person, absorbed: Person, *, by: Actor | None) -> Person:
    """Two rows are one human: move what hangs on ``absorbed`` to ``kept``, which is returned.

    Everything goes in one transaction, and each upper room moves its own rows through ``registry.on_merge``;
    a room that cannot, because both have a case in one area, say, raises and nothing happens. The absorbed
    row stays, so that its old profile address leads to the kept one. What moved is noted: ``undo_merge`` gives it back.
    """
    locked = {p.pk: p for p in lock_persons(kept, absorbed)}
    kept, absorbed = locked[kept.pk], locked[absorbed.pk]
    if kept.pk == absorbed.pk:
        raise RuleBroken(_("This is one row already."))
    for person in (kept, absorbed):
        if person.merged_into_id is not None or person.erased_at is not None:
            raise RuleBroken(_("%(name)s was merged or erased before.") % {"name": person.name})
    merge, owned = Merge(kept=kept, absorbed=absorbed, at=clock.now()), belongings_of(absorbed)
    merge.accounts = _merge_accounts(kept, absorbed)
    merge.twins = _merge_addresses(kept, absorbed)
    absorbed.employers.update(person=kept)
    absorbed.exports.all().delete()
    absorbed.links.exclude(url__in=kept.links.values("url")).update(person=kept)
    absorbed.old_slugs.update(person=kept)
    if not Photo.objects.filter(person=kept).exists():
        Photo.objects.filter(person=absorbed).update(person=kept)
    absorbed.mail_choices.exclude(group__in=kept.mail_choices.values("group")).update(person=kept)
    forget_pairs(absorbed)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    registry.call(registry.on_merge, kept, absorbed, by=by)
    history.record("person", absorbed.key, "merge_persons", by=by, codes={"into": kept.key})
    registry.call(registry.on_ties_changed, kept)
    mirror_addresses(kept)
    theirs = belongings_of(kept)
    merge.moved = both(owned, theirs)
    gone = only_first(only_first(owned, theirs), belongings_of(absorbed))
    merge.lost = {label: len(keys) for label, keys in gone.items() if label != "people.address.person"}
    merge.save()
    return kept


def _merge_accounts(kept: Person, absorbed: Person) -> dict[str, Any]:
    """Return what ``undo_merge`` has to know: the account that changed hands, or the one that was closed and what
    moved from it."""
    user = absorbed.user
    if user is None:
        return {}
    absorbed.user = None
    absorbed.save(update_fields=["user"])
    if kept.user is None:
        kept.user = user
        kept.save(update_fields=["user"])
        return {"given": user.pk}
    EmailAddress.objects.filter(user=user).delete()
    owned, active = belongings_of(user), user.is_active
    merge_accounts(kept.user, user)
    return {"closed": user.pk, "active": active, "moved": both(owned, belongings_of(kept.user))}


def _merge_addresses(kept: Person, absorbed: Person) -> list[dict[str, Any]]:
    """Return the addresses that both had, by the row that stays: when the other was confirmed, and whether that is why
    the one that stays is."""
    twins = []
    own = {address.email: address for address in kept.addresses.all()}
    for address in absorbed.addresses.order_by("id"):
        twin = own.get(address.email)
        if twin is not None:
            confirmed_at = address.confirmed_at
            address.delete()
            lent = confirmed_at is not None and twin.confirmed_at is None
            twins.append(
                {
                    "row": twin.pk,
                    "confirmed_at": confirmed_at.isoformat() if confirmed_at else "",
                    "lent": lent,
                }
            )
            if lent:
                twin.confirmed_at = confirmed_at
                twin.save(update_fields=["confirmed_at"])
            continue
        address.person = kept
        address.primary = address.primary and not any(one.primary for one in own.values())
        address.save(update_fields=["person", "primary"])
        own[address.email] = address
    return twins


def lock_persons(*people: Person) -> list[Person]:
    """In the order of their keys, so that two merges never wait for each other."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("user")
    return list(rows.filter(pk__in=[person.pk for person in people]).order_by("pk"))
