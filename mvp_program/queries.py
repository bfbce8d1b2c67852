"""History and mail that need rooms from several apps to say who may see them.

A row of the history or a mail that is about a case out of the user's sight is out of sight too.
"""

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from awards.queries import awards_of_public_profile, person_of_awards
from common import prepared
from common.models import Bounce, HistoryRow, OutboxMail
from common.prepared import Kept, ModelsAndVersion
from nominations.models import AccessLink, Support
from nominations.queries import nominations_hidden_from
from people.models import Person
from people.queries import person_of
from selection.models import Candidacy, Release
from selection.notice_emails import TASKS
from selection.queries import without_own_missing
from selection.queries.behind import REMINDER, new_tasks_explained_to, reminder_explained_to
from selection.queries.kept import is_kept
from selection.queries.releases import releases_visible_to

_FAILED = Q(state=OutboxMail.State.FAILED) | Q(state=OutboxMail.State.WITHHELD, error=OutboxMail.BOUNCING)


def history_shown_to(user: Any) -> QuerySet[HistoryRow]:
    """Every row but those that name a hidden case, and reminders that only a hidden task explains."""
    hidden = keys_hidden_from(user)
    if not hidden:
        return HistoryRow.objects.all()
    others = HistoryRow.objects.exclude(key__in=hidden).alias(
        of_stage=KT("codes__stage"), of_moment=KT("codes__moment")
    )
    explained = reminder_explained_to(user, stage="of_stage", person="key", at="at", moment="of_moment")
    return others.filter(_without(hidden, "codes", ("case", "into", "from")), ~Q(kind="reminder") | explained)


def mails_shown_to(user: Any) -> QuerySet[OutboxMail]:
    """Every mail but those about a hidden case, and those to reviewers that only a hidden task explains."""
    hidden = keys_hidden_from(user)
    if not hidden:
        return OutboxMail.objects.all()
    names = {"stage": "of_stage", "person": "person_key", "at": "created_at"}
    return OutboxMail.objects.alias(of_stage=KT("keys__stage"), of_moment=KT("keys__moment")).filter(
        _without(hidden, "keys", ("nomination", "candidacy", "link", "support", "case")),
        ~Q(kind=REMINDER) | reminder_explained_to(user, moment="of_moment", **names),
        ~Q(kind=TASKS) | new_tasks_explained_to(user, **names),
    )


def bounces_shown_to(user: Any) -> QuerySet[Bounce]:
    """Every report but those about mail of a hidden case."""
    if not keys_hidden_from(user):
        return Bounce.objects.all()
    return Bounce.objects.filter(Q(mail=None) | Q(mail__in=mails_shown_to(user)))


def visible_mail_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Whose sending again may the user follow in the history? Of mail that they may see."""
    if not user.is_staff:
        return set()
    ids = [f"<{key}@{settings.MAIL_DOMAIN}>" for key in keys]
    return {mail.key for mail in mails_shown_to(user).filter(message_id__in=ids)}


def failed_mails_shown_to(user: Any) -> QuerySet[OutboxMail]:
    """What could not be sent, or is withheld because its address bounces; newest first."""
    return mails_shown_to(user).filter(_FAILED).order_by("-id")


def bouncing_shown_to(user: Any) -> QuerySet[Bounce]:
    """Reports of addresses that were not lifted yet, newest first."""
    return bounces_shown_to(user).filter(lifted_at=None).select_related("mail").order_by("-id")


def mail_waiting_for(user: Any) -> dict[str, int]:
    """How many reports of addresses that bounce and how many failed mails a reader may know of. Most often there are none at
    all, and then nobody's ties are asked for."""
    has_bounces = Bounce.objects.filter(lifted_at=None).exists()
    has_failed = OutboxMail.objects.filter(_FAILED).exists()
    return {
        "bouncing": bouncing_shown_to(user).count() if has_bounces else 0,
        "failed": failed_mails_shown_to(user).count() if has_failed else 0,
    }


def failed_mail_shown_to(user: Any, key: str) -> OutboxMail | None:
    """One of them, by its public key."""
    return failed_mails_shown_to(user).filter(message_id__startswith=f"<{key}@").first()


def bounce_shown_to(user: Any, key: str) -> Bounce | None:
    """One report that was not lifted yet, by its digest."""
    return bouncing_shown_to(user).filter(event=key).first()


def _without(hidden: list[str], field: str, names: Iterable[str]) -> Q:
    """No value under any of these names of a JSON field is one of ``hidden``; a name may be missing."""
    parts = [~Q((f"{field}__has_key", name)) | ~Q((f"{field}__{name}__in", hidden)) for name in names]
    return reduce(and_, parts)


