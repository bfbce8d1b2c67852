"""The tables of the admin in the access matrix: what each role gets at the addresses of each table."""

from django.contrib import admin
from django.db.models import Model

from selection.models import (
    Assignment,
    AssignmentPlan,
    BatchLine,
    Candidacy,
    CaseNumbers,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Draw,
    DrawLine,
    Feedback,
    GroupNumbers,
    Override,
    PlannedTask,
    RedactedDossier,
    ReleasedComment,
    Review,
    ReviewerOffset,
    ReviewVersion,
    Score,
)
from tests.access_rows import OFFICE, STAFF, Args, Row, signed_in

NOT_THE_AUDITORS = {
    RedactedDossier,
    Candidacy, Assignment, Review, Score, ReviewVersion, Override, Decision,
    GroupNumbers, CaseNumbers, ReviewerOffset, Feedback, ReleasedComment, AssignmentPlan, PlannedTask,
    DiscussionPost, DecisionBatch, BatchLine, Draw, DrawLine,
}  # fmt: skip


def admin_rows() -> dict[str, Row]:
    """Office and auditor read every table, the office adds and removes where the table allows it."""
    rows: dict[str, Row] = {}
    for model, records in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        an_object = _first(model)
        rows[f"{name}_changelist"] = signed_in(to=STAFF, others=403)
        rows[f"{name}_add"] = signed_in(to=OFFICE if records.may_add else "nobody", others=403)
        unseen = model in NOT_THE_AUDITORS
        rows[f"{name}_change"] = signed_in(
            an_object, to=STAFF, others=403, **({"auditor": 302} if unseen else {})
        )
        rows[f"{name}_history"] = signed_in(
            an_object, to=STAFF, others=403, status=302, **({"auditor": 404} if unseen else {})
        )
        rows[f"{name}_delete"] = signed_in(
            an_object, to=OFFICE if records.may_delete else "nobody", others=403
        )
        if records.buttons:
            verb = records.buttons[0].verb
            rows[f"{name}_do"] = signed_in(
                lambda world, f=an_object, v=verb: [*f(world), v],
                to=OFFICE, others=403, **({"auditor": 404} if unseen else {}),
            )  # fmt: skip
    return rows


def _first(model: type[Model]) -> Args:
    """A row that has nothing to do with the case: what is hidden is tested in ``tests/admin/test_conflicts.py``."""
    return lambda world: [model._default_manager.order_by("-pk").values_list("pk", flat=True)[0]]
