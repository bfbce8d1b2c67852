"""How a case ends before a release: withdrawn, expired, ineligible; and how its personal data end."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Cycle, ReasonCode
from charter.queries import grace, reasons_for
from common import clock, history, outbox
from common.actor import Actor
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations import conflicts, states
from nominations.actions.answers import ERASE_AFTER
from nominations.actions.moves import already_done, change_state, locked, require_move, require_state
from nominations.actions.telling import tell_nominators, tell_nominee
from nominations.models import AccessLink, Nomination, Sending, Support, TriageBatch
from nominations.queries import drafts_about, nominators_of
from people.actions import forget_person
from people.models import Person
from people.names import name_remover
from people.queries import mail_address_of

DRAFTS_KEPT = dt.timedelta(days=60)
WARNED_BEFORE = dt.timedelta(days=7)


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, by: Actor | None, note: str = "") -> Nomination:
    """Any state before the release → withdrawn, at the nominee's word or the office's."""
    case = locked(nomination)
    if already_done(case, states.WITHDRAWN, verb="withdraw_nomination", by=by):
        return case
    require_state(case, *states.BEFORE_RELEASE)
    change_state(
        case,
        states.WITHDRAWN,
        verb="withdraw_nomination",
        by=by,
        text=note.replace("\x00", "").strip()[:2000],
        for_nominee=True,
        ended_at=clock.now(),
    )
    _end_links(case)
    tell_nominee(case, "nominations.withdrawn")
    tell_nominators(case, "nominations.ended")
    return case


@transaction.atomic
def take_back_nomination(nomination: Nomination, *, by: User) -> Nomination:
    """A nominator takes back what they brought, before the nominee has answered.

    If nobody else has nominated this person, the case is withdrawn. Otherwise it goes on without their text;
    the nominator's own page reads the same in both cases.
    """
    case = locked(nomination)
    support = Support.objects.select_for_update(of=("self",)).get(nomination=case, person__user=by)
    if support.declined_at is not None:
        return case
    support.declined_at = clock.now()
    support.save(update_fields=["declined_at"])
    history.record("nomination", case.key, "take_back_nomination", by=by)
    standing = locked(case.merged_into) if case.state == states.MERGED and case.merged_into else case
    if standing.pk == case.pk:
        require_state(case, states.INVITED)
    else:
        require_state(standing, states.INVITED, states.ACCEPTED, states.COMPLETE)
    if not nominators_of(standing) and standing.pk == case.pk:
        return withdraw_nomination(case, by=by)
    conflicts.recompute([standing.pk])
    return case


@transaction.atomic
def mark_ineligible(
    nomination: Nomination, *, by: Actor | None, reason_code: str, note: str = ""
) -> Nomination:
    """The office has found a rule that the case does not meet. The nominee reads the reason's sentence."""
    case = locked(nomination)
    if already_done(case, states.INELIGIBLE, verb="mark_ineligible", by=by):
        return case
    require_move(case, states.INELIGIBLE)
    if not reasons_for(ReasonCode.Use.INELIGIBLE).filter(code=reason_code).exists():
        raise RuleBroken(_("Choose the rule that the case does not meet."))
    change_state(
        case,
        states.INELIGIBLE,
        verb="mark_ineligible",
        by=by,
        codes={"reason": reason_code},
        text=note.replace("\x00", "").strip()[:2000],
        for_nominee=True,
        ended_at=clock.now(),
    )
    _end_links(case)
    tell_nominee(case, "nominations.ineligible")
    tell_nominators(case, "nominations.ended")
    return case


def expire_nominations() -> int:
    """Let lapse what was not answered in time, or not complete when dossiers closed. Each case is its own
    transaction, so one that fails holds up no other; run twice it finds nothing left. Returns how many."""
    now = clock.now()
    count = 0
    for cycle in Cycle.objects.filter(nominations__state__in=(states.INVITED, states.ACCEPTED)).distinct():
        late = Q(state=states.INVITED, invited_at__lte=now - dt.timedelta(days=cycle.invitation_days))
        late &= Q(hold=None) | ~Q(hold__decision="")  # whose mail waits for the office was never asked
        if now > cycle.dossiers_close_at + grace(cycle):
            late |= Q(state__in=(states.INVITED, states.ACCEPTED))
        for case in Nomination.objects.filter(late, cycle=cycle).order_by("pk").iterator(chunk_size=500):
            count += _expire(case, late)
    return count


@transaction.atomic
def _expire(nomination: Nomination, late: Q) -> int:
    case = locked(nomination)
    if not Nomination.objects.filter(late, pk=case.pk).exists():
        return 0  # answered a moment ago
    had_accepted, now = case.state == states.ACCEPTED, clock.now()
    change_state(
        case, states.EXPIRED, verb="expire_nomination", by=None, ended_at=now, erase_at=now + ERASE_AFTER
    )
    _end_links(case)
    if had_accepted:
        tell_nominee(case, "nominations.expired")
    tell_nominators(case, "nominations.ended")
    return 1


