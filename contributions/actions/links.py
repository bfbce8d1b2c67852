"""Links of the last months are tried in the background, one host after the other, each at most once a week."""

import time
from collections import Counter

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from common import clock
from common.clock import site_zone
from common.dates import day_of
from common.fetching import Guard
from contributions import linkchecks
from contributions.linkchecks import ANSWERS, FAILS, GONE, OFFLINE
from contributions.models import Contribution
from contributions.queries import entries_with_link, links_due, tried_lately

LINKS_A_RUN = 120
OF_ONE_HOST = 5
SECONDS_A_RUN = 240.0
PAUSE = 2.0  # seconds between two questions to one host
FAILURES_TO_SAY = 2  # a server may be down for a day
GIVEN_UP_AFTER = 4  # links in a row without a name: the net is away, not they


def check_links(*, guard: Guard | None = None, pause: float = PAUSE) -> int:
    """Try the links that are due; return how many were tried. Safe to run twice: what was tried is not due."""
    ends, tried, lost = time.monotonic() + SECONDS_A_RUN, 0, 0
    of_host: Counter[str] = Counter()
    unnamed: list[str] = []
    for url in sorted(links_due(LINKS_A_RUN), key=linkchecks.host_of):
        host = linkchecks.host_of(url)
        if time.monotonic() > ends or lost >= GIVEN_UP_AFTER:
            break
        if of_host[host] >= OF_ONE_HOST:
            continue
        if known := tried_lately(url):
            _copy(url, known)
            continue
        if of_host[host]:
            time.sleep(pause)
        of_host[host] += 1
        said = linkchecks.look(url, guard=guard)
        tried += 1
        if said == OFFLINE:
            unnamed.append(url)
            lost += 1
            continue
        lost = 0 if said == ANSWERS else lost
        note_link(url, said)
    if lost < GIVEN_UP_AFTER:
        for url in unnamed:
            note_link(url, FAILS)
    return tried


def note_link(url: str, said: str) -> None:
    """Keep what a link answered, in every log that has it."""
    entries, now = entries_with_link(url), clock.now()
    if said in (FAILS, GONE):
        entries.update(
            link_checked_at=now,
            link_failures=F("link_failures") + 1,
            link_failing_since=Coalesce(F("link_failing_since"), Value(day_of(now, site_zone()))),
        )
        sure = entries if said == GONE else entries.filter(link_failures__gte=FAILURES_TO_SAY)
        sure.update(link_answers=False)
        return
    answers = True if said == ANSWERS else None
    entries.update(link_checked_at=now, link_failures=0, link_failing_since=None, link_answers=answers)


def _copy(url: str, known: Contribution) -> None:
    """Somebody else's entry has the same link, which was tried this week."""
    entries_with_link(url).filter(link_checked_at=None).update(
        link_checked_at=known.link_checked_at,
        link_failures=known.link_failures,
        link_failing_since=known.link_failing_since,
        link_answers=known.link_answers,
    )
