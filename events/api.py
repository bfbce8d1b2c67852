"""Events, for programs."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from ninja import Router, Schema

from accounts.api import OPEN, user_of
from events.models import Summit
from events.queries import summits_visible_to

router = Router(tags=["Events"], auth=OPEN)


class EventOut(Schema):
    """A summit. Days are those of its ``zone``; without ``regions`` holders of every region are invited. ``called_off``: it
    does not take place."""

    slug: str
    url: str
    name: str
    summary: str
    place: str
    country: str
    zone: str
    starts: dt.date
    ends: dt.date
    regions: list[str]
    called_off: bool


@router.get("/events", response=list[EventOut], url_name="events", summary="Summits, the last one first")
def events(request: Any) -> Any:
    return [_event(summit) for summit in summits_visible_to(user_of(request)).order_by("-starts", "name")]


def _event(summit: Summit) -> dict[str, Any]:
    return {
        "slug": summit.slug,
        "url": settings.SITE_URL + reverse("events:summit", args=[summit.slug]),
        "name": summit.name,
        "summary": summit.summary,
        "place": summit.place,
        "country": str(summit.country),
        "zone": summit.zone,
        "starts": summit.starts,
        "ends": summit.ends,
        "regions": [region.slug for region in summit.regions.all()],
        "called_off": summit.called_off_at is not None,
    }
