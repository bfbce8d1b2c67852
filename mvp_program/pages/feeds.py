"""What other programs subscribe to: Atom feeds of new awards and summits, the sitemap, robots.txt, dates of a cycle."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from awards.queries import awards_pages, newest_awards, pages_of_awards, pages_of_people, people_pages
from charter.models import ContentVersion, Cycle
from charter.queries import cycle_at, program
from common import clock
from common.http import address_of, file_headers
from common.keeping import page_for_strangers
from common.languages import named
from events.queries import summits_visible_to, upcoming
from mvp_program.queries import dates_version
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


# Part of the sitemap → how many parts there are, the keys in one of them, the page of a key
MANY: dict[str, tuple[Callable[[], int], Callable[[int], Iterable[str]], str]] = {
    "people": (pages_of_people, people_pages, "person"),
    "awards": (pages_of_awards, awards_pages, "awards:award"),
}
ATOM = {"Content-Type": "application/atom+xml; charset=utf-8"}


class Entry(NamedTuple):
    """One entry of a feed; ``page`` is also what it is known by."""

    title: str
    page: str
    words: str
    published: dt.datetime | None
    updated: dt.datetime | None

    def add_to(self, feed: Atom1Feed) -> None:
        feed.add_item(
            title=self.title, link=self.page, description=self.words, unique_id=self.page,
            pubdate=self.published, updateddate=self.updated or clock.now(),
        )  # fmt: skip


def address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _feed(name: str, title: str, words: str) -> Atom1Feed:
    here = address(name)
    return Atom1Feed(title, settings.SITE_URL + "/", words, feed_url=here, feed_guid=here, language="en")


def _answer(feed: Atom1Feed) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), headers=ATOM)


@require_safe
@login_not_required
def awards_feed(request: HttpRequest) -> HttpResponse:
    """The newest awards, in English, by the moment of the grant."""
    return page_for_strangers(
        request, _new_awards, lambda known: _awards_feed(known or _new_awards()), headers=ATOM
    )


def _new_awards() -> tuple[str, list[Entry]]:
    """All that the feed says: what readers have is true as long as this is the same."""
    entries = [
        Entry(
            clean(f"{award.person.name}: {award.area_name}"), address("awards:award", award.key),
            clean(award.citation or award.category_name), award.granted_at, award.state_since or award.granted_at,
        )
        for award in newest_awards(ENTRIES)
    ]  # fmt: skip
    return program().award_name, entries


def _awards_feed(known: tuple[str, list[Entry]]) -> HttpResponse:
    name, entries = known
    with override("en"):
        feed = _feed("awards_feed", f"{name}: new awards", "Who was given the award.")
    for entry in entries:
        entry.add_to(feed)
    return _answer(feed)


@require_safe
@login_not_required
def summits_feed(request: HttpRequest) -> HttpResponse:
    """Summits that have not ended."""
    return page_for_strangers(
        request, _summits_ahead, lambda known: _summits_feed(known or _summits_ahead()), headers=ATOM
    )


def _summits_ahead() -> tuple[str, list[Entry]]:
    """All that the feed says. An entry was new when registration opened, or is now, for who reads it first."""
    entries = [
        Entry(
            f"Called off: {summit.name}" if summit.called_off_at else summit.name, address("events:summit", summit.slug),
            clean(f"{summit.place}, {summit.starts} to {summit.ends}. {summit.summary}"),
            None, summit.called_off_at or summit.registration_opens_at,
        )
        for summit in upcoming(summits_visible_to(None))
    ]  # fmt: skip
    return program().name, entries


def _summits_feed(known: tuple[str, list[Entry]]) -> HttpResponse:
    name, entries = known
    with override("en"):
        feed = _feed("summits_feed", f"{name}: summits", "Where holders meet.")
    for entry in entries:
        entry.add_to(feed)
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
    """Which sitemaps there are: one of pages, and one for every so many people and awards."""
    parts = ["pages", *(f"{name}-{n}" for name, (count, *_rest) in MANY.items() for n in range(count()))]
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
    if name not in MANY or not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    count, keys_on, page = MANY[name]
    if int(number) >= count():
        raise Http404
    return _xml("urlset", "url", (settings.SITE_URL + address_of(page, key) for key in keys_on(int(number))))


def _xml(root: str, each: str, addresses: Any) -> HttpResponse:
    body = "".join(f"<{each}><loc>{escape(one)}</loc></{each}>\n" for one in addresses)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@require_safe
@login_not_required
def cycle_dates(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of a cycle for a calendar, in the reader's language."""
    headers = file_headers(f"{slug}.ics", "text/calendar; charset=utf-8")
    return page_for_strangers(
        request,
        lambda: dates_version(slug),
        lambda _known: HttpResponse(_calendar(slug), headers=headers),
        headers=headers,
    )


def _calendar(slug: str) -> bytes:
    cycle = cycle_at(slug)
    if cycle is None:
        raise Http404
    calendar = Calendar()
    calendar.add("prodid", f"-//{program().name}//{settings.SITE_URL}//")
    calendar.add("version", "2.0")
    calendar.add("name", cycle.label)
    calendar.add("x-wr-calname", cycle.label)
    for what, title, begins, ends in _dates(cycle):
        calendar.add_component(_event(f"{cycle.slug}-{what}", title, begins, ends))
    return bytes(calendar.to_ical())


def _dates(cycle: Cycle) -> list[tuple[str, str, dt.datetime, dt.datetime]]:
    """What happens, its title in the reader's language, from when to when; a moment is an event of no length."""
    name = {"name": cycle.label}
    return [
        ("opens", _("%(name)s: nominations open") % name, cycle.opens_at, cycle.opens_at),
        ("closes", _("%(name)s: nominations close") % name, cycle.closes_at, cycle.closes_at),
        ("dossiers", _("%(name)s: dossiers close") % name, cycle.dossiers_close_at, cycle.dossiers_close_at),
        *(
            (
                f"stage-{stage.number}",
                f"{cycle.label}: {named(stage.public_name)}",
                stage.opens_at,
                stage.closes_at,
            )
            for stage in stages_of(cycle)
        ),
        ("letters", _("%(name)s: letters go out") % name, cycle.release_planned_at, cycle.release_planned_at),
    ]


def _event(key: str, title: str, begins: dt.datetime, ends: dt.datetime) -> Event:
    """``key`` stays when language, title or days change: a calendar moves its event instead of adding one."""
    event = Event()
    event.add("summary", title)
    event.add("dtstart", begins.astimezone(dt.UTC))
    if ends > begins:
        event.add("dtend", ends.astimezone(dt.UTC))
    event.add("dtstamp", clock.now().astimezone(dt.UTC))
    event.add("uid", f"{key}@{settings.SITE_URL.partition('://')[2]}")
    event.add("url", address("home"))
    event.add("transp", "TRANSPARENT")
    return event
