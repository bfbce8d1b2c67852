"""The signed proof of an award."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from awards import signing
from awards.actions.keys import signing_key
from awards.actions.places import place_for, sign_status_list
from awards.models import Award, Credential, StatusList
from awards.proof import is_current, said_of
from awards.queries import awards_to_sign, is_provable, with_proof
from common import clock, history
from common.errors import RuleBroken


def sign_credential(award: Award) -> Credential:
    """The credential of an award as things stand: the stored one, or signed now. Raises ``RuleBroken`` where there is
    nothing to prove.

    ``award.credential`` and ``award.person`` are read beforehand, so that the usual case costs nothing more.
    """
    credential = getattr(award, "credential", None)
    if credential and is_provable(award) and is_current(award, credential):
        return credential
    return _sign(award.pk)


@transaction.atomic
def _sign(pk: int) -> Credential:
    """Sign under the award's lock: many readers at once, and a worker, make one row; and none once it is revoked."""
    Award.objects.select_for_update().get(pk=pk)
    award = with_proof(Award.objects.filter(pk=pk)).get()
    if not is_provable(award):
        raise RuleBroken(_("This award was revoked, declined or made nameless; it proves nothing any more."))
    if award.proved_from > dt.datetime.now(dt.UTC):  # verifiers, who go by the real time, would refuse it
        raise RuleBroken(_("This award has not begun; its proof is signed on the day it does."))
    credential = getattr(award, "credential", None)
    if credential and is_current(award, credential):
        return credential
    place, now = place_for(award), clock.now()
    key, private = signing_key()
    document = signing.credential(said_of(award), site=settings.SITE_URL, place=place.pk)
    method = f"{signing.did_of(settings.SITE_URL)}#{key.name}"
    text = signing.sign(document, key=private, method=method, at=now)
    if not StatusList.objects.filter(number=place.list_number).exists():
        sign_status_list(place.list_number)
    facts = {
        "place": place, "key": key, "document": text, "digest": signing.digest_of(document), "signed_at": now
    }  # fmt: skip
    history.record("award", award.key, "sign", by=None, codes={"key": key.name})
    return Credential.objects.update_or_create(award=award, defaults=facts)[0]


def sign_credentials(keys: Iterable[str] | None = None) -> int:
    """Sign what the awards with these keys lack, or whatever was signed for another address, by a key that is not
    trusted any more or before something changed; return how many were signed."""
    signed = 0
    for award in awards_to_sign(keys):
        credential = getattr(award, "credential", None)
        if award.proved_from > dt.datetime.now(dt.UTC) or (credential and is_current(award, credential)):
            continue
        try:
            _sign(award.pk)
            signed += 1
        except RuleBroken:  # taken back a moment ago
            continue
    return signed
