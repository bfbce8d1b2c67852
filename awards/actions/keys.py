"""The keys that sign: the newest one signs, the older ones stay published."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from awards import signing
from awards.models import Credential, SigningKey, StatusList
from common import clock, history, locks
from common.actor import Actor
from common.errors import RuleBroken


def signing_key() -> tuple[SigningKey, bytes]:
    """The key that signs now, and its private part. A new one in the settings is published before it signs anything."""
    private = _private_key()
    try:
        public = signing.public_part(private)
    except signing.NotSigned as error:
        raise ImproperlyConfigured(f"SIGNING_KEY_FILE: {error}.") from error
    key = SigningKey.objects.filter(public=public).first() or _introduce(public)
    if key.distrusted_at:
        raise ImproperlyConfigured(
            f"SIGNING_KEY_FILE holds the key {key.name}, which is not trusted any more."
        )
    return key, private


@transaction.atomic
def distrust_key(key: SigningKey, *, by: Actor | None = None) -> int:
    """The private part got into wrong hands: take the key off the published ones. Return how many credentials it
    signed; each of them is signed anew when it is next read, or by ``manage.py reissue``."""
    if key.public == signing.public_part(_private_key()):
        raise RuleBroken("Put a new key into SIGNING_KEY_FILE first: this one signs now.")
    SigningKey.objects.filter(pk=key.pk, distrusted_at=None).update(distrusted_at=clock.now())
    StatusList.objects.filter(key=key).update(is_stale=True)
    history.record("signing_key", key.name, "distrust", by=by)
    return Credential.objects.filter(key=key).count()


@transaction.atomic
def _introduce(public: str) -> SigningKey:
    """Name a key by its year and its number in that year: ``2026-1``. Two processes that start at once make one row."""
    locks.hold("awards.signing_key")
    known = SigningKey.objects.filter(public=public).first()
    if known:
        return known
    now = clock.now()
    number = SigningKey.objects.filter(name__startswith=f"{now.year}-").count() + 1
    key = SigningKey.objects.create(name=f"{now.year}-{number}", public=public, used_from=now)
    history.record("signing_key", key.name, "introduce", by=None, codes={"public": public})
    return key


def _private_key() -> bytes:
    """From the settings; where these name no file that exists, and allow it, a new key is made there once."""
    if settings.SIGNING_KEY:
        return settings.SIGNING_KEY.encode()
    path = Path(settings.SIGNING_KEY_FILE)
    if settings.SIGNING_KEY_MADE_AT_NEED and not path.exists():
        _make(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"SIGNING_KEY_FILE cannot be read: {error}.") from error


def _make(path: Path) -> None:
    """Write a new key whole or not at all, for its owner's eyes; of two processes one wins."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(signing.new_key())
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        Path(written).unlink()
