"""Outcomes become visible: prepared by one person of the office, confirmed by another, carried out at a set time.

Visibility hangs on one fact, ``Release.released_at``. Carrying out is one set-based transaction; run again,
at the same time or after a crash, it does nothing twice.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import Rank
from django.utils.translation import gettext as _

from accounts.models import User
from awards.actions import grant_awards
from charter import actions as charter
from charter.models import Category, Cycle
from common import clock, history, jobs, outbox
from common.errors import Outdated, RuleBroken
from common.saving import save_many
from nominations import states as cases
from nominations.actions import settle_nominations
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.models import Person
from selection import emails, notice_emails, states, terms
from selection.actions.cases import releasing
from selection.actions.feedback import freeze_standings
from selection.actions.locks import acting_person, moment
from selection.actions.reports import publish_report
from selection.bulk import set_awards
from selection.models import Candidacy, Decision, Release, Stage
from selection.queries.before_release import (
    awards_by_category,
    cases_without_outcome,
    people_to_confirm,
    places_of,
)
from selection.queries.kept import in_other_categories
from selection.queries.releases import WAITING, pending_decisions

CASE = "candidacy__nomination"  # from a decision to its case
CASE_STATE = {
    states.AWARD: cases.AWARDED,
    states.RESERVE: cases.ON_RESERVE,
    states.NOT_THIS_TIME: cases.NOT_AWARDED,
    states.INELIGIBLE: cases.INELIGIBLE,
}


@transaction.atomic
def prepare_release(cycle: Cycle, *, scheduled_at: dt.datetime, by: User) -> Release:
    """Gather the pending decisions of a cycle for one release: the main one first, then later ones."""
    person = acting_person(by)
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    main = Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN).exclude(state=states.CANCELLED).first()
    if main is not None and main.state != states.RELEASED:
        raise Outdated(_("A release of this cycle is prepared already."))
    _refuse_past(scheduled_at)
    if main is None:
        _refuse_unfinished(cycle, person)
    _refuse_overfull(cycle, person)
    kind = Release.Kind.LATER if main else Release.Kind.MAIN
    release = Release.objects.create(
        cycle=cycle, kind=kind, scheduled_at=scheduled_at, prepared_by=person, prepared_at=clock.now()
    )
    pending = pending_decisions(cycle)
    if not without_conflicts(pending, person, case=CASE).exists():  # hidden ones alone: as if there were none
        raise RuleBroken(_("There is nothing to release: no decision is pending."))
    pending.update(release=release)
    if kind == Release.Kind.MAIN:
        _number_reserves(release)
    _record(release, "prepare", by=by, codes={"at": scheduled_at.isoformat()})
    return release


def prepare_early_release(stage: Stage, *, by: User) -> Release | None:
    """Where the cycle tells failed screens at once: gather them for a release that a second person confirms."""
    failed = Decision.objects.filter(candidacy__stage=stage, release=None)
    if not failed.exists():
        return None
    now = clock.now()
    release = Release.objects.create(
        cycle=stage.cycle,
        kind=Release.Kind.LATER,
        scheduled_at=now,
        prepared_by=acting_person(by),
        prepared_at=now,
    )
    failed.update(release=release)
    _record(release, "prepare", by=by, codes={"at": now.isoformat()})
    return release


@transaction.atomic
def reschedule_release(release: Release, *, scheduled_at: dt.datetime, by: User) -> Release:
    """Set another time: whoever changes it prepared it, and both confirmations are needed afresh."""
    release = _lock(release)
    if release.state not in (states.PLANNED, states.CONFIRMED):
        raise _too_late(release)
    _refuse_past(scheduled_at)
    old = release.state
    release.state, release.scheduled_at = states.PLANNED, scheduled_at
    release.prepared_by, release.prepared_at = acting_person(by), clock.now()
    release.confirmed_by, release.confirmed_at = None, None
    release.save()
    _record(release, "reschedule", by=by, old=old, codes={"at": scheduled_at.isoformat()})
    return release


@transaction.atomic
def confirm_release(release: Release, *, by: User) -> Release:
    """The second person confirms; the worker carries it out at its time, at once if that has come."""
    person = acting_person(by)
    release = _lock(release)
    if states.CONFIRMED not in states.RELEASE_MOVES[release.state]:
        raise _too_late(release)
    if person.pk == release.prepared_by_id:
        raise RuleBroken(_("You prepared this release. Somebody else has to confirm it."))
    if not people_to_confirm(release).filter(pk=person.pk).exists():
        raise RuleBroken(
            _(
                "Of each category, one of the two people who release has to see every case. Somebody else confirms this one."
            )
        )
    if release.kind == Release.Kind.MAIN:
        _refuse_undecided(release.cycle, person)
        _refuse_left_out(release.cycle, person)
    _refuse_overfull(release.cycle, person)
    release.state, release.confirmed_by, release.confirmed_at = states.CONFIRMED, person, clock.now()
    release.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _record(release, "confirm", by=by, old=states.PLANNED)
    jobs.defer("selection.carry_out_release", run_at=release.scheduled_at, key=release.key)
    return release


@transaction.atomic
def cancel_release(release: Release, *, by: User, reason: str) -> Release:
    """Hold the release: its decisions are pending again."""
    acting_person(by)
    release = _lock(release)
    if states.CANCELLED not in states.RELEASE_MOVES[release.state]:
        raise _too_late(release)
    if not reason.strip():
        raise RuleBroken(_("Say why the release is held."))
    old, release.state = release.state, states.CANCELLED
    release.save(update_fields=["state"])
    release.decisions.update(release=None)
    _record(release, "cancel", by=by, old=old, text=reason)
    return release


@transaction.atomic
def carry_out_release(release: Release) -> int:
    """Make the outcomes of a confirmed release visible, all at once; return how many. 0: nothing to do (now).

    One transaction and a number of statements that does not grow with the cases, but for batches. Cases that
    left the selection since (withdrawn, joined with another) are taken out of the release first.
    """
    release = _lock(release)
    now = clock.now()
    if release.state != states.CONFIRMED or release.scheduled_at > now:
        return 0
    decisions = _going_out(release)
    release.state, release.released_at = states.RELEASED, now
    release.save(update_fields=["state", "released_at"])
    winners = [one for one in decisions if one.outcome == states.AWARD]
    grants = terms.grants_for(winners, cycle=release.cycle, at=now)
    awards = grant_awards([grant for _decision, grant in grants], by=None)
    set_awards([(one.pk, award.pk) for (one, _grant), award in zip(grants, awards, strict=True)])
    outcomes = [
        (one.candidacy.nomination_id, CASE_STATE[one.outcome])
        for one in decisions
        if one.outcome in CASE_STATE
    ]
    with releasing():
        settle_nominations(outcomes, by=None)
    carried = [one.candidacy_id for one in decisions if one.outcome == states.CARRY_OVER]
    Candidacy.objects.filter(pk__in=carried).update(state=states.CARRIED)
    history.record_many(
        history.Event(
            "decision", one.candidacy.key, "release", new=one.outcome, codes={"release": release.key}
        )
        for one in decisions
    )
    freeze_standings(decisions)
    outbox.post_many(emails.posts_for(release, decisions))
    if release.kind == Release.Kind.MAIN:
        publish_report(release)
        jobs.defer("selection.tell_own_year", key=release.key)
    jobs.defer("selection.mail_history_head", key=release.key)
    _record(release, "release", by=None, old=states.CONFIRMED)
    return len(decisions)


def tell_own_year(release: Release) -> None:
    """Thank everybody who reviewed in a released cycle or leads a region, once. Safe to run twice."""
    if release.state == states.RELEASED:
        outbox.post_many(notice_emails.posts_of_year(release))


def mail_history_head(release: Release) -> None:
    """Give the auditors the head of the chain that holds this release, once: the copy outside that proves it.

    Not inside a transaction: what the release wrote is sealed first. Run twice, the first digest stands.
    """
    if release.state == states.RELEASED:
        history.seal()
        outbox.post_many(notice_emails.posts_of_head(release, history.head()))


def begin_award_year() -> bool:
    """Let the site count from the newest award year whose cycle is released and whose term has begun."""
    begun = Release.objects.filter(
        kind=Release.Kind.MAIN, state=states.RELEASED, cycle__term_starts__lte=clock.today()
    )
    year = begun.order_by("-cycle__award_year").values_list("cycle__award_year", flat=True).first()
    return year is not None and charter.begin_award_year(year, by=None)


def releases_due() -> QuerySet[Release]:
    """Confirmed releases whose time has come."""
    return Release.objects.filter(state=states.CONFIRMED, scheduled_at__lte=clock.now())


def _going_out(release: Release) -> list[Decision]:
    """The decisions of a release, less those of cases that are not waiting any more.

    Cases are locked first, in the order of their numbers: one that is withdrawn at this moment is out or in.
    """
    rows = Decision.objects.filter(release=release)
    waiting = Nomination.objects.filter(pk__in=rows.values("candidacy__nomination"))
    list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    rows.exclude(candidacy__nomination__state__in=WAITING).update(release=None)
    return list(
        rows.filter(candidacy__nomination__state__in=WAITING)
        .select_related(
            "candidacy__stage", "candidacy__nomination__nominee", "candidacy__nomination__category"
        )
        .order_by("pk")
    )


def _refuse_unfinished(cycle: Cycle, person: Person) -> None:
    """The main release comes after every stage."""
    waiting = Stage.objects.filter(cycle=cycle).exclude(state=states.STAGE_CLOSED).order_by("number").first()
    if waiting is not None:
        raise RuleBroken(_("%(stage)s has to close first.") % {"stage": waiting.internal_name})
    _refuse_undecided(cycle, person)


def _refuse_undecided(cycle: Cycle, person: Person) -> None:
    """The main release needs an outcome for every case that ``person`` may know of. Both who prepare and who
    confirm are asked, each for the categories in which they have no tie: a refusal must not tell of the others."""
    if cases_without_outcome(cycle, person).exists():
        raise RuleBroken(_("Some cases have no outcome yet. The office has to resolve them first."))


def _refuse_left_out(cycle: Cycle, person: Person) -> None:
    """Decided since the release was prepared, by somebody who saw what its preparer must not know of."""
    since = without_conflicts(pending_decisions(cycle), person, case=CASE)
    if in_other_categories(since, cycle, person, at=CASE + "__").exists():
        raise RuleBroken(_("A decision was made since. Hold this release and prepare it again."))


def _refuse_overfull(cycle: Cycle, person: Person) -> None:
    """No more awards than places, of those that ``person`` may know of. Whoever decides is held to the places as far as
    they see; one too many is found here by the first of the two people who sees it. Votes and second looks are not
    bound to places."""
    places, awards = places_of(cycle), awards_by_category(cycle, person)
    for category in Category.objects.filter(pk__in=awards).order_by("position", "pk"):
        if awards[category.pk] > places.get(category.pk, 0):
            raise RuleBroken(
                _("%(category)s has more awards than places. Take one back first.")
                % {"category": category.name}
            )


def _number_reserves(release: Release) -> None:
    """1, 2, 2, 4 within each category: as the chair put them, then by the stored rank."""
    reserves = list(
        release.decisions.filter(outcome=states.RESERVE).annotate(
            place=Window(
                Rank(),
                partition_by=F("candidacy__nomination__category"),
                order_by=[
                    F("candidacy__reserve_order").asc(nulls_last=True),
                    F("candidacy__rank").asc(nulls_last=True),
                ],
            )
        )
    )
    for one in reserves:
        one.reserve_order = one.place
    save_many(reserves, ["reserve_order"])


def _refuse_past(scheduled_at: dt.datetime) -> None:
    """A form gives whole minutes, so a moment ago is still now."""
    if scheduled_at < clock.now() - dt.timedelta(minutes=2):
        raise RuleBroken(_("The time of the release has to lie ahead."))


def _lock(release: Release) -> Release:
    return Release.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=release.pk)


def _too_late(release: Release) -> Outdated:
    if release.state == states.RELEASED and release.released_at:
        return Outdated(_("This release went out on %(when)s.") % {"when": moment(release.released_at)})
    return Outdated(_("This release is %(state)s already.") % {"state": release.get_state_display()})


def _record(
    release: Release,
    verb: str,
    *,
    by: User | None,
    old: str = "",
    codes: dict[str, object] | None = None,
    text: str = "",
) -> None:
    history.record(
        "release", release.key, verb, by=by, old=old, new=release.state, codes=codes or {}, text=text
    )
