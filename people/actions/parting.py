"""Two rows that were joined are two humans after all: what moved goes back."""

import datetime as dt

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import part_accounts
from accounts.models import User
from common import clock, history, registry
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from people.actions.merging import lock_persons
from people.actions.mirroring import mirror_addresses
from people.actions.seeking import they_are_two
from people.belongings import Owned, give
from people.models import Address, Merge, Person
from people.queries import MERGE_UNDO_DAYS, can_still_be_undone


@transaction.atomic
def undo_merge(merge: Merge, *, by: Actor | None, reason: str) -> Person:
    """Give the absorbed row back what moved from it, as far as it is still there; return that row.

    What came to the kept row afterwards stays there. Of what a merge ends for good nothing comes back: the sessions,
    tokens and password of a second account, files of exports, the lesser of two places at a summit (``merge.lost``
    counts them). A room in which a later act stands in the way raises through ``registry.on_unmerge``, and nothing happens.
    """
    reason = reason.strip()
    if not reason:
        raise RuleBroken(_("Say how you know that they are two people."))
    people = {person.pk: person for person in lock_persons(merge.kept, merge.absorbed)}
    current = (
        Merge.objects.select_for_update().filter(pk=merge.pk).first()
    )  # after the people, as erasing does
    if current is None:
        raise _erased()
    merge = current
    kept, absorbed = people[merge.kept_id], people[merge.absorbed_id]
    _require_undoable(merge, kept, absorbed)
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    _give_back(merge.moved, kept, absorbed)
    _part_addresses(merge, kept, absorbed)
    _part_accounts(merge, kept, absorbed)
    registry.call(registry.on_unmerge, kept, absorbed, by=by)
    they_are_two(kept, absorbed)
    merge.undone_at = clock.now()
    merge.moved, merge.lost, merge.accounts, merge.twins = {}, {}, {}, []
    merge.save()
    history.record("person", absorbed.key, "undo_merge", by=by, codes={"from": kept.key}, text=reason)
    for person in (kept, absorbed):
        registry.call(registry.on_ties_changed, person)
        mirror_addresses(person)
    return absorbed


@transaction.atomic
def forget_merges() -> int:
    """Once a merge can no longer be undone, what it moved is nobody's business; return how many there were."""
    over = Merge.objects.filter(at__lt=clock.now() - dt.timedelta(days=MERGE_UNDO_DAYS), undone_at=None)
    return over.exclude(moved={}, lost={}, accounts={}, twins=[]).update(
        moved={}, lost={}, accounts={}, twins=[]
    )


def _require_undoable(merge: Merge, kept: Person, absorbed: Person) -> None:
    if merge.undone_at is not None:
        raise Outdated(_("This was undone before."))
    if not can_still_be_undone(merge):
        raise RuleBroken(
            _("Rows can be parted again for %(days)s days. These were joined too long ago.")
            % {"days": MERGE_UNDO_DAYS}
        )
    if kept.merged_into is not None:
        raise RuleBroken(
            _("%(name)s was joined with %(other)s since. Undo that first.")
            % {
                "name": f"{kept.name} ({kept.key})",
                "other": f"{kept.merged_into.name} ({kept.merged_into.key})",
            }
        )
    if absorbed.merged_into_id != kept.pk or kept.erased_at is not None or absorbed.erased_at is not None:
        raise _erased()


def _erased() -> RuleBroken:
    return RuleBroken(_("One of the two was erased since. There is nothing to give back."))


def _give_back(moved: Owned, kept: Person, absorbed: Person) -> None:
    """Table by table, so that the sentence can say what stands in the way."""
    for label, keys in moved.items():
        try:
            with transaction.atomic():
                if label == "people.address.person":  # a first address of either is chosen afterwards
                    Address.objects.filter(pk__in=keys, person=kept).update(primary=False)
                give({label: keys}, to=absorbed, of=kept)
        except IntegrityError as error:
            name = apps.get_model(label.rpartition(".")[0])._meta.verbose_name_plural
            raise RuleBroken(
                _("What was written since stands in the way: %(table)s of both.") % {"table": name}
            ) from error


def _part_addresses(merge: Merge, kept: Person, absorbed: Person) -> None:
    """Addresses that both had are both theirs again, a confirmation with whom it came from."""
    for twin in merge.twins:
        address = Address.objects.filter(pk=twin["row"], person=kept).first()
        if address is None:
            continue
        if twin["lent"]:
            address.confirmed_at = None
            address.save(update_fields=["confirmed_at"])
        confirmed_at = dt.datetime.fromisoformat(twin["confirmed_at"]) if twin["lent"] else None
        Address.objects.get_or_create(
            person=absorbed, email=address.email, defaults={"confirmed_at": confirmed_at}
        )
    for person in (kept, absorbed):
        _choose_first(person)


def _choose_first(person: Person) -> None:
    """Somebody's mail goes to a confirmed address where they have one."""
    first = person.addresses.filter(primary=True).first()
    best = person.addresses.order_by("confirmed_at", "id").first()  # nulls come last
    if best is None or (first is not None and (first.confirmed_at or best.confirmed_at is None)):
        return
    person.addresses.filter(primary=True).update(primary=False)
    Address.objects.filter(pk=best.pk).update(primary=True)


def _part_accounts(merge: Merge, kept: Person, absorbed: Person) -> None:
    given, closed = merge.accounts.get("given"), merge.accounts.get("closed")
    if given is not None and kept.user_id == given:
        if kept.addresses.exclude(confirmed_at=None).exists():
            raise RuleBroken(
                _(
                    "Whoever signs in as %(name)s has confirmed another address since. Remove that address first."
                )
                % {"name": kept.name}
            )
        user, kept.user = kept.user, None
        kept.save(update_fields=["user"])
        absorbed.user = user
        absorbed.save(update_fields=["user"])
    elif closed is not None and kept.user is not None:
        absorbed.user = User.objects.get(pk=closed)
        absorbed.save(update_fields=["user"])
        give(merge.accounts.get("moved", {}), to=absorbed.user, of=kept.user)
        part_accounts(kept.user, absorbed.user, active=merge.accounts.get("active", True))
