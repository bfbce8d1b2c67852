"""The transparency report of a cycle: frozen with the letters, changed after that only with a reason that everybody reads."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Cycle
from common import clock, history
from common.errors import Outdated, RuleBroken
from selection.actions.locks import acting_person, lock_cycle
from selection.models import Release, TransparencyReport
from selection.queries.transparency import (
    figures_from,
    figures_of,
    following,
    main_releases,
    releases_without_report,
)


@transaction.atomic
def publish_report(release: Release) -> TransparencyReport | None:
    """Version 1, with the main letters of a cycle; ``None`` where it is out already. Safe to run twice.

    Takes no lock on the cycle: the caller holds its release, which others lock after the cycle.
    """
    if release.released_at is None or TransparencyReport.objects.filter(cycle=release.cycle).exists():
        return None
    figures = figures_of(release.cycle, release.released_at).as_json()
    report, is_new = TransparencyReport.objects.get_or_create(
        cycle=release.cycle, number=1, defaults={"published_at": clock.now(), "figures": figures}
    )
    if not is_new:
        return None
    history.record("report", release.cycle.slug, "publish", by=None, codes={"version": 1})
    return report


def publish_missing_reports() -> int:
    """Of cycles whose letters went out before there were reports; return how many."""
    return sum(publish_report(release) is not None for release in releases_without_report())


@transaction.atomic
def correct_report(cycle: Cycle, *, reason: str, shown: int, by: User) -> TransparencyReport:
    """Count anew and publish that as the next version; the ones before stay. Where two versions would tell of fewer than
    five cases nothing is published (``following``).

    ``shown``: the version that was on the page. Raises ``Outdated`` where another one followed, ``RuleBroken`` without a
    reason, or where nothing is left to publish.
    """
    person, cycle = acting_person(by), lock_cycle(cycle.pk)
    versions = list(TransparencyReport.objects.filter(cycle=cycle).order_by("number"))
    last = versions[-1] if versions else None
    release = main_releases().filter(cycle=cycle).first()
    if last is None or release is None or release.released_at is None:
        raise RuleBroken(_("The letters of this cycle are not out. Its report comes with them."))
    if last.number != shown:
        raise Outdated(_("Somebody has corrected this report since. Look at it again."))
    if not reason.strip():
        raise RuleBroken(_("Say why the report is corrected: everybody can read it."))
    counted, published = figures_of(cycle, release.released_at), figures_from(last.figures)
    if counted == published:
        raise RuleBroken(_("Counted anew, the figures are those that are published."))
    figures = following(versions, counted)
    if figures == published:
        raise RuleBroken(
            _(
                "What has changed is about fewer than five cases, so a correction would tell about single people."
            )
        )
    report = TransparencyReport.objects.create(
        cycle=cycle,
        number=last.number + 1,
        published_at=clock.now(),
        published_by=person,
        reason=reason.strip(),
        figures=figures.as_json(),
    )
    history.record(
        "report", cycle.slug, "correct", by=by, codes={"version": report.number}, text=report.reason
    )
    return report
