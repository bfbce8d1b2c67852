"""What the selection holds on somebody; see ``common.held``.

A nominee reads what was released: the outcome, how the case stood, the words that the office let out. Who reviewed
stands nowhere. Somebody who reviews or decides reads their own work, on cases that they may still know of.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

from common.held import Reader, Row, facts, rows
from people.models import Person
from selection.models import (
    Assignment,
    AssignmentPlan,
    BatchLine,
    Candidacy,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Draw,
    Expertise,
    Feedback,
    Override,
    ProtocolVersion,
    RedactedDossier,
    Release,
    ReleasedComment,
    Review,
    ReviewerCapacity,
    ReviewVersion,
    Score,
    TrainingAnswer,
    TransparencyReport,
)
from selection.queries import candidacies_visible_to


def released(person: Person) -> QuerySet[Decision]:
    """The outcomes of their own cases that are out."""
    return (
        Decision.objects.filter(candidacy__nomination__nominee=person, release__released_at__isnull=False)
        .select_related("candidacy__nomination", "candidacy__stage", "release")
        .order_by("release__released_at", "pk")
    )


def seen(person: Person) -> QuerySet[Candidacy]:
    """The cases that they may know of for their role."""
    return candidacies_visible_to(person.user) if person.user is not None else Candidacy.objects.none()


def candidacies(person: Person) -> Iterator[Row]:
    """The stages of their own cases, up to what was released."""
    for decision in released(person):
        out = decision.release.released_at  # type: ignore[union-attr]
        stages = Candidacy.objects.filter(nomination=decision.candidacy.nomination, entered_at__lte=out)
        stages = stages.filter(stage__cycle=decision.candidacy.stage.cycle_id).select_related(
            "nomination", "stage"
        )
        yield from rows(
            stages.order_by("stage__number", "pk"), "nomination__key", "stage__public_name", "entered_at"
        )


def decisions(person: Person) -> Iterator[Row]:
    for row in released(person):
        yield facts(row, "candidacy__nomination__key", "outcome", "reason_code", "release__released_at")
    own = Decision.objects.filter(decided_by=person, candidacy__in=seen(person)).select_related("candidacy")
    for row in own.order_by("pk"):
        yield {"decided_by_you": True} | facts(
            row, "candidacy__key", "outcome", "reason_code", "reason", "decided_at"
        )


def feedback(person: Person) -> Iterator[Row]:
    found = Feedback.objects.filter(decision__in=released(person)).order_by("pk")
    return rows(found.select_related("decision__candidacy__nomination"), "bands", "reviews_in")


def comments(person: Person) -> Iterator[Row]:
    found = ReleasedComment.objects.filter(decision__in=released(person)).order_by("pk")
    return rows(found, "text")


def redacted(person: Person) -> Iterator[Row]:
    cases = released(person).values("candidacy__nomination")
    return rows(RedactedDossier.objects.filter(nomination__in=cases), "texts", "proposed_at")


def tasks(person: Person) -> QuerySet[Assignment]:
    return Assignment.objects.filter(reviewer=person, candidacy__in=seen(person)).order_by("pk")


def reviews(person: Person) -> QuerySet[Review]:
    return Review.objects.filter(assignment__in=tasks(person)).order_by("pk")


def overrides(person: Person) -> Iterator[Row]:
    found = Override.objects.filter(member=person, candidacy__in=seen(person)).select_related("candidacy")
    names = ("candidacy__key", "outcome", "reason_code", "reason", "made_at", "withdrawn_at")
    return rows(found.order_by("pk"), *names)


def batches(person: Person) -> QuerySet[DecisionBatch]:
    """Those of which they may still know every case."""
    hidden = BatchLine.objects.exclude(candidacy__in=seen(person)).values("batch")
    return DecisionBatch.objects.filter(made_by=person).exclude(pk__in=hidden).order_by("pk")


def posts(person: Person) -> Iterator[Row]:
    found = DiscussionPost.objects.filter(author=person, candidacy__in=seen(person)).select_related(
        "candidacy"
    )
    return rows(found.order_by("pk"), "candidacy__key", "text", "made_at", "withdrawn_at")


HELD: dict[str, Reader] = {
    "selection.Candidacy": candidacies,
    "selection.Decision": decisions,
    "selection.Feedback": feedback,
    "selection.ReleasedComment": comments,
    "selection.RedactedDossier": redacted,
    "selection.Expertise": lambda person: rows(
        Expertise.objects.filter(person=person).select_related("area").order_by("pk"), "area", "level"
    ),
    "selection.Assignment": lambda person: rows(
        tasks(person).select_related("candidacy__stage"),
        "candidacy__key", "candidacy__stage__internal_name", "state", "assigned_at", "due_at",
    ),
    "selection.Review": lambda person: rows(
        reviews(person).select_related("assignment__candidacy"),
        "assignment__candidacy__key", "state", "verdict", "reason_code", "comment", "confidence", "total", "draft",
        "saved_at", "submitted_at",
    ),
    "selection.Score": lambda person: rows(
        Score.objects.filter(review__in=reviews(person))
        .select_related("criterion", "review__assignment__candidacy")
        .order_by("pk"),
        "review__assignment__candidacy__key", "criterion__name", "mark", "reason",
    ),
    "selection.ReviewVersion": lambda person: rows(
        ReviewVersion.objects.filter(review__in=reviews(person))
        .select_related("review__assignment__candidacy")
        .order_by("pk"),
        "review__assignment__candidacy__key", "version", "content", "reason", "saved_at",
    ),
    "selection.ReviewerCapacity": lambda person: rows(
        ReviewerCapacity.objects.filter(person=person).select_related("stage").order_by("pk"),
        "stage__internal_name", "cases", "set_at",
    ),
    "selection.TrainingAnswer": lambda person: rows(
        TrainingAnswer.objects.filter(person=person).select_related("case").order_by("pk"),
        "case__title", "marks", "answered_at",
    ),
    "selection.DiscussionPost": posts,
    "selection.Override": overrides,
    "selection.DecisionBatch": lambda person: rows(
        batches(person), "key", "outcome", "reason_code", "reason", "made_at", "undone_at"
    ),
    "selection.Draw": lambda person: rows(
        Draw.objects.filter(drawn_by=person).order_by("pk"), "key", "seed", "places", "drawn_at"
    ),
    "selection.AssignmentPlan": lambda person: rows(
        AssignmentPlan.objects.filter(made_by=person).order_by("pk"), "key", "purpose", "state", "made_at"
    ),
    "selection.ProtocolVersion": lambda person: rows(
        ProtocolVersion.objects.filter(made_by=person).select_related("cycle").order_by("pk"),
        "cycle", "number", "reason", "made_at",
    ),
    "selection.TransparencyReport": lambda person: rows(
        TransparencyReport.objects.filter(published_by=person).select_related("cycle").order_by("pk"),
        "cycle", "number", "reason", "published_at",
    ),
    "selection.Release": lambda person: rows(
        Release.objects.filter(prepared_by=person).order_by("pk"), "key", "kind", "prepared_at", "released_at"
    ),
}  # fmt: skip
