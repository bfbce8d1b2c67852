"""Reminders of unanswered invitations: three at most, then silence."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Concat

from charter.models import Cycle
from common import clock, outbox
from common.models import OutboxMail
from nominations import states
from nominations.models import AccessLink


def remind_nominees() -> int:
    """Mail the reminder that is due on days 5, 12 and 18 (or as the cycle says); safe to run twice.

    Where the worker stood still over a reminder's day, only the latest one goes out. Returns how many.
    """
    return sum(
        _remind(cycle, day, following)
        for cycle in Cycle.objects.filter(nominations__state=states.INVITED).distinct()
        for day, following in _spans(cycle)
    )


def _spans(cycle: Cycle) -> list[tuple[int, int]]:
    days = sorted(day for day in set(cycle.reminder_days) if day < cycle.invitation_days)
    return list(zip(days, [*days[1:], cycle.invitation_days], strict=True))


def _remind(cycle: Cycle, day: int, following: int) -> int:
    now = clock.now()
    sent = OutboxMail.objects.filter(
        cause=Concat(Value("nominations.reminder:"), OuterRef("nomination__key"), Value(f":{day}"))
    )
    due = (
        AccessLink.objects.filter(
            purpose=AccessLink.Purpose.INVITATION,
            used_at=None,
            ends_at__gt=now,
            nomination__cycle=cycle,
            nomination__state=states.INVITED,
            nomination__invited_at__lte=now - dt.timedelta(days=day),
            nomination__invited_at__gt=now - dt.timedelta(days=following),
            made_at__gte=F("nomination__invited_at"),
        )
        .exclude(Exists(sent))
        .select_related("nomination", "nomination__nominee")
    )
    posts = [
        outbox.Post(
            "nominations.reminder",
            link.email,
            f"nominations.reminder:{link.nomination.key}:{day}",
            keys={"link": link.key, "nomination": link.nomination.key, "day": day},
            language=link.nomination.nominee.mail_language if link.nomination.nominee else "en",
            person_key=link.nomination.nominee.key if link.nomination.nominee else "",
        )
        for link in due
    ]
    outbox.post_many(posts)
    return len(posts)
