"""The screening list: a page of cases, each with what a lead needs for one key."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role
from awards.models import Award
from charter.models import ReasonCode, Region
from nominations.models import DossierItem, Nomination, Support
from nominations.queries import evidence_window
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Review, Stage
from selection.queries.work import UNJUDGED, Choice, cases_shown, cases_to_work_on

ROWS = 50
VERDICTS = (Review.Verdict.PASS, Review.Verdict.FAIL, Review.Verdict.UNSURE)


@dataclass(frozen=True)
class ScreenRow:
    """One line of the list. ``verdict`` is the reader's own; nothing of other leads is in it.

    ``silent`` counts links that did not answer when they were checked.
    """

    candidacy: Candidacy
    case: Nomination
    verdict: str
    reason_code: str
    reason: str
    statement: str
    items: int
    inside: int
    links: int
    silent: int
    reach: int
    reach_asked: int
    awards: int

    @property
    def flags(self) -> list[str]:
        """What a lead should look at before saying pass."""
        silent = ngettext("%(count)d link does not answer", "%(count)d links do not answer", self.silent)
        return [
            words
            for words, shown in (
                (_("No link"), self.links == 0),
                (silent % {"count": self.silent}, self.silent > 0),
                (_("Nothing inside the window"), self.items > 0 and self.inside == 0),
            )
            if shown
        ]

    @property
    def links_words(self) -> str:
        return ngettext("%(count)d link", "%(count)d links", self.links) % {"count": self.links}

    @property
    def inside_words(self) -> str:
        return _("%(inside)d of %(items)d inside") % {"inside": self.inside, "items": self.items}

    @property
    def reach_words(self) -> str:
        return _("given for %(given)d of %(asked)d") % {"given": self.reach, "asked": self.reach_asked}

    @property
    def awards_words(self) -> str:
        """Award years so far; empty for none."""
        return (
            ngettext("%(count)d year", "%(count)d years", self.awards) % {"count": self.awards}
            if self.awards
            else ""
        )

    @property
    def form_words(self) -> str:
        return _("Verdict for %(name)s") % {"name": self.case.nominee_name}


@dataclass(frozen=True)
class Screening:
    """A page of the list with its counts, all of them over the reader's own cases."""

    stage: Stage
    regions: list[str]
    page: Page[Any]
    rows: list[ScreenRow]
    total: int
    done: int
    counts: dict[str, int]
    show: str
    choices: list[Choice]
    fails: list[tuple[str, int]]
    reasons: list[ReasonCode]
    last: ScreenRow | None
    window: tuple[Any, Any]


def screening_of(user: Any, stage: Stage, *, show: str, page: str, last: str) -> Screening:
    """Everything that the page shows, in a fixed number of statements."""
    cases = own_verdicts(user, cases_to_work_on(user).filter(stage=stage))
    counts = Counter(dict(cases.order_by().values_list("verdict").annotate(count=Count("pk"))))
    total = sum(counts.values())
    shown = cases_shown(cases, show, verdicts=VERDICTS).select_related(
        "nomination__nominee", "nomination__region"
    )
    listed = Paginator(shown.order_by("pk"), ROWS).get_page(page)
    undo = cases.filter(key=last).exclude(verdict="").select_related("nomination__nominee").first()
    reasons = list(fail_reasons())
    labels = {one.code: one.label for one in reasons}
    rows = _rows([*listed.object_list, *([undo] if undo else [])], stage, labels)
    return Screening(
        stage=stage,
        regions=_regions(user),
        page=listed,
        rows=rows[: len(listed.object_list)],
        total=total,
        done=total - counts[""],
        counts={verdict: counts[verdict] for verdict in VERDICTS},
        show=show,
        choices=_choices(
            counts, total, to_do=_("To do") if stage.is_running() else _("Without a verdict of yours")
        ),
        fails=_fails(cases, labels),
        reasons=reasons,
        last=rows[-1] if undo else None,
        window=evidence_window(stage.cycle),
    )


def _regions(user: Any) -> list[str]:
    """The names of the regions that a user leads; none for a lead of all of them."""
    led = [grant.region_id for grant in user.grants_today if grant.role == Role.REGIONAL_LEAD]
    return [] if None in led else list(Region.objects.filter(pk__in=led).values_list("name", flat=True))


def own_verdicts(user: Any, cases: QuerySet[Candidacy]) -> QuerySet[Any]:
    """Annotate ``verdict`` and ``fail_code``: what this user said, empty for nothing yet."""
    own = Review.objects.filter(
        assignment__candidacy=OuterRef("pk"),
        assignment__reviewer=person_of(user),
        assignment__state=states.DONE,
    )
    return cases.annotate(
        verdict=Coalesce(Subquery(own.values("verdict")[:1]), Value("")),
        fail_code=Coalesce(Subquery(own.values("reason_code")[:1]), Value("")),
    )


