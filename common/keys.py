"""Public keys in addresses: short, random, easy to read aloud; never row numbers."""

import hashlib
import hmac
import secrets

from django.conf import settings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # no 0/O, 1/I, U


def new_key(length: int = 8) -> str:
    """A random key of ``length`` signs of an alphabet of 31: 8 signs hold about 39.6 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def keyed_digest(purpose: str, value: str, *, length: int = 32) -> str:
    """HMAC-SHA-256 of ``value`` under the site's secret, in hex, cut to ``length`` signs.

    ``purpose`` keeps digests of different uses apart.
    """
    message = f"{purpose}\x1f{value}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:length]
