"""The worker's side of the outbox: render, send, try again later, give up with a reason.

A mail is sent at least once: a crash between the mail server's yes and our commit repeats it, with the same
Message-ID, which mail software shows once.
"""

import datetime as dt
import logging
import re
import smtplib
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import bounces, clock, history, jobs, letters, locks, mail_groups, registry
from common.actor import Actor
from common.digests import KIND as DIGEST
from common.errors import RuleBroken
from common.models import Bounce, OutboxMail
from common.outbox import Letter, NothingToSay, Post

log = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)
DAYS_OF_WITHHELD = 7  # once an address works again, withheld mail this young goes out
MINUTES_BETWEEN_ATTEMPTS = (1, 5, 30, 2 * 60, 6 * 60, 24 * 60)  # then it has failed


class ServerAway(Exception):
    """The mail server takes nothing at all now; going on to the next mail would be in vain."""


def send_waiting() -> int:
    """Send what is due, oldest first, over one connection; return how many were sent. Workers share the work."""
    sent = 0
    server = get_connection()
    try:
        while (state := send_next(server)) is not None:
            sent += state == OutboxMail.State.SENT
    except ServerAway:
        pass
    finally:
        _hang_up(server)
    return sent


def send_next(server: BaseEmailBackend) -> str | None:
    """Send one mail and return its new state, ``None`` if nothing is due. One mail, one transaction.

    The row stays locked while the mail server is spoken to: another worker passes it by, and where this one dies
    in the middle the lock goes with it.
    """
    now = clock.now()
    away = False
    with transaction.atomic():
        due = OutboxMail.objects.filter(state=OutboxMail.State.QUEUED, try_at__lte=now)
        mail = due.select_for_update(skip_locked=True).order_by("try_at", "id").first()
        if mail is None:
            return None
        reader = mail_groups.readers_of([mail.person_key]).get(mail.person_key)
        if any(no_more(mail.person_key, mail.to) for no_more in registry.no_more_mail):
            mail.state = OutboxMail.State.WITHHELD
        elif bounces.withholds(mail):
            mail.state, mail.error = OutboxMail.State.WITHHELD, OutboxMail.BOUNCING
        elif reader and reader.wants(mail_groups.group_of(mail.kind)) == mail_groups.OFF:
            mail.state, mail.error = OutboxMail.State.WITHHELD, OutboxMail.STOPPED
        else:
            away = _attempt(mail, reader, server)
        mail.save(update_fields=["state", "attempts", "error", "try_at", "sent_at"])
    if away:
        raise ServerAway
    return mail.state


@transaction.atomic
def send_again(mail: OutboxMail, *, by: Actor) -> None:
    """Try a mail once more that could not be sent, from the first attempt on."""
    mail = OutboxMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state != OutboxMail.State.FAILED:
        raise RuleBroken(gettext("This mail has not failed, or goes out again already."))
    mail.state, mail.attempts, mail.error, mail.try_at = OutboxMail.State.QUEUED, 0, "", clock.now()
    mail.save(update_fields=["state", "attempts", "error", "try_at"])
    history.record("mail", mail.key, "send_again", by=by, codes={"kind": mail.kind})
    jobs.defer("common.send_outbox")


def follow_choice(person_key: str, group: str, when: str) -> int:
    """Somebody chose how they want a group of mail: what waits for their mail of the day follows. Returns how many."""
    kinds = [kind for kind in registry.mails if mail_groups.group_of(kind).key == group]
    held = OutboxMail.objects.filter(person_key=person_key, state=OutboxMail.State.HELD, kind__in=kinds)
    if when == mail_groups.OFF:
        return held.update(state=OutboxMail.State.WITHHELD, error=OutboxMail.STOPPED)
    if when == mail_groups.AT_ONCE:
        jobs.defer("common.send_outbox")
        return held.update(state=OutboxMail.State.QUEUED, try_at=clock.now())
    return 0


@transaction.atomic
def lift_bounces(email: str) -> int:
    """The address works again: forget its reports, send what was withheld lately. Returns how many go out."""
    email = email.strip().lower()
    locks.hold(f"bounce:{email}")
    now = clock.now()
    if not Bounce.objects.filter(email=email, lifted_at=None).update(lifted_at=now):
        return 0
    waiting = OutboxMail.objects.filter(
        to__iexact=email,
        state=OutboxMail.State.WITHHELD,
        error=OutboxMail.BOUNCING,
        created_at__gte=now - DAYS_OF_WITHHELD * DAY,
    )
    number = waiting.update(state=OutboxMail.State.QUEUED, error="", try_at=now)
    if number:
        jobs.defer("common.send_outbox")
    return number


def forget_recipient(person_key: str, emails: Iterable[str]) -> int:
    """Take the address and the keys out of all mail to somebody; what waits is withheld. Returns how many."""
    mine = Q(to__in=list(emails))
    if person_key:
        mine |= Q(person_key=person_key)
    mails = OutboxMail.objects.filter(mine)
    waiting = mails.filter(state__in=[OutboxMail.State.QUEUED, OutboxMail.State.HELD])
    waiting.update(state=OutboxMail.State.WITHHELD)
    Bounce.objects.filter(Q(email__in=list(emails)) | Q(mail__in=mails)).delete()
    return mails.update(to="", person_key="", keys={}, error="")


