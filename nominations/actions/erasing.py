"""What becomes of cases when somebody in them is erased; called through ``common.registry``."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock, history
from common.actor import Actor
from common.models import OutboxMail
from nominations import states
from nominations.actions.endings import forget_in_drafts, withdraw_nomination
from nominations.actions.moves import change_state, locked
from nominations.models import AccessLink, Nomination, Support
from people.models import Person
from people.names import name_remover

ENDS_WITHOUT_A_PLACE = (states.ON_RESERVE, states.SECOND_LOOK)


def erase_person_from_cases(person: Person, *, by: Actor | None = None) -> None:
    """Registered for erasures, while name and addresses are still known.

    Of their own cases a shell stays: key, area, state, dates and ties, so that what was decided can still be
    computed. What they wrote for others stays as long as the case needs it, without their name in it.
    """
    emails = list(person.addresses.values_list("email", flat=True))
    for case in Nomination.objects.filter(nominee=person).order_by("pk"):
        _end(case, by=by)
        _empty(case)
        history.record("nomination", case.key, "erase_case", by=by)
    Nomination.objects.filter(nominee_email__in=emails).update(nominee_email="")
    forget_in_drafts(person, emails)
    _erase_drafts(person)
    _erase_from_supports(person, emails)
    AccessLink.objects.filter(email__in=emails).delete()


def _empty(case: Nomination) -> None:
    """What says whose case it is goes. Who nominated keeps a row without their words, so that they can be told."""
    links = list(case.access_links.values_list("key", flat=True))
    OutboxMail.objects.filter(keys__link__in=links).delete()
    case.access_links.all().delete()
    case.dossier_items.all().delete()
    case.supports.filter(kind=Support.Kind.ENDORSER, given_at=None).delete()
    case.supports.update(statement="", relation="", employer="", links=[])
    for kind in ("nomination", "conflict"):
        history.forget_texts(kind, [case.key])
    case.nominee_name, case.nominee_email, case.country, case.draft = "", "", "", {}
    case.save()


def _end(nomination: Nomination, *, by: Actor | None) -> None:
    """No case goes on without its nominee: before the release it is withdrawn, after it no place comes."""
    case, why = locked(nomination), _("The data of the nominee were erased.")
    if case.state in states.BEFORE_RELEASE:
        withdraw_nomination(case, by=by, note=why)
    elif case.state in ENDS_WITHOUT_A_PLACE:
        change_state(
            case,
            states.NOT_AWARDED,
            verb="erase_case",
            by=by,
            text=why,
            for_nominee=True,
            ended_at=clock.now(),
        )
    nomination.refresh_from_db()


def _erase_drafts(person: Person) -> None:
    Nomination.objects.filter(draft_by=person, state=states.DRAFT).delete()
    Nomination.objects.filter(draft_by=person).update(draft_by=None, draft={})


def _erase_from_supports(person: Person, emails: Iterable[str]) -> None:
    """The words that a case in progress is judged by stay; name and address never do."""
    remove = name_remover(person, emails)
    rows = Support.objects.filter(Q(person=person) | Q(email__in=list(emails))).select_related("nomination")
    for support in rows.order_by("pk"):
        needed = support.given_at is not None and support.nomination.state in states.OPEN
        support.name = support.email = support.relation = support.employer = ""
        support.links = support.links if needed else []
        support.statement = remove(support.statement) if needed else ""
        support.save()
