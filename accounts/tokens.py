"""Tokens by which a program acts for somebody: how they are made and recognised. Only their digest is kept."""

import hashlib
import secrets

from django.db.models import Q

from accounts.models import ApiToken
from common import clock

PREFIX = "mvp_"
SHOWN = 8  # signs of a token by which its owner recognises it


def new_token() -> str:
    """256 random bits, so that a plain digest of them cannot be guessed back."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def token_in_force(token: str) -> ApiToken | None:
    """The row of a token that has not ended and whose owner may sign in; notes once a day that it was used."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    today = clock.today()
    found = ApiToken.objects.select_related("user__person").filter(
        digest=digest_of(token), ends_on__gte=today, user__is_active=True
    )
    row = found.first()
    if row is not None and row.used_on != today:
        ApiToken.objects.filter(Q(used_on=None) | Q(used_on__lt=today), pk=row.pk).update(used_on=today)
    return row
