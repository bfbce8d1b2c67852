"""The mail of the day: what need not be told at once, gathered for each reader into one mail in their morning.

``common.bulk.gather`` gathers, this writes the letter.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import letters, mail_groups, registry
from common.models import OutboxMail
from common.outbox import Letter, NothingToSay

log = logging.getLogger(__name__)

KIND = "digest"
TOLD_AT_MOST = 30  # mails in one digest; who has more looks at their page


def digest_letter(keys: dict[str, Any], language: str) -> Letter:
    """The mails of the day under each other; one that cannot be written any more is left out."""
    parts = OutboxMail.objects.filter(gathered_in__message_id__startswith=f"<{keys['digest']}@").order_by(
        "id"
    )
    written, more = [], max(parts.count() - TOLD_AT_MOST, 0)
    for part in parts[:TOLD_AT_MOST]:
        try:
            with transaction.atomic():
                written.append(registry.mails[part.kind](part.keys, language))
        except Exception:  # its case was erased, say; the others still have their news
            log.info("Mail %s of kind %s cannot be written any more", part.pk, part.kind)
    if not written:
        raise NothingToSay
    return write_digest(written, more=more, language=language)


def write_digest(parts: list[Letter], *, language: str, more: int = 0) -> Letter:
    """One letter out of several: the subject of each as a heading, its words and its link."""
    with letters.in_language(language):
        number = len(parts) + more
        subject = ngettext("%(number)s message for you", "%(number)s messages for you", number)
        blocks = [letters.Block(_("Good morning,"), is_greeting=True)]
        for part in parts:
            blocks.append(letters.Block(part.subject, is_heading=True))
            blocks += [block for block in part.blocks if not block.is_greeting]
        if more:
            said = ngettext(
                "And %(number)s more of the same kinds.", "And %(number)s more of the same kinds.", more
            )
            blocks.append(letters.Block(said % {"number": more}))
            blocks.append(letters.Block(_("All your cases"), address=letters.site_address("/me/")))
        return letters.lay_out(subject % {"number": number}, blocks)


def example(language: str) -> Letter:
    """Two invented mails as one."""
    shown = [registry.mail_examples[kind] for kind in sorted(registry.mail_examples) if _may_be_daily(kind)]
    return write_digest([show(language) for show in shown[:2]], language=language)


def _may_be_daily(kind: str) -> bool:
    return kind != KIND and mail_groups.DAILY in mail_groups.group_of(kind).choices


def register() -> None:
    """Tell the worker how it is written."""
    registry.mails[KIND] = digest_letter
    registry.mail_examples[KIND] = example
    registry.mail_names[KIND] = gettext_lazy("Mail of the day")
