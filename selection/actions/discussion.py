"""The discussion of a case: letters when all reviews are in, posts, and taking one's words back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history, prepared
from common.errors import Outdated, RuleBroken
from common.joined import Joined
from people.models import Person
from selection import states
from selection.actions.locks import (
    acting_person,
    hold_stage,
    lock_candidacy,
    refuse_tie,
    refuse_unless_running,
)
from selection.models import Assignment, Candidacy, DiscussionPost, Stage
from selection.queries.discussion import LEAST, is_chair, is_open, letter_at, place_of

LONGEST = 4000


TASK = Joined(task=Assignment)
TASKS = f"SELECT {TASK.columns} FROM selection_assignment AS task WHERE candidacy_id = %s ORDER BY id"  # noqa: S608


def open_discussion(candidacy: Candidacy) -> None:
    """Give letters once no task of a locked scored case is open: in an order that says nothing, later ones the next.

    A letter is never given twice and never taken back.
    """
    if candidacy.stage.kind != Stage.Kind.SCORE:
        return
    tasks = [TASK.split(row)[0] for row in prepared.fetch(TASKS, [candidacy.pk])]
    done = [task for task in tasks if task.state == states.DONE]
    waiting = any(task.state == states.ASSIGNED for task in tasks)
    given = [task for task in tasks if task.letter]
    if not given and (waiting or len(done) < LEAST):
        return
    new = sorted((task for task in done if not task.letter), key=place_of)
    for place, task in enumerate(new, start=len(given)):
        task.letter = letter_at(place)
    Assignment.objects.bulk_update(new, ["letter"])


@transaction.atomic
def post_to_discussion(candidacy: Candidacy, *, by: User, text: str) -> DiscussionPost:
    """Say something as "Reviewer A" or "Chair". Whoever's own review is not in takes no part."""
    person = acting_person(by)
    stage = hold_stage(candidacy.stage_id)
    candidacy = lock_candidacy(candidacy)
    refuse_unless_running(stage, candidacy)
    refuse_tie(candidacy, person)
    assignment = _own_part(candidacy, by, person)
    if not is_open(candidacy):
        raise RuleBroken(_("The discussion has not begun."))
    text = text.strip()
    if not text:
        raise RuleBroken(_("Write something first."))
    if len(text) > LONGEST:
        raise RuleBroken(_("A post has at most %(count)d characters.") % {"count": LONGEST})
    post = DiscussionPost.objects.create(
        candidacy=candidacy, assignment=assignment, author=person, text=text, made_at=clock.now()
    )
    codes = {"reviewer": person.key if assignment else "", "post": post.pk}
    history.record("review", candidacy.key, "post", by=by, codes=codes)
    return post


def _own_part(candidacy: Candidacy, by: User, person: Person) -> Assignment | None:
    """The task whose letter speaks; none for the chair."""
    own = candidacy.assignments.filter(reviewer=person, state__in=(states.ASSIGNED, states.DONE)).first()
    if own is not None and own.state == states.DONE:
        return own
    if own is not None or not is_chair(by, candidacy):
        raise RuleBroken(_("The discussion is for those whose own review is in."))
    return None


@transaction.atomic
def withdraw_post(candidacy: Candidacy, post: int, *, by: User) -> None:
    """Take one's words back: the post stays, empty."""
    person = acting_person(by)
    found = (
        DiscussionPost.objects.select_for_update()
        .filter(pk=post, candidacy=candidacy, author=person, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise Outdated(_("There is no such post of yours."))
    found.text, found.withdrawn_at = "", clock.now()
    found.save(update_fields=["text", "withdrawn_at"])
    codes = {"reviewer": person.key if found.assignment_id else "", "post": found.pk}
    history.record("review", candidacy.key, "withdraw_post", by=by, codes=codes)
