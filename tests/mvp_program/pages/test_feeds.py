"""What other programs subscribe to."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from charter.models import ContentVersion, Cycle, Wording
from common import clock
from events.models import Summit
from people.actions import erase_person
from selection.models import ProtocolVersion
from selection.queries.protocol import rules_of
from tests import factories
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, name: str) -> list[str]:
    root = ElementTree.fromstring(client.get(reverse(name)).content)
    return [str(entry.findtext(f"{ATOM}title")) for entry in root.iter(f"{ATOM}entry")]


def test_new_awards_come_by_the_moment_of_their_grant(client: Client, house: House) -> None:
    for days, name in ((3, "Earlier"), (1, "Later"), (-1, "To come")):
        person = factories.PersonFactory(name=name)
        granted = clock.now() - dt.timedelta(days=days)
        factories.AwardFactory(person=person, area=house.networking, granted_at=granted)
    hidden = factories.PersonFactory(name="Hidden", hidden=True)
    factories.AwardFactory(person=hidden, area=house.networking, granted_at=clock.now())
    area = house.networking.name
    assert entries(client, "awards_feed") == [f"Later: {area}", f"Earlier: {area}"]


def test_what_xml_cannot_hold_breaks_no_feed(client: Client, house: House) -> None:
    person = factories.PersonFactory(name="Anna <b>&\x0b Ek")
    factories.AwardFactory(
        person=person, area=house.networking, granted_at=clock.now(), citation="Nights\x0c \x1b]]> & days"
    )
    assert entries(client, "awards_feed") == [f"Anna <b>& Ek: {house.networking.name}"]
    assert "Nights ]]&gt; &amp; days" in client.get(reverse("awards_feed")).content.decode()


@pytest.mark.parametrize("address", ["/", "/roster/", "/numbers/", "/summits/"])
def test_pages_say_in_a_sentence_what_they_are(client: Client, house: House, address: str) -> None:
    page = client.get(address).content.decode()
    words = page.partition('<meta name="description" content="')[2].partition('"')[0]
    assert len(words) > 40


def test_summits_that_have_not_ended_are_in_the_feed(client: Client) -> None:
    assert entries(client, "summits_feed") == []


def test_the_sitemap_leaves_out_who_does_not_want_to_be_found(client: Client, cast: Cast) -> None:
    people = {name: factories.PersonFactory(name=name) for name in ("Seen", "Unlisted", "Hidden", "Erased")}
    for person in people.values():
        factories.AwardFactory(person=person)
    for name, field, value in (("Unlisted", "listed", False), ("Hidden", "hidden", True)):
        setattr(people[name], field, value)
        people[name].save()
    erase_person(people["Erased"], by=None)
    index = client.get("/sitemap.xml").content.decode()
    pages = (
        client.get("/sitemaps/people-0.xml").content.decode()
        + client.get("/sitemaps/pages.xml").content.decode()
    )
    assert "/sitemaps/people-0.xml</loc>" in index
    assert f"/people/{people['Seen'].slug}/</loc>" in pages
    assert "/privacy/</loc>" in pages
    for name in ("Unlisted", "Hidden", "Erased"):
        assert f"/people/{people[name].slug}/" not in pages


def test_awards_that_stand_are_in_the_sitemap(client: Client, cast: Cast) -> None:
    listed = [cast.holder.awards.earliest("pk"), factories.AwardFactory(person=cast.holder, state="on_hold")]
    left_out = [
        factories.AwardFactory(person=cast.holder, state="revoked"),
        factories.AwardFactory(person=factories.PersonFactory(listed=False)),
        factories.AwardFactory(person=factories.PersonFactory(hidden=True)),
    ]
    assert "/sitemaps/awards-0.xml</loc>" in client.get("/sitemap.xml").text
    addresses = client.get("/sitemaps/awards-0.xml").text
    assert [f"/awards/{award.key}/</loc>" in addresses for award in [*listed, *left_out]] == [True] * 2 + [
        False
    ] * 3


@pytest.mark.parametrize("name", ["awards_feed", "summits_feed", "cycle_dates", "events:calendar"])
def test_who_has_a_feed_already_is_told_so_until_it_changes(
    client: Client, house: House, cast: Cast, name: str
) -> None:
    day = clock.today() + dt.timedelta(days=40)
    summit = Summit.objects.create(
        slug="oulu", name="Oulu", place="Oulu", zone="Europe/Helsinki", starts=day, ends=day, capacity=9
    )
    page = reverse(name, args={"cycle_dates": [house.cycle.slug], "events:calendar": ["oulu"]}.get(name, []))
    first = client.get(page)
    same = client.get(page, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert client.get(page)["Content-Type"] == first["Content-Type"] != "text/html; charset=utf-8"
    factories.AwardFactory(person=cast.holder, granted_at=clock.now())
    Summit.objects.filter(pk=summit.pk).update(name="Oulu again")
    house.score.closes_at += dt.timedelta(days=1)
    house.score.save()
    changed = client.get(page, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_each_public_page_is_in_the_sitemap_and_opens(client: Client, house: House) -> None:
    day = clock.today() + dt.timedelta(days=40)
    Summit.objects.create(
        slug="oulu", name="Oulu", place="Oulu", zone="Europe/Helsinki", starts=day, ends=day, capacity=9
    )
    ProtocolVersion.objects.create(
        cycle=house.cycle, number=1, made_at=clock.now(), rules=rules_of(house.cycle), digest=""
    )
    root = ElementTree.fromstring(client.get("/sitemaps/pages.xml").content)
    paths = {str(one.text).removeprefix("http://localhost:8000") for one in root.iter() if one.text}
    assert {"/", "/roster/", "/summits/oulu/", f"/protocol/{house.cycle.slug}/", "/api/v1/docs"} <= paths
    written = {f"/{page}/" for page in ContentVersion.Page.values}  # 404 until the office has written them
    assert [
        path for path in sorted(paths - written) if path.strip() and client.get(path).status_code != 200
    ] == []


@pytest.mark.parametrize("address", ["/", "/roster/", "/summits/", "/numbers/"])
def test_pages_name_the_feeds_in_their_head(client: Client, house: House, address: str) -> None:
    page = client.get(address).content.decode()
    for name in ("awards_feed", "summits_feed"):
        assert f'<link rel="alternate" type="application/atom+xml" href="{reverse(name)}"' in page
        assert client.get(reverse(name))["Content-Type"] == "application/atom+xml; charset=utf-8"


@pytest.mark.parametrize(
    "part", ["people-99", "people-x", "people", "awards-99", "awards-" + "9" * 99, "nothing"]
)
def test_a_part_of_the_sitemap_that_is_none_is_404(client: Client, part: str) -> None:
    assert client.get(f"/sitemaps/{part}.xml").status_code == 404


def test_robots_are_told_where_the_sitemap_is(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text
    assert "Disallow: /me/" in text


def test_a_calendar_finds_its_events_again_in_any_language_and_under_another_name(
    client: Client, house: House
) -> None:
    address = f"/protocol/{house.cycle.slug}/dates.ics"

    def found(language: str) -> list[str]:
        read = Calendar.from_ical(client.get(address, headers={"Accept-Language": language}).content)
        return [str(event["uid"]) for event in read.walk("VEVENT")]

    before = found("en")
    house.score.public_name = "Another name"
    house.score.save(update_fields=["public_name"])
    assert before == found("en") == found("de")


def test_the_dates_of_a_cycle_are_a_calendar(client: Client, house: House) -> None:
    calendar = Calendar.from_ical(client.get(f"/protocol/{house.cycle.slug}/dates.ics").content)
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    stage = events[f"{house.cycle.name}: {house.score.public_name}"]
    assert stage.decoded("dtend") == house.score.closes_at.replace(microsecond=0)
    assert events[f"{house.cycle.name}: nominations close"].decoded(
        "dtstart"
    ) == house.cycle.closes_at.replace(microsecond=0)
    assert len({str(event["uid"]) for event in events.values()}) == len(events) == 7
    assert client.get("/protocol/nothing/dates.ics").status_code == 404


def test_the_dates_of_a_cycle_are_in_the_readers_language(client: Client, house: House) -> None:
    Cycle.objects.update(name=f"{house.cycle.award_year} cycle")
    Wording.objects.create(language="de", original=house.score.public_name, words="Fachliche Durchsicht")
    page = f"/protocol/{house.cycle.slug}/dates.ics"
    calendar = Calendar.from_ical(client.get(page, headers={"accept-language": "de"}).content)
    name = f"Runde {house.cycle.award_year}"
    titles = [str(event["summary"]) for event in calendar.walk("VEVENT")]
    assert calendar["x-wr-calname"] == name
    assert f"{name}: Fachliche Durchsicht" in titles
    assert [title for title in titles if not title.startswith(name)] == []
