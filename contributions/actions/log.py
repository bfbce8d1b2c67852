"""Entries of a log: added, changed, deleted and brought back."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charter.models import Area
from common import clock, history
from common.actor import Actor
from common.errors import RuleBroken
from common.windows import require_unchanged
from contributions.models import Contribution, DeletedContribution
from contributions.queries import last_months, marks_at_most
from contributions.snapshots import snapshot, values_of, words_of
from people.models import Person

DAYS_TO_UNDO = 14


@transaction.atomic
def log_contribution(
    person: Person, *, by: Actor | None, more_areas: Iterable[Area] = (), **facts: Any
) -> Contribution:
    """Add one activity. The same activity sent twice in a row (type, title, link and day) is one."""
    _hold(person)
    same = {name: facts.get(name) or "" for name in ("title", "url")}
    again = Contribution.objects.filter(
        person=person, type=facts["type"], starts=facts["starts"], **same
    ).first()
    if again is not None:
        return again
    contribution = Contribution.objects.create(person=person, **facts)
    contribution.more_areas.set(more_areas)
    history.record("contribution", contribution.key, "log_contribution", by=by)
    return contribution


@transaction.atomic
def change_contribution(
    contribution: Contribution,
    *,
    by: Actor | None,
    more_areas: Iterable[Area] | None = None,
    seen: str | None = None,
    **facts: Any,
) -> Contribution:
    """Set facts right. Dossiers that are complete keep their frozen copies.

    ``seen`` is ``words_of`` as the form had it; raises ``Outdated`` where the entry holds other words by now.
    """
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    require_unchanged(seen, words_of(row))
    if "url" in facts and facts["url"] != row.url:
        facts |= {
            "link_checked_at": None,
            "link_answers": None,
            "link_failures": 0,
            "link_failing_since": None,
        }
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    if more_areas is not None:
        row.more_areas.set(more_areas)
    history.record("contribution", row.key, "change_contribution", by=by)
    return row


@transaction.atomic
def mark_high_impact(contribution: Contribution, *, marked: bool, by: Actor | None) -> Contribution:
    """Say that an activity changed something for people. As many of the last 12 months as a dossier may hold."""
    _hold(contribution.person)
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if row.high_impact == marked:
        return row
    first, most = last_months()[0], marks_at_most()
    lately = Contribution.objects.filter(person=row.person, high_impact=True, starts__gte=first)
    if marked and row.starts >= first and lately.count() >= most:
        raise RuleBroken(
            _("%(most)s entries of the last twelve months are marked already. Take a mark off first.")
            % {"most": most}
        )
    row.high_impact = marked
    row.save(update_fields=["high_impact"])
    verb = "mark_high_impact" if marked else "unmark_high_impact"
    history.record("contribution", row.key, verb, by=by)
    return row


@transaction.atomic
def delete_contribution(contribution: Contribution, *, by: Actor | None) -> DeletedContribution:
    """Take an activity out of the log; it can be brought back for two weeks. Copies in complete dossiers stay."""
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    areas = row.more_areas.values_list("pk", flat=True)
    deleted = DeletedContribution.objects.create(
        key=row.key,
        person_id=row.person_id,
        title=row.title,
        content=snapshot(row, areas),
        deleted_at=clock.now(),
    )
    row.delete()
    history.record("contribution", deleted.key, "delete_contribution", by=by)
    return deleted


@transaction.atomic
def restore_contribution(deleted: DeletedContribution, *, by: Actor | None) -> Contribution:
    """Bring a deleted activity back as it was. An open dossier picks it again."""
    row = DeletedContribution.objects.select_for_update(of=("self",)).get(pk=deleted.pk)
    contribution = Contribution.objects.create(person_id=row.person_id, **values_of(row.content))
    contribution.more_areas.set(row.content["more_areas"])
    row.delete()
    history.record("contribution", contribution.key, "restore_contribution", by=by)
    return contribution


def forget_deleted() -> int:
    """Once a day: what was deleted two weeks ago is gone."""
    until = clock.now() - dt.timedelta(days=DAYS_TO_UNDO)
    return DeletedContribution.objects.filter(deleted_at__lt=until).delete()[0]


def _hold(person: Person) -> None:
    """One change of a log at a time: the second of two equal forms finds what the first wrote."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