def next_to_screen(user: Any, candidacy: Candidacy) -> Candidacy | None:
    """The next case of the stage: without this user's verdict, in the order of the list; at the end the unsure ones."""
    cases = own_verdicts(user, cases_to_work_on(user).filter(stage=candidacy.stage_id))
    behind = Case(When(pk__gt=candidacy.pk, then=Value(0)), default=Value(1), output_field=IntegerField())
    waiting = cases.filter(verdict__in=("", Review.Verdict.UNSURE)).exclude(pk=candidacy.pk)
    return waiting.order_by("verdict", behind, "pk").first()  # no verdict sorts before "unsure"


def fail_reasons() -> QuerySet[ReasonCode]:
    """Reasons that a fail can have."""
    return ReasonCode.objects.filter(use__in=(ReasonCode.Use.SCREEN_FAIL, ReasonCode.Use.INELIGIBLE))


def _choices(counts: Counter[str], total: int, *, to_do: str) -> list[Choice]:
    return [
        Choice("", _("In order received"), total),
        Choice(UNJUDGED, to_do, counts[""]),
        Choice(Review.Verdict.UNSURE, _("Unsure"), counts[Review.Verdict.UNSURE]),
        Choice(Review.Verdict.FAIL, _("Failed"), counts[Review.Verdict.FAIL]),
        Choice(Review.Verdict.PASS, _("Passed"), counts[Review.Verdict.PASS]),
    ]


def _fails(cases: QuerySet[Any], labels: dict[str, str]) -> list[tuple[str, int]]:
    """Reason in words → how many of the reader's own fails have it."""
    failed = cases.filter(verdict=Review.Verdict.FAIL).order_by().values_list("fail_code")
    counts: dict[str, int] = dict(failed.annotate(count=Count("pk")))
    return [(labels.get(code, code), count) for code, count in sorted(counts.items())]


def _rows(candidacies: list[Any], stage: Stage, labels: dict[str, str]) -> list[ScreenRow]:
    cases = [one.nomination_id for one in candidacies]
    items, awards, statements = _items(cases, stage), _awards(candidacies), _statements(cases)
    return [
        ScreenRow(
            candidacy=one,
            case=one.nomination,
            verdict=one.verdict,
            reason_code=one.fail_code,
            reason=labels.get(one.fail_code, one.fail_code),
            statement=statements.get(one.nomination_id, ""),
            awards=awards.get(one.nomination.nominee_id, 0),
            **items.get(one.nomination_id, dict.fromkeys(_ITEM_COUNTS, 0)),
        )
        for one in candidacies
    ]


_ITEM_COUNTS = ("items", "inside", "links", "silent", "reach", "reach_asked")


def _items(cases: Iterable[int], stage: Stage) -> dict[int, dict[str, int]]:
    """Case → how many contributions, inside the window, with a link, with a reach where one is asked."""
    first, last = evidence_window(stage.cycle)
    rows: Any = (
        DossierItem.objects.filter(nomination__in=cases)
        .values("nomination_id")
        .annotate(
            items=Count("pk"),
            inside=Count("pk", filter=Q(starts__lte=last) & (Q(ends__gte=first) | Q(starts__gte=first))),
            links=Count("pk", filter=~Q(url="")),
            silent=Count("pk", filter=~Q(url="") & Q(contribution__link_answers=False)),
            reach=Count("pk", filter=Q(reach__isnull=False) & ~Q(type__reach_label="")),
            reach_asked=Count("pk", filter=~Q(type__reach_label="")),
        )
    )
    return {row["nomination_id"]: {name: row[name] for name in _ITEM_COUNTS} for row in rows}


def _awards(candidacies: Iterable[Any]) -> dict[int, int]:
    """Nominee → award years so far."""
    people = {one.nomination.nominee_id for one in candidacies}
    rows = Award.objects.filter(person__in=people).values_list("person_id")
    return dict(rows.annotate(count=Count("first_year", distinct=True)))


def _statements(cases: Iterable[int]) -> dict[int, str]:
    """Case → what its first nominator wrote."""
    rows = (
        Support.objects.filter(nomination__in=cases, declined_at=None)
        .exclude(kind=Support.Kind.ENDORSER)
        .order_by("nomination_id", "pk")
        .distinct("nomination_id")
    )
    return dict(rows.values_list("nomination_id", "statement"))
