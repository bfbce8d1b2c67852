"""What other programs subscribe to: Atom feeds of new awards and summits, the sitemap, robots.txt, dates of a cycle."""

import datetime as dt
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from awards.queries import newest_awards, pages_of_people, people_pages
from charter.models import ContentVersion, Cycle
from charter.queries import cycle_at, program
from common import clock
from common.http import attachment
from events.queries import summits_visible_to, upcoming
from people.names import clean  # XML knows no control characters
from selection.queries.protocol import cycles_with_protocol
from selection.queries.public import stages_of
from selection.queries.transparency import published_reports

ENTRIES = 50
PLACES = (
    "home",
    "awards:roster",
    "numbers",
    "events:summits",
    "nominations:start",
    "verify",
    "api:openapi-view",
)
CLOSED = ("/me/", "/review/", "/board/", "/office/", "/admin/", "/nominations/", "/accounts/", "/api/", "/*?")


def address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _feed(name: str, title: str, words: str) -> Atom1Feed:
    here = address(name)
    return Atom1Feed(title, settings.SITE_URL + "/", words, feed_url=here, feed_guid=here, language="en")


def _answer(feed: Atom1Feed) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
@login_not_required
def awards_feed(request: HttpRequest) -> HttpResponse:
    """The newest awards, in English, by the moment of the grant."""
    with override("en"):
        feed = _feed("awards_feed", f"{program().award_name}: new awards", "Who was given the award.")
        for award in newest_awards(ENTRIES):
            page = address("awards:award", award.key)
            feed.add_item(
                title=clean(f"{award.person.name}: {award.area_name}"), link=page,
                description=clean(award.citation or award.category_name),
                unique_id=page, pubdate=award.granted_at, updateddate=award.state_since or award.granted_at,
            )  # fmt: skip
        return _answer(feed)


@require_safe
@login_not_required
def summits_feed(request: HttpRequest) -> HttpResponse:
    """Summits that have not ended."""
    with override("en"):
        feed = _feed("summits_feed", f"{program().name}: summits", "Where holders meet.")
        for summit in upcoming(summits_visible_to(None)):
            page, off = address("events:summit", summit.slug), summit.called_off_at
            feed.add_item(
                title=f"Called off: {summit.name}" if off else summit.name, link=page,
                description=clean(f"{summit.place}, {summit.starts} to {summit.ends}. {summit.summary}"),
                unique_id=page, updateddate=off or summit.registration_opens_at or clock.now(),
            )  # fmt: skip
        return _answer(feed)


@require_safe
@login_not_required
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines are asked to leave out; a page that must not be found says so itself."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        "",
        f"Sitemap: {address('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def sitemap(request: HttpRequest) -> HttpResponse:
    """Which sitemaps there are: one of pages, and one for every so many people."""
    parts = ["pages", *(f"people-{number}" for number in range(pages_of_people()))]
    return _xml("sitemapindex", "sitemap", (address("sitemap_part", part) for part in parts))


@require_safe
@login_not_required
def sitemap_part(request: HttpRequest, part: str) -> HttpResponse:
    """The addresses of one part. Who does not want to be found, or hides their page, is in none."""
    if part == "pages":
        pages = [
            *(address(name) for name in PLACES),
            *(address("charter:content", page) for page in ContentVersion.Page.values),
            *(
                address("events:summit", summit.slug)
                for summit in summits_visible_to(None).order_by("-starts", "slug")
            ),
            *(address("selection:protocol", cycle.slug) for cycle in cycles_with_protocol()),
            *(address("numbers_report", one.cycle.slug) for one in published_reports()),
        ]
        return _xml("urlset", "url", pages)
    name, _dash, number = part.partition("-")
    if name != "people" or not (number.isascii() and number.isdigit() and int(number) < pages_of_people()):
        raise Http404
    return _xml("urlset", "url", (address("person", slug) for slug in people_pages(int(number))))


def _xml(root: str, each: str, addresses: Any) -> HttpResponse:
    body = "".join(f"<{each}><loc>{escape(one)}</loc></{each}>\n" for one in addresses)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@require_safe
@login_not_required
def cycle_dates(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of a cycle for a calendar, in the reader's language."""
    cycle = cycle_at(slug)
    if cycle is None:
        raise Http404
    calendar = Calendar()
    calendar.add("prodid", f"-//{program().name}//{settings.SITE_URL}//")
    calendar.add("version", "2.0")
    calendar.add("name", cycle.name)
    calendar.add("x-wr-calname", cycle.name)
    for title, begins, ends in _dates(cycle):
        calendar.add_component(_event(cycle, title, begins, ends))
    return attachment(calendar.to_ical(), f"{cycle.slug}.ics", "text/calendar; charset=utf-8")


def _dates(cycle: Cycle) -> list[tuple[str, dt.datetime, dt.datetime]]:
    """What happens from when to when; a moment is an event of no length."""
    name = {"name": cycle.name}
    return [
        (_("%(name)s: nominations open") % name, cycle.opens_at, cycle.opens_at),
        (_("%(name)s: nominations close") % name, cycle.closes_at, cycle.closes_at),
        (_("%(name)s: dossiers close") % name, cycle.dossiers_close_at, cycle.dossiers_close_at),
        *(
            (f"{cycle.name}: {stage.public_name}", stage.opens_at, stage.closes_at)
            for stage in stages_of(cycle)
        ),
        (_("%(name)s: letters go out") % name, cycle.release_planned_at, cycle.release_planned_at),
    ]


def _event(cycle: Cycle, title: str, begins: dt.datetime, ends: dt.datetime) -> Event:
    event = Event()
    event.add("summary", title)
    event.add("dtstart", begins.astimezone(dt.UTC))
    if ends > begins:
        event.add("dtend", ends.astimezone(dt.UTC))
    event.add("dtstamp", clock.now().astimezone(dt.UTC))
    event.add("uid", f"{cycle.slug}-{slugify(title)}@{settings.SITE_URL.partition('://')[2]}")
    event.add("url", address("home"))
    event.add("transp", "TRANSPARENT")
    return event
