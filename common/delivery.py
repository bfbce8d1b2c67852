"""The worker's side of the outbox: render, send, try again later, give up with a reason.

A mail is sent at least once: a crash between the mail server's yes and our commit repeats it, with the same
Message-ID, which mail software shows once.
"""

import datetime as dt
import logging
import smtplib
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from common import clock, registry
from common.models import OutboxMail
from common.outbox import Letter

log = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)
MINUTES_BETWEEN_ATTEMPTS = (1, 5, 30, 2 * 60, 6 * 60, 24 * 60)  # then it has failed


class ServerAway(Exception):
    """The mail server takes nothing at all now; going on to the next mail would be in vain."""


def send_waiting() -> int:
    """Send what is due, oldest first; return how many were sent. Several workers share the work."""
    sent = 0
    server = get_connection()
    try:
        while (state := send_next(server)) is not None:
            sent += state == OutboxMail.State.SENT
    except ServerAway:
        pass
    finally:
        server.close()
    return sent


def send_next(server: BaseEmailBackend) -> str | None:
    """Send one mail and return its new state, ``None`` if nothing is due. One mail, one transaction."""
    now = clock.now()
    away = False
    with transaction.atomic():
        due = OutboxMail.objects.filter(state=OutboxMail.State.QUEUED, try_at__lte=now)
        mail = due.select_for_update(skip_locked=True).order_by("try_at", "id").first()
        if mail is None:
            return None
        if any(no_more(mail.person_key, mail.to) for no_more in registry.no_more_mail):
            mail.state = OutboxMail.State.WITHHELD
        else:
            away = _attempt(mail, server)
        mail.save(update_fields=["state", "attempts", "error", "try_at", "sent_at"])
    if away:
        raise ServerAway
    return mail.state


def forget_recipient(person_key: str, emails: Iterable[str]) -> int:
    """Take the address and the keys out of all mail to somebody; what waits is withheld. Returns how many."""
    mine = Q(to__in=list(emails))
    if person_key:
        mine |= Q(person_key=person_key)
    mails = OutboxMail.objects.filter(mine)
    mails.filter(state=OutboxMail.State.QUEUED).update(state=OutboxMail.State.WITHHELD)
    return mails.update(to="", person_key="", keys={}, error="")


def forget_codes() -> int:
    """Empty the keys of old mail about signing in; its codes ended long ago. Returns how many."""
    old = OutboxMail.objects.filter(kind__startswith="account_", created_at__lt=clock.now() - DAY)
    return old.exclude(keys={}).exclude(state=OutboxMail.State.QUEUED).update(keys={})


def write(mail: OutboxMail) -> Letter:
    """The letter of a mail, by the app that owns its kind."""
    return registry.mails[mail.kind](mail.keys, mail.language)


def message_of(mail: OutboxMail, letter: Letter, server: BaseEmailBackend | None) -> EmailMultiAlternatives:
    """The message as it goes over the wire: text first, HTML beside it, always the same Message-ID."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        headers=headers,
        connection=server,
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _attempt(mail: OutboxMail, server: BaseEmailBackend) -> bool:
    """Try once and note on the row how it went; True if the server is away."""
    mail.attempts += 1
    try:
        with transaction.atomic():  # a query that fails in a letter must not undo the note about it
            letter = write(mail)
    except Exception as error:
        log.exception("Mail %s of kind %s could not be written", mail.pk, mail.kind)
        _put_off(mail, error)
        return False
    try:
        message_of(mail, letter, server).send()
    except (smtplib.SMTPRecipientsRefused, ValueError) as error:  # ValueError: a header with a line break
        _put_off(mail, error, for_good=_is_final(error))
        return False
    except (smtplib.SMTPException, OSError) as error:
        _put_off(mail, error)
        server.close()
        return not isinstance(error, smtplib.SMTPDataError)
    mail.state, mail.sent_at, mail.error = OutboxMail.State.SENT, clock.now(), ""
    return False


def _is_final(error: Exception) -> bool:
    """A refused header, or an address that the server will never take (5xx); 4xx means later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return True


def _put_off(mail: OutboxMail, error: Exception, *, for_good: bool = False) -> None:
    mail.error = f"{type(error).__name__}: {error}"[:300]
    if for_good or mail.attempts > len(MINUTES_BETWEEN_ATTEMPTS):
        mail.state = OutboxMail.State.FAILED
    else:
        mail.try_at = clock.now() + dt.timedelta(minutes=MINUTES_BETWEEN_ATTEMPTS[mail.attempts - 1])