def forget_bounces() -> int:
    """Forget reports of addresses that work again after a month, others after two years. Returns how many."""
    now = clock.now()
    over = Q(lifted_at__lt=now - 30 * DAY) | Q(noted_at__lt=now - 730 * DAY)
    return Bounce.objects.filter(over).delete()[0]


def forget_codes() -> int:
    """Empty the keys of old mail about signing in; its codes ended long ago. Returns how many."""
    old = OutboxMail.objects.filter(kind__startswith="account_", created_at__lt=clock.now() - DAY)
    return old.exclude(keys={}).exclude(state=OutboxMail.State.QUEUED).update(keys={})


def write(mail: OutboxMail, reader: mail_groups.Reader | None = None) -> Letter:
    """The letter of a mail, by the app that owns its kind: in its reader's language, times in their zone."""
    reader = reader or mail_groups.readers_of([mail.person_key]).get(mail.person_key)
    with written_as(mail, reader):
        return registry.mails[mail.kind](mail.keys, mail.language)


def written_as(mail: OutboxMail | Post, reader: mail_groups.Reader | None) -> AbstractContextManager[None]:
    """Inside the block letters are written as this mail is: its language, its reader's zone, why they get it."""
    foot = letters.Foot(group_label(mail.kind), stop_address(mail))
    return letters.written_for(language=mail.language, zone=mail_groups.zone_of(reader), foot=foot)


def group_label(kind: str) -> Any:
    """What a mail says of why it came."""
    return _("the mail of the day") if kind == DIGEST else mail_groups.group_of(kind).label


def stop_address(mail: OutboxMail | Post) -> str:
    """Where the reader stops mail like this one; empty for what always comes, and for those who are no person."""
    if not mail.person_key:
        return ""
    if mail.kind == DIGEST:
        return letters.site_address(mail_groups.stop_path(mail.person_key, mail_groups.DIGEST))
    group = mail_groups.group_of(mail.kind)
    return letters.site_address(mail_groups.stop_path(mail.person_key, group.key)) if group.may_stop else ""


def message_of(mail: OutboxMail, letter: Letter, server: BaseEmailBackend | None) -> EmailMultiAlternatives:
    """The message as it goes over the wire: text first, HTML beside it, always the same Message-ID."""
    headers = {
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if stop := stop_address(
        mail
    ):  # RFC 8058: one click in the reader's mail software, a POST without a session
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
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


def _attempt(mail: OutboxMail, reader: mail_groups.Reader | None, server: BaseEmailBackend) -> bool:
    """Try once and note on the row how it went; True if the server is away."""
    mail.attempts += 1
    try:
        with transaction.atomic():  # a query that fails in a letter must not undo the note about it
            letter = write(mail, reader)
    except NothingToSay:
        mail.state = OutboxMail.State.WITHHELD
        return False
    except Exception as error:
        log.exception("Mail %s of kind %s could not be written", mail.pk, mail.kind)
        _put_off(mail, error)
        return False
    try:
        _connect(server)
        message_of(mail, letter, server).send()
    except smtplib.SMTPRecipientsRefused as error:
        _put_off(mail, error, for_good=_is_final(error))
        _note_refusal(mail, error)
        return False
    except ValueError as error:  # a header with a line break
        _put_off(mail, error, for_good=True)
        return False
    except smtplib.SMTPDataError as error:  # this mail is refused, the server is there
        _put_off(mail, error, for_good=error.smtp_code >= 500)
        return False
    except (smtplib.SMTPException, OSError) as error:
        _put_off(mail, error)
        _hang_up(server)
        return True
    mail.state, mail.sent_at, mail.error = OutboxMail.State.SENT, clock.now(), ""
    return False


def _connect(server: BaseEmailBackend) -> None:
    """See that the server is there before a mail is handed over: many hang up after so many mails, or minutes."""
    line = getattr(server, "connection", None)
    if line is not None:
        with suppress(smtplib.SMTPException, OSError):
            if line.noop()[0] == 250:
                return
        _hang_up(server)
    server.open()


def _hang_up(server: BaseEmailBackend) -> None:
    with suppress(smtplib.SMTPException, OSError):
        server.close()


def _is_final(error: smtplib.SMTPRecipientsRefused) -> bool:
    """An address that the server will never take (5xx); 4xx means later."""
    return all(code >= 500 for code, _reason in error.recipients.values())


def _note_refusal(mail: OutboxMail, error: smtplib.SMTPRecipientsRefused) -> None:
    """The server says at once that there is no such mailbox: as good as a report about it (RFC 3463: 5.1.x).

    Another 5xx, such as 5.7.1 for policy, is about us, not about the address.
    """
    for code, reason in error.recipients.values():
        said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        if code in (550, 551, 553) and not re.match(r"5\.[02-9]", said):
            report = bounces.Report(
                Bounce.Kind.HARD, message_id=mail.message_id, event=f"refused {mail.message_id}", reason=said
            )
            try:
                bounces.note_bounce(report)
            except Exception:  # what a room makes of it must not undo the note that the mail has failed
                log.exception("The refusal of mail %s could not be noted", mail.pk)


def _put_off(mail: OutboxMail, error: Exception, *, for_good: bool = False) -> None:
    mail.error = f"{type(error).__name__}: {error}"[:300]
    if for_good or mail.attempts > len(MINUTES_BETWEEN_ATTEMPTS):
        mail.state = OutboxMail.State.FAILED
    else:
        mail.try_at = clock.now() + dt.timedelta(minutes=MINUTES_BETWEEN_ATTEMPTS[mail.attempts - 1])
