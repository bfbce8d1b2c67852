"""Which summits there are, and who is invited."""

from typing import Any

from django.db.models import QuerySet

from awards.models import Award
from awards.queries import in_force
from common import clock
from events.models import Summit


def summits_visible_to(user: Any) -> QuerySet[Summit]:
    """What is said of a summit is public."""
    return Summit.objects.prefetch_related("regions")


def summit_at(user: Any, slug: str) -> Summit | None:
    """The summit at an address."""
    return summits_visible_to(user).select_related("agreement").filter(slug=slug).first()


def upcoming(summits: QuerySet[Summit], *, besides: Summit | None = None) -> QuerySet[Summit]:
    """Those that have not ended, the next one first."""
    ahead = summits.filter(ends__gte=clock.today()).order_by("starts", "name")
    return ahead.exclude(pk=besides.pk) if besides else ahead


def past(summits: QuerySet[Summit]) -> QuerySet[Summit]:
    """Those that are over, the last one first."""
    return summits.filter(ends__lt=clock.today()).order_by("-starts", "name")


def award_that_invites(user: Any, summit: Summit) -> Award | None:
    """The award in force by which somebody may come: of one of the summit's regions, if it names any."""
    if user is None or user.pk is None:
        return None
    awards = in_force(Award.objects.filter(person__user_id=user.pk))
    regions = list(summit.regions.all())
    return (awards.filter(region__in=regions) if regions else awards).order_by("-first_year").first()
