"""What the office looks at before a release: is every case decided, read by enough people, explained, within its places?

Counts leave out the cases in which the reader has a tie, as everything beside them does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, RoleGrant
from charter.models import Category, Cycle, CyclePlaces
from nominations import states as cases
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Decision, Release, Stage
from selection.queries.cases import IN_STAGE, candidacies_visible_to, without_own_missing
from selection.queries.copies import copies_to_check
from selection.queries.feedback import decisions_to_explain
from selection.queries.kept import (
    categories_nobody_settles,
    in_other_categories,
    ties_in,
    words_of_stuck,
)
from selection.queries.releases import unread_by

GOOD, WARN, BAD = "good", "warn", "bad"
CASE = "candidacy__nomination"  # from a decision to its case


@dataclass(frozen=True)
class Check:
    """One line: ``bad`` stops the release, ``warn`` is for the reader to judge. ``href``: where to mend it."""

    state: str
    title: str
    text: str = ""
    act: str = ""
    href: str = ""


def cases_without_outcome(cycle: Cycle, person: Person | None) -> QuerySet[Nomination]:
    """Cases in review that nothing was decided on, in the categories in which ``person`` has no tie."""
    decided = Decision.objects.filter(candidacy__nomination=OuterRef("pk"), candidacy__stage__cycle=cycle)
    entered = Candidacy.objects.filter(stage__cycle=cycle, nomination=OuterRef("pk"))
    left = Nomination.objects.filter(Exists(entered), ~Exists(decided), state=cases.IN_REVIEW)
    return in_other_categories(without_conflicts(left, person), cycle, person)


def awards_by_category(cycle: Cycle, person: Person | None, *, shown: bool = False) -> dict[int, int]:
    """Category → awards that a place is asked for: pending ones, and those given already where any is pending.

    Of the cases that ``person`` may know of; before the main release none of a category in which they have a tie.
    Votes and second looks are not bound to places. ``shown``: to them, so that nothing is counted that they have yet
    to review.
    """
    pending = Decision.objects.filter(
        candidacy__stage__cycle=cycle,
        candidacy__nomination__state__in=(cases.IN_REVIEW, cases.ON_RESERVE),
        outcome=states.AWARD,
        release__released_at=None,
    ).exclude(candidacy__stage__kind=Stage.Kind.VOTE)
    pending = pending.exclude(Exists(unread_by(person))) if shown else pending
    pending = in_other_categories(pending, cycle, person, at=CASE + "__")
    wanted = _count(without_conflicts(pending, person, case=CASE), CASE + "__category")
    entered = Candidacy.objects.filter(stage__cycle=cycle).values("nomination")
    given = Nomination.objects.filter(state=cases.AWARDED, category__in=wanted, pk__in=entered)
    taken = _count(without_conflicts(given, person), "category")
    return {category: number + taken.get(category, 0) for category, number in wanted.items()}


def _count(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return dict(rows.order_by(by).values(by).annotate(count=Count("pk")).values_list(by, "count"))


def places_of(cycle: Cycle) -> dict[int, int]:
    """Category → its places."""
    return dict(CyclePlaces.objects.filter(cycle=cycle).values_list("category", "places"))


def people_to_confirm(release: Release) -> QuerySet[Person]:
    """Who of the office can be the second person: of each category, one of the two has to see every case.

    Each of the two is held to places and outcomes as far as they see. Where both have a tie in a category, one award
    too many would pass between them. Asked of all cases of the cycle, so that the answer says of none how it was
    decided.
    """
    ties = ties_in(release.cycle)
    missed = list(
        ties.filter(person=release.prepared_by_id).values_list("nomination__category", flat=True).distinct()
    )
    office = RoleGrant.objects.in_force().filter(role=Role.PROGRAM_OFFICE, user__is_active=True)
    missing_too = ties.filter(person=OuterRef("pk"), nomination__category__in=missed)
    rows = Person.objects.filter(~Exists(missing_too), user__in=office.values("user"))
    return rows.exclude(pk=release.prepared_by_id or 0).order_by("sort_key", "pk")


def checks_before(user: Any, cycle: Cycle, release: Release | None) -> list[Check]:
    """The list beside a release that is not out yet, the main one or a later one, in a fixed number of statements."""
    is_main = not Release.objects.filter(
        cycle=cycle, kind=Release.Kind.MAIN, released_at__isnull=False
    ).exists()
    return [
        *(_of_stages(user, cycle) if is_main else ()),
        _letters(user, cycle),
        *_places(cycle, person_of(user)),
        _second_person(release),
        *(_of_ties(cycle) if is_main else ()),
    ]


def _of_ties(cycle: Cycle) -> Iterator[Check]:
    """Categories that wait for somebody without a tie."""
    stuck = categories_nobody_settles(cycle)
    if stuck:
        yield Check(BAD, _("Nobody can settle a category"), words_of_stuck(stuck))


def _of_stages(user: Any, cycle: Cycle) -> Iterator[Check]:
    waiting = Stage.objects.filter(cycle=cycle).exclude(state=states.STAGE_CLOSED).order_by("number").first()
    if waiting is not None:
        text = _("%(stage)s has to close first.") % {"stage": waiting.internal_name}
        yield Check(BAD, _("A stage is not closed"), text, _("Stages"), _at("cycle", cycle))
    else:
        yield Check(GOOD, _("Every stage is closed"))
    left = cases_without_outcome(cycle, person_of(user)).count()
    if left:
        text = ngettext("%(count)s case has none", "%(count)s cases have none", left) % {
            "count": intcomma(left)
        }
        yield Check(BAD, _("Cases without an outcome"), text, _("Decide them"), _at("undecided", cycle))
    else:
        yield Check(GOOD, _("Every case has an outcome"))
    yield _reviews(user, cycle)
    copies = copies_to_check(user).filter(stage__cycle=cycle).count()
    if copies:
        text = ngettext("%(count)s copy", "%(count)s copies", copies) % {"count": intcomma(copies)}
        yield Check(
            WARN, _("Copies that nobody has checked"), text, _("Check them"), reverse("selection:copies")
        )


def _reviews(user: Any, cycle: Cycle) -> Check:
    """A missing review stops nothing: the rule has ranked what there was."""
    read: Any = without_own_missing(candidacies_visible_to(user), person_of(user))
    in_stage = (
        read.filter(own_missing=False)
        .filter(IN_STAGE, stage__cycle=cycle, stage__kind=Stage.Kind.SCORE)
        .exclude(state=states.LEFT)
    )
    count = in_stage.filter(reviews_in__lt=F("stage__reviews_needed")).count()
    if not count:
        return Check(GOOD, _("Every case was read by as many as it should"))
    text = ngettext(
        "%(count)s case has fewer reviews than its stage asks for",
        "%(count)s cases have fewer reviews than their stage asks for",
        count,
    ) % {"count": intcomma(count)}
    return Check(WARN, _("Reviews are missing"), text, _("Decision board"), reverse("selection:board"))


def _letters(user: Any, cycle: Cycle) -> Check:
    bare = decisions_to_explain(user, cycle, without_reason=True).count()
    if not bare:
        return Check(GOOD, _("Every “no” gives a reason"))
    text = ngettext("%(count)s letter gives none", "%(count)s letters give none", bare) % {
        "count": intcomma(bare)
    }
    return Check(WARN, _("A “no” without a reason"), text, _("Letters after a no"), _at("feedback", cycle))


def _places(cycle: Cycle, person: Person | None) -> Iterator[Check]:
    places, awards = places_of(cycle), awards_by_category(cycle, person, shown=True)
    names = dict(Category.objects.filter(pk__in=awards).values_list("pk", "name"))
    over = [pk for pk in names if awards[pk] > places.get(pk, 0)]
    for pk in sorted(over, key=lambda pk: names[pk]):
        words = {"category": names[pk], "awards": intcomma(awards[pk]), "places": intcomma(places.get(pk, 0))}
        text = _("%(category)s: awards %(awards)s, places %(places)s") % words
        yield Check(BAD, _("More awards than places"), text, _("Decision board"), reverse("selection:board"))
    if not over:
        text = _("Awards %(awards)s, places %(places)s") % {
            "awards": intcomma(sum(awards.values())),
            "places": intcomma(sum(places.values())),
        }
        yield Check(GOOD, _("No category has more awards than places"), text)


def _second_person(release: Release | None) -> Check:
    if release is None:
        return Check(WARN, _("Nobody has prepared the release"))
    if release.confirmed_at is None and not people_to_confirm(release).exists():
        text = _(
            "Of each category, one of the two people who release has to see every case. Let somebody else prepare it, "
            "or give one more person the role."
        )
        return Check(BAD, _("Nobody of the office can be the second person"), text)
    if release.confirmed_at is None:
        return Check(WARN, _("Second person has not confirmed"))
    return Check(GOOD, _("A second person has confirmed"))


def _at(name: str, cycle: Cycle) -> str:
    return reverse(f"selection:{name}", args=[cycle.slug])
