"""Places in the status lists, and the lists' signatures."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from awards import signing
from awards.actions.keys import signing_key
from awards.models import Award, StatusList, StatusPlace
from awards.queries import places_taken_back
from common import clock, jobs, locks

VALID_FOR = dt.timedelta(hours=24)
SIGNED_ANEW_BEFORE = dt.timedelta(hours=12)  # the worker has half a day to come back
READERS_KEEP_IT = 30  # seconds; with the half minute that answers may be cached, a minute


def place_for(award: Award) -> StatusPlace:
    """The award's place in force, a new one where there is none. The caller holds the award's row."""
    place = StatusPlace.objects.filter(award=award, taken_back_at=None).first()
    return place or StatusPlace.objects.create(award=award)


def give_up_places(awards: Sequence[Award]) -> None:
    """Take back what was signed for these awards, for good. The caller holds their rows, so nothing is signed meanwhile.

    The lists are marked in the same transaction: the first reader after it gets them signed anew.
    """
    places = StatusPlace.objects.filter(award__in=awards, taken_back_at=None)
    numbers = {place.list_number for place in places}
    if not numbers:
        return
    places.update(taken_back_at=clock.now())
    StatusList.objects.filter(number__in=numbers).update(is_stale=True)
    jobs.defer("awards.sign_status_lists", once="awards.sign_status_lists")


@transaction.atomic
def sign_status_list(number: int) -> StatusList:
    """The list as it has to be handed out now: signed anew where something was taken back or its end is near.

    Who waits for the row reads what was committed meanwhile, so a list never misses what it is not marked for. The first
    one of a list has no row to wait for, and waits for the list's name.
    """
    found = StatusList.objects.filter(number=number).first()
    if found and _stands(found):
        return found  # the usual reader waits for nobody
    if _locked_list(number) is None:
        locks.hold(f"awards.status_list {number}")
    found = _locked_list(number)
    if found and _stands(found):
        return found
    now = clock.now()
    key, private = signing_key()
    until = now + VALID_FOR
    document = signing.status_list(
        number, places_taken_back(number), site=settings.SITE_URL, at=now, until=until, ttl=READERS_KEEP_IT
    )
    method = f"{signing.did_of(settings.SITE_URL)}#{key.name}"
    text = signing.sign(document, key=private, method=method, at=now)
    facts = {"document": text, "key": key, "signed_at": now, "ends_at": until, "is_stale": False}
    return StatusList.objects.update_or_create(number=number, defaults=facts)[0]


def sign_status_lists() -> int:
    """Sign every list anew that is stale or near its end; return how many."""
    soon = clock.now() + SIGNED_ANEW_BEFORE
    due = list(
        StatusList.objects.filter(Q(is_stale=True) | Q(ends_at__lt=soon)).values_list("number", flat=True)
    )
    StatusList.objects.filter(number__in=due).update(is_stale=True)
    for number in due:
        sign_status_list(number)
    return len(due)


def _locked_list(number: int) -> StatusList | None:
    return StatusList.objects.select_for_update().filter(number=number).first()


def _stands(found: StatusList) -> bool:
    """Nothing was taken back since, its end is not near, and the site has no other address by now."""
    if found.is_stale or found.ends_at - clock.now() <= SIGNED_ANEW_BEFORE / 2:
        return False
    return signing.did_of(settings.SITE_URL).encode() in bytes(found.document)