def keys_hidden_from(user: Any) -> list[str]:
    """Keys of cases in which this user has a hard conflict, of what hangs on them, of releases that hold nothing
    else, of candidacies whose other reviews wait for the user's own, and of those whose outcome is kept from them."""
    person = person_of(user)
    if person is None:
        return []
    cases = nominations_hidden_from(person)
    waiting: QuerySet[Any] = without_own_missing(
        Candidacy.objects.filter(assignments__reviewer=person), person
    )
    rows: list[QuerySet[Any]] = [
        cases,
        Candidacy.objects.filter(nomination__in=cases),
        Support.objects.filter(nomination__in=cases),
        AccessLink.objects.filter(nomination__in=cases),
        waiting.filter(own_missing=True),
        Candidacy.objects.filter(is_kept(person)),
        Release.objects.exclude(pk__in=releases_visible_to(user).values("pk")),
    ]
    first, *others = [row.order_by().values_list("key", flat=True) for row in rows]
    return list(first.union(*others))


# A row that is changed gets another xmin, or another place where its transaction changes it twice.
_PROFILE_VERSION = """
    SELECT concat(p.xmin, p.ctid), concat(t.xmin, t.ctid), o.digest,
        (SELECT string_agg(concat(a.xmin, a.ctid), ',' ORDER BY a.id) FROM awards_award a WHERE a.person_id = p.id),
        (SELECT string_agg(concat(l.xmin, l.ctid), ',' ORDER BY l.id) FROM people_personlink l WHERE l.person_id = p.id),
        c.digest, c.newest,
        (SELECT string_agg(concat(k.xmin, k.ctid), ',' ORDER BY k.id) FROM contributions_contributiontype k),
        (SELECT string_agg(concat(r.xmin, r.ctid, s.xmin, s.ctid), ',' ORDER BY r.id)
            FROM events_registration r JOIN events_summit s ON s.id = r.summit_id WHERE r.person_id = p.id)
    FROM people_person p
    LEFT JOIN charter_program t ON t.id = 1
    LEFT JOIN people_photo o ON o.person_id = p.id
    CROSS JOIN LATERAL (
        SELECT md5(string_agg(concat(c.id, ' ', c.xmin, c.ctid), ',' ORDER BY c.id)) AS digest, max(starts) AS newest
        FROM contributions_contribution c WHERE c.person_id = p.id
    ) c
    WHERE p.slug = %s
"""

_HOME_VERSION = """
    SELECT (SELECT string_agg(concat(xmin, ctid), ',' ORDER BY id) FROM charter_program),
        (SELECT md5(string_agg(concat(xmin, ctid), ',' ORDER BY id)) FROM charter_cycle),
        (SELECT md5(string_agg(concat(xmin, ctid), ',' ORDER BY id)) FROM events_summit)
"""


def home_version() -> list[tuple[Any, ...]]:
    """Changes with what the home page shows besides the figures of the minute."""
    return prepared.fetch(_HOME_VERSION, [])


_REPORTS_VERSION = """
    SELECT (SELECT md5(string_agg(concat(xmin, ctid), ',' ORDER BY id)) FROM selection_release),
        (SELECT md5(string_agg(concat(xmin, ctid), ',' ORDER BY id)) FROM selection_transparencyreport),
        (SELECT md5(string_agg(concat(xmin, ctid), ',' ORDER BY id)) FROM charter_cycle)
"""


def reports_version() -> list[tuple[Any, ...]]:
    """Changes with everything that is said of the reports of cycles."""
    return prepared.fetch(_REPORTS_VERSION, [])


_DATES_VERSION = """
    SELECT concat(c.xmin, c.ctid), concat(t.xmin, t.ctid),
        (SELECT string_agg(concat(s.xmin, s.ctid), ',' ORDER BY s.id) FROM selection_stage s WHERE s.cycle_id = c.id)
    FROM charter_cycle c LEFT JOIN charter_program t ON t.id = 1 WHERE c.slug = %s
"""


def dates_version(slug: str) -> list[tuple[Any, ...]]:
    """Changes with every date of a cycle and the names of its stages."""
    return prepared.fetch(_DATES_VERSION, [slug])


class ProfileVersion(NamedTuple):
    """A mark of each part of a profile that changes with it; None of what there is nothing of. ``newest``: the last day on
    which a contribution began, whoever may see it."""

    person: str
    program: str
    photo: str | None
    awards: str | None
    links: str | None
    contributions: str | None
    newest: dt.date | None
    types: str | None
    summits: str | None


def profile_version(slug: str) -> ProfileVersion | None:
    """Changes with everything that a profile shows; None where nobody has this address."""
    rows = prepared.fetch(_PROFILE_VERSION, [slug])
    return ProfileVersion(*rows[0]) if rows else None


_PROFILE_AND_VERSION = ModelsAndVersion(
    _PROFILE_VERSION, lambda: awards_of_public_profile(Kept.ANY_WORD), Kept.ANY_WORD
)


def profile_and_version(slug: str) -> tuple[Person | None, ProfileVersion | None]:
    """``profile_visible_to`` a stranger and its version, in one statement; neither where there is no such profile."""
    version, awards = _PROFILE_AND_VERSION.fetch(slug)
    return person_of_awards(awards), ProfileVersion(*version) if version else None