def warn_of_held_drafts() -> int:
    """Tell nominators, a week before, that what they sent ends unread: the office has not looked at it in time.

    Safe to run twice. Returns how many were told.
    """
    drafts = _held_too_long(ahead=WARNED_BEFORE).exclude(Exists(_warnings())).select_related("draft_by")
    posts = [
        outbox.Post(
            "nominations.held_too_long",
            mail_address_of(draft.draft_by) or draft.draft["sent"]["email"],
            f"nominations.held_too_long:{draft.key}",
            keys={"nomination": draft.key},
            language=draft.draft_by.mail_language,
            person_key=draft.draft_by.key,
        )
        for draft in drafts
        if draft.draft_by is not None
    ]
    outbox.post_many(posts)
    return len(posts)


def _held_too_long(*, ahead: dt.timedelta = dt.timedelta()) -> QuerySet[Nomination]:
    """Drafts that wait for the office though dossiers closed 30 days ago, or will have in ``ahead``."""
    closed = clock.now() - ERASE_AFTER + ahead
    return Nomination.objects.filter(
        state=states.DRAFT, hold__decision="", cycle__dossiers_close_at__lt=closed
    )


def _warnings() -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(cause=Concat(Value("nominations.held_too_long:"), OuterRef("key")))


def erase_ended_cases() -> int:
    """Erase the personal data of refused and expired cases whose day has come, and drafts nobody went on with.

    Safe to run twice. Returns how many cases were erased.
    """
    now = clock.now()
    drafts = Nomination.objects.filter(state=states.DRAFT)
    drafts.filter(hold=None, saved_at__lt=now - DRAFTS_KEPT).delete()
    drafts.filter(hold__decision=TriageBatch.Decision.REJECT, hold__decided_at__lt=now - ERASE_AFTER).delete()
    warn_of_held_drafts()
    _held_too_long().filter(Exists(_warnings().filter(created_at__lte=now - WARNED_BEFORE))).delete()
    Sending.objects.filter(at__lt=now - dt.timedelta(days=1)).delete()
    due = Nomination.objects.filter(state__in=states.ERASED_AFTER_30_DAYS, erase_at__lte=now)
    count = 0
    for case in due.order_by("pk").iterator(chunk_size=500):
        _erase(case)
        count += 1
    return count


@transaction.atomic
def _erase(nomination: Nomination) -> None:
    """Leave of a case its key, cycle, area, state and dates."""
    case = locked(nomination)
    if case.erase_at is None:
        return
    for row in [case, *Nomination.objects.filter(merged_into=case)]:
        row.conflicts.all().delete()
        empty_case(row)
        history.record("nomination", row.key, "erase_case", by=None)
    if case.nominee is not None and not is_known_otherwise(case.nominee):
        forget_in_drafts(case.nominee, list(case.nominee.addresses.values_list("email", flat=True)))
        forget_person(case.nominee, by=None)


def empty_case(case: Nomination) -> None:
    """Take out of a case all that says whose it is: dossier, what others wrote of it, links, mail, texts."""
    supports = list(case.supports.values_list("key", flat=True))
    links = list(case.access_links.values_list("key", flat=True))
    OutboxMail.objects.filter(
        Q(keys__nomination=case.key) | Q(keys__support__in=supports) | Q(keys__link__in=links)
    ).delete()
    case.dossier_items.all().delete()
    case.access_links.all().delete()
    case.supports.all().delete()
    for kind in ("nomination", "conflict"):
        history.forget_texts(kind, [case.key])
    case.nominee_name, case.nominee_email, case.country, case.draft = "", "", "", {}
    case.draft_by, case.erase_at = None, None
    case.save()


def forget_in_drafts(person: Person, emails: Iterable[str]) -> None:
    """What others have typed about somebody and not sent yet: name and address go, also out of their text. A link that
    would have sent it goes too; held ones are deleted."""
    remove = name_remover(person, emails)
    about = drafts_about(emails)
    about.filter(hold__isnull=False).delete()
    for case in about.select_for_update(of=("self",)):
        answers = dict(case.draft.get("answers") or {})
        answers |= {
            "nominee_name": "",
            "nominee_email": "",
            "statement": remove(answers.get("statement", "")),
        }
        case.draft, case.nominee_name, case.nominee_email = {"answers": answers}, "", ""
        case.save(update_fields=["draft", "nominee_name", "nominee_email"])
        case.access_links.filter(purpose=AccessLink.Purpose.CONFIRM).delete()


def is_known_otherwise(person: Person) -> bool:
    """Does an award, a contribution, another case or something they wrote keep this person known?"""
    return (
        person.awards.exists()
        or person.contributions.exists()
        or person.supports.exists()
        or person.nominations.exclude(nominee_name="").exists()
    )


def _end_links(case: Nomination) -> None:
    now = clock.now()
    AccessLink.objects.filter(nomination=case, ends_at__gt=now).update(ends_at=now)
