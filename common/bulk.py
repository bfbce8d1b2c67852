"""Set-based writes to the outbox for the past of a demo; beside ``delivery`` the only writer of a mail's state."""

import datetime as dt

from django.db.models import F

from common.models import OutboxMail


def mark_past_as_sent(until: dt.datetime) -> int:
    """The letters of a demo's past went out on the day they were written, not when its worker first runs."""
    past = OutboxMail.objects.filter(state=OutboxMail.State.QUEUED, created_at__lt=until)
    return past.update(state=OutboxMail.State.SENT, sent_at=F("created_at"))
