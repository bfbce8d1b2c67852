"""What is typed is kept, and can be gone on with elsewhere."""

import datetime as dt
import json
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charter.models import Cycle
from common import clock, outbox, prepared
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from nominations import links, states
from nominations.actions.moves import locked, require_state, too_late
from nominations.models import AccessLink, Nomination
from nominations.queries import drafts_typed_under
from people.models import Person
from people.queries import normalise_email

LONGEST_ANSWER = 20_000  # a draft keeps what was typed, within reason

# Merged by the database, in one statement: two tabs that save at once each keep what was typed in the other.
CHANGE_DRAFT = """
    UPDATE nominations_nomination
    SET draft = jsonb_set(draft, '{answers}', coalesce(draft->'answers', '{}') || %s::jsonb),
        nominee_name = coalesce(%s::text, nominee_name),
        cycle_id = %s::bigint, draft_by_id = coalesce(draft_by_id, %s::bigint), saved_at = %s::timestamptz
    WHERE key = %s AND state = 'draft'
    RETURNING draft
"""


def save_draft(
    key: str, *, cycle: Cycle, answers: dict[str, Any], by: Person | None, draft: Nomination | None = None
) -> Nomination:
    """Keep what was typed, whatever it is. The first save makes the row; ``key`` makes a second click find it.

    A draft moves on to the cycle given, so that what was typed for a closed one is not lost. Raises ``Outdated`` for
    one that was sent or deleted meanwhile.
    """
    answers = _storable(answers)
    row = draft or _new_draft(key, cycle=cycle, answers=answers, by=by)
    if row is not None and row is not draft:
        return row
    row = row or Nomination.objects.get(key=key)
    row.cycle, row.saved_at = cycle, clock.now()
    name = str(answers["nominee_name"])[:200] if "nominee_name" in answers else None
    values = [json.dumps(answers), name, cycle.pk, by.pk if by else None, row.saved_at, key]
    rows = prepared.fetch(CHANGE_DRAFT, values)
    if not rows:
        _raise_gone(key)
    row.draft = json.loads(rows[0][0])
    return row


def _new_draft(key: str, *, cycle: Cycle, answers: dict[str, Any], by: Person | None) -> Nomination | None:
    """The row of a first save; none if there is one of this key."""
    row = Nomination(
        key=key,
        cycle=cycle,
        draft={"answers": answers},
        draft_by=by,
        nominee_name=str(answers.get("nominee_name", ""))[:200],
        saved_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


def _raise_gone(key: str) -> NoReturn:
    """Somebody was faster: say what happened to the draft."""
    case = Nomination.objects.filter(key=key).first()
    raise too_late(case) if case else Outdated(_("This draft was deleted. Nothing of it is kept."))


@transaction.atomic
def discard_draft(nomination: Nomination, *, by: Actor | None) -> None:
    """Throw a draft away; nothing of it remains."""
    case = locked(nomination)
    require_state(case, states.DRAFT)
    case.delete()


@transaction.atomic
def mail_resume_link(nomination: Nomination, *, email: str) -> None:
    """Mail a link with which a draft can be gone on with elsewhere; once a day at most."""
    require_few_mails(email)
    link = links.new_link(
        nomination,
        purpose=AccessLink.Purpose.RESUME,
        email=normalise_email(email),
        lasts=dt.timedelta(days=links.RESUME_DAYS),
    )
    cause = f"nominations.resume:{nomination.key}:{normalise_email(email)}:{clock.today()}"
    keys = {"link": link.key, "nomination": nomination.key}
    outbox.post("nominations.resume", to=link.email, cause=cause, keys=keys, language=get_language() or "en")


@transaction.atomic
def mail_drafts(email: str) -> None:
    """Mail links to all that was begun under an address. Nobody is told whether there was anything."""
    email = normalise_email(email)
    for draft in drafts_typed_under(email):
        if not links.mailed_too_often(email):
            mail_resume_link(draft, email=email)


def require_few_mails(email: str) -> None:
    if links.mailed_too_often(normalise_email(email)):
        raise RuleBroken(
            _("We have mailed this address %(number)s links today. Please use one of them.")
            % {"number": links.MAILS_A_DAY}
        )


def _storable(value: Any) -> Any:
    """Answers as JSON that PostgreSQL takes: without null bytes, within reason."""
    if isinstance(value, str):
        return value.replace("\x00", "")[:LONGEST_ANSWER]
    if isinstance(value, list):
        return [_storable(item) for item in value[:50]]
    if isinstance(value, dict):
        return {str(name): _storable(item) for name, item in value.items()}
    return value
