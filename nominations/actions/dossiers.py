"""The nominee's dossier: picking contributions, completing, and opening it again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, history
from common.actor import Actor
from common.errors import RuleBroken
from contributions.models import Contribution, ContributionFacts
from nominations import conflicts, dossier, eligibility, states
from nominations.actions.moves import already_done, change_state, locked, require_state, require_text
from nominations.actions.telling import tell_nominators, tell_nominee
from nominations.models import AccessLink, DossierItem, Nomination, Support
from nominations.queries import endorsers_of, evidence_window, items_of, nominators_of
from nominations.words import day_in_words

FACTS = [field.name for field in ContributionFacts._meta.fields]


@transaction.atomic
def pick_contributions(
    nomination: Nomination,
    *,
    keys: Iterable[str],
    high_impact: Iterable[str] = (),
    shown: Iterable[str] | None = None,
    by: Actor | None,
) -> Nomination:
    """Put exactly these contributions of the nominee into the dossier, in this order, some with a mark.

    ``shown``: what there was to choose from; what came into the dossier elsewhere meanwhile stays, after them. An entry of the
    dossier whose day was changed to one outside the twelve months stays until it is taken out: completing asks for that.
    """
    case = locked(nomination)
    require_state(case, states.ACCEPTED)
    keys, marked = list(dict.fromkeys(keys)), set(high_impact)
    if shown is not None:
        kept = case.dossier_items.exclude(contribution__key__in=[*shown, *keys]).exclude(contribution=None)
        for key, is_marked in kept.order_by("position").values_list("contribution__key", "high_impact"):
            keys.append(key)
            marked |= {key} if is_marked else set()
    _require_counts(case, len(keys), len(marked & set(keys)))
    own = {row.key: row for row in Contribution.objects.filter(person=case.nominee, key__in=keys)}
    before = list(items_of(case).values_list("contribution_id", "high_impact"))
    present = {pk for pk, _marked in before}
    first, last = evidence_window(case.cycle)
    for row in own.values():
        if row.pk not in present and not dossier.is_in_window(row, first, last):
            raise RuleBroken(
                _("“%(title)s” lies outside the twelve months from %(first)s to %(last)s.")
                % {"title": row.title, "first": day_in_words(first), "last": day_in_words(last)}
            )
    case.dossier_items.exclude(contribution__in=own.values()).delete()
    for position, key in enumerate(key for key in keys if key in own):
        DossierItem.objects.update_or_create(
            nomination=case,
            contribution=own[key],
            defaults={**facts_of(own[key]), "position": position, "high_impact": key in marked},
        )
    if before != [(own[key].pk, key in marked) for key in keys if key in own]:
        history.record("nomination", case.key, "pick_contributions", by=by, codes={"number": len(own)})
    return case


@transaction.atomic
def add_to_dossier(nomination: Nomination, contribution: Contribution, *, by: Actor | None) -> DossierItem:
    """Put one more contribution at the end of the dossier."""
    case = locked(nomination)
    require_state(case, states.ACCEPTED)
    present = list(case.dossier_items.values_list("contribution_id", flat=True))
    if contribution.pk not in present:
        _require_counts(case, len(present) + 1, 0)
    if not dossier.is_in_window(contribution, *evidence_window(case.cycle)):
        raise RuleBroken(_("It lies outside the twelve months of this cycle."))
    item, _made = DossierItem.objects.update_or_create(
        nomination=case,
        contribution=contribution,
        defaults=facts_of(contribution),
        create_defaults={**facts_of(contribution), "position": len(present)},
    )
    history.record("nomination", case.key, "add_to_dossier", by=by)
    return item


@transaction.atomic
def complete_nomination(nomination: Nomination, *, by: Actor | None) -> Nomination:
    """accepted → complete: what reviewers will read is copied from the log as it is now, and locked."""
    case = locked(nomination)
    if already_done(case, states.COMPLETE, verb="complete_nomination", by=by):
        return case
    require_state(case, states.ACCEPTED)
    if not eligibility.dossiers_are_open(case.cycle):
        day = day_in_words(case.cycle.dossiers_close_at)
        raise RuleBroken(_("Dossiers of this cycle closed on %(day)s.") % {"day": day})
    items = _with_todays_facts(case)
    blocking = [finding for finding in findings_of(case, items) if finding.blocks]
    if blocking:
        raise RuleBroken(blocking_sentence(case, blocking[0].code))
    _require_program_rules(case)
    now = clock.now()
    for item in items:
        item.frozen_at = now
    DossierItem.objects.bulk_update(items, [*FACTS, "frozen_at"])
    change_state(
        case,
        states.COMPLETE,
        verb="complete_nomination",
        by=by,
        codes={"items": len(items)},
        completed_at=now,
    )
    AccessLink.objects.filter(nomination=case, purpose=AccessLink.Purpose.ENDORSE, ends_at__gt=now).update(
        ends_at=now
    )
    tell_nominee(case, "nominations.completed", again=str(case.completed_at))
    tell_nominators(case, "nominations.case_completed")
    conflicts.recompute([case.pk])
    return case


@transaction.atomic
def reopen_nomination(nomination: Nomination, *, by: Actor | None, reason: str) -> Nomination:
    """complete → accepted: the office opens a locked dossier, with a reason that the nominee reads."""
    reason = require_text(reason, _("Say why the dossier is opened again; the nominee reads it."))
    case = locked(nomination)
    if already_done(case, states.ACCEPTED, verb="reopen_nomination", by=by):
        return case
    require_state(case, states.COMPLETE)
    change_state(
        case,
        states.ACCEPTED,
        verb="reopen_nomination",
        by=by,
        text=reason,
        for_nominee=True,
        completed_at=None,
    )
    case.dossier_items.update(frozen_at=None)
    links_again = AccessLink.objects.filter(nomination=case, purpose=AccessLink.Purpose.ENDORSE)
    links_again.update(ends_at=case.cycle.dossiers_close_at)
    tell_nominee(case, "nominations.reopened", again=clock.now().isoformat())
    return case


def findings_of(case: Nomination, items: list[DossierItem] | None = None) -> list[dossier.Finding]:
    """What is missing in the dossier of a case as it stands."""
    return dossier.findings(
        list(items_of(case)) if items is None else items,
        endorsers_of(case),
        window=evidence_window(case.cycle),
        at_most=case.cycle.contributions_at_most,
        marked_at_most=case.cycle.high_impact_at_most,
    )


def blocking_sentence(case: Nomination, code: str) -> str:
    """What must be put right before the dossier can be completed."""
    first, last = evidence_window(case.cycle)
    sentences = {
        dossier.EMPTY: _("Pick at least one contribution: reviewers read nothing else that you did."),
        dossier.TOO_MANY: _("Pick at most %(number)s contributions."),
        dossier.TOO_MANY_MARKED: _("Mark at most %(marked)s contributions as high impact."),
        dossier.OUT_OF_WINDOW: _("Take out what lies outside the twelve months from %(first)s to %(last)s."),
    }
    return sentences[code] % {
        "number": case.cycle.contributions_at_most,
        "marked": case.cycle.high_impact_at_most,
        "first": day_in_words(first),
        "last": day_in_words(last),
    }


def facts_of(contribution: ContributionFacts) -> dict[str, object]:
    """The columns that a contribution and its frozen copy share."""
    return {name: getattr(contribution, name) for name in FACTS}


def _with_todays_facts(case: Nomination) -> list[DossierItem]:
    items = list(items_of(case))
    for item in items:
        if item.contribution is not None:
            for name, value in facts_of(item.contribution).items():
                setattr(item, name, value)
    return items


def _require_counts(case: Nomination, number: int, marked: int) -> None:
    if number > case.cycle.contributions_at_most:
        raise RuleBroken(blocking_sentence(case, dossier.TOO_MANY))
    if marked > case.cycle.high_impact_at_most:
        raise RuleBroken(blocking_sentence(case, dossier.TOO_MANY_MARKED))


def _require_program_rules(case: Nomination) -> None:
    """Rules that some programs set: a second nominator; nominators of another employer than the nominee's."""
    nominators = nominators_of(case)
    if case.is_renewal:
        return
    if case.cycle.co_nominator_required and len({support.person_id for support in nominators}) < 2:
        raise RuleBroken(_("In this cycle a second person must nominate you before the dossier is complete."))
    if case.cycle.different_employer_required and not any(_works_elsewhere(s, case) for s in nominators):
        raise RuleBroken(_("In this cycle somebody who works for another employer must nominate you."))


def _works_elsewhere(support: Support, case: Nomination) -> bool:
    """Somebody without an account wrote by their link where they work."""
    if support.person is not None:
        return not conflicts.share_employer(support.person, case.nominee)
    return bool(support.employer) and not conflicts.works_for(case.nominee, support.employer)
