"""Training cases are marked once, before the first real review."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history
from common.errors import Outdated, RuleBroken
from people.models import Person
from selection.actions.locks import acting_person, hold_stage, refuse_unless_running
from selection.models import Stage, TrainingAnswer, TrainingCase
from selection.queries.training import training_left

LOWEST, HIGHEST = 1, 5


@transaction.atomic
def answer_training(stage: Stage, case: TrainingCase, *, by: User, marks: dict[str, int]) -> TrainingAnswer:
    """Keep a reviewer's marks of a training case; after that the panel's are shown. They count nowhere."""
    person = acting_person(by)
    refuse_unless_running(hold_stage(stage.pk))
    wanted = set(case.rubric.criteria.values_list("code", flat=True))
    if set(marks) != wanted or any(not LOWEST <= mark <= HIGHEST for mark in marks.values()):
        raise RuleBroken(_("Mark every criterion with a whole number from 1 to 5."))
    try:
        with transaction.atomic():
            answer = TrainingAnswer.objects.create(
                person=person, case=case, marks=marks, answered_at=clock.now()
            )
    except IntegrityError as twice:
        raise Outdated(_("You have marked this training case already.")) from twice
    history.record("training", person.key, "answer", by=by, codes={"case": case.slug})
    return answer


def refuse_untrained(stage: Stage, person: Person) -> None:
    """The first review of a stage waits for its training cases."""
    left = training_left(person, stage)
    if left is not None:
        raise RuleBroken(
            _("Mark the training cases first. The next one is “%(title)s”.") % {"title": left.title}
        )
