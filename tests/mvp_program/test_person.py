"""A person's page: who sees what, and what happens to addresses that are no more."""

import datetime as dt
import io
import json
import re

import pytest
from django.test import Client
from PIL import Image

from awards.models import Award
from awards.queries import profile_visible_to
from common import clock
from contributions.models import Contribution
from mvp_program.queries import profile_and_version, profile_version
from people import visibility
from people.actions import change_photo, create_person
from people.models import OldSlug, Person, PersonLink, Tombstone
from people.queries import slug_digest
from tests.cast import Cast, House
from tests.factories import AwardFactory, ContributionFactory, PersonFactory
from tests.people.test_photos import file


def path(person: Person) -> str:
    return f"/people/{person.slug}/"


def test_a_holder_has_a_public_page(cast: Cast, house: House, client: Client) -> None:
    text = client.get(path(cast.holder)).text
    assert "Ágnes Kővári" in text
    assert f"Holds the award in {house.program.current_year}" in text
    assert "4th year" in text


def test_the_ribbon_shows_every_year_of_the_program(cast: Cast, house: House, client: Client) -> None:
    text = client.get(path(cast.holder)).text
    assert text.count("(not held)") == house.program.current_year - 1993 + 1 - 4
    assert "(held, first award)" in text


def test_each_award_leads_to_its_page(cast: Cast, client: Client) -> None:
    text = client.get(path(cast.holder)).text
    for award in cast.holder.awards.all():
        assert f'href="/awards/{award.key}/"' in text


def test_somebody_without_an_award_has_no_page_for_others(cast: Cast, sign_in) -> None:
    assert sign_in(None).get(path(cast.nominee)).status_code == 404
    assert sign_in(cast.holder).get(path(cast.nominee)).status_code == 404
    assert sign_in(cast.nominee).get(path(cast.nominee)).status_code == 200
    assert sign_in(cast.office_1).get(path(cast.nominee)).status_code == 200


def test_hidden_and_missing_pages_ask_the_same_and_say_the_same(
    cast: Cast, client: Client, django_assert_num_queries
) -> None:
    with django_assert_num_queries(3):
        hidden = client.get(path(cast.nominee))
    with django_assert_num_queries(3):
        missing = client.get("/people/nobody-at-all/")
    assert hidden.status_code == missing.status_code == 404


@pytest.mark.parametrize("state", ["resigned", "revoked"])
def test_an_award_that_was_lost_gives_no_page(cast: Cast, client: Client, state: str) -> None:
    Award.objects.filter(person=cast.holder).update(state=state)
    assert client.get(path(cast.holder)).status_code == 404


def test_a_hold_takes_no_page_away(cast: Cast, client: Client) -> None:
    Award.objects.filter(person=cast.holder).update(state="on_hold")
    text = client.get(path(cast.holder)).text
    assert "On hold" in text
    assert "Holds the award" not in text


@pytest.mark.parametrize(
    ("setting", "readers"),
    [
        ("everyone", {"stranger", "outsider", "holder", "office_1", "nominator"}),
        ("holders", {"holder", "office_1", "nominator"}),
        ("office", {"office_1", "nominator"}),
    ],
)
def test_each_part_is_seen_by_those_it_is_for(
    cast: Cast, house: House, sign_in, setting: str, readers: set[str]
) -> None:
    her = cast.nominator
    AwardFactory(person=her, area=house.directory)
    ContributionFactory(person=her, title="How to trace a packet")
    PersonLink.objects.create(person=her, kind="website", url="https://teodora.example/")
    her.headline, her.biography, her.city, her.languages = "Patient answers", "Since 1999.", "Cluj", ["ro"]
    her.visibility = dict.fromkeys(visibility.PARTS, setting)
    her.save()
    for reader in ("stranger", "outsider", "holder", "office_1", "nominator"):
        text = sign_in(getattr(cast, reader, None)).get(path(her)).text
        for part in (
            "Patient answers",
            "Since 1999.",
            "Cluj",
            "Romanian",
            "teodora.example",
            "trace a packet",
        ):
            assert (part in text) == (reader in readers), (reader, part)


def test_a_contribution_says_itself_who_sees_it(cast: Cast, sign_in) -> None:
    ContributionFactory(person=cast.holder, title="A talk for holders", visibility="holders")
    ContributionFactory(person=cast.holder, title="A note for the office", visibility="office")
    assert "A talk for holders" not in sign_in(None).get(path(cast.holder)).text
    mine = sign_in(cast.holder).get(path(cast.holder)).text
    assert "A talk for holders" in mine
    assert "A note for the office" in mine


def test_the_months_are_drawn_and_written(cast: Cast, client: Client) -> None:
    for month in (1, 1, 3):
        start = clock.today().replace(day=1) - dt.timedelta(days=30 * month)
        ContributionFactory(person=cast.holder, starts=start, quantity=2)
    kind = client.get(path(cast.holder)).context["kinds"][0]
    assert (kind.name, kind.total, kind.entries) == ("Article", 6, 3)
    assert len(kind.months) == 12


def test_contributions_older_than_a_year_are_not_drawn(cast: Cast, client: Client) -> None:
    ContributionFactory(person=cast.holder, starts=clock.today() - dt.timedelta(days=500))
    assert client.get(path(cast.holder)).context["kinds"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_profile_costs_the_same_with_one_and_three_contributions(
    cast: Cast, client: Client, count: int, django_assert_num_queries
) -> None:
    ContributionFactory.create_batch(count, person=cast.holder)
    with django_assert_num_queries(
        3 + 1
    ):  # the version says that there are neither links nor summits; a new program
        client.get(path(cast.holder))
    PersonLink.objects.create(person=cast.holder, kind="website", url="https://agnes.example/")
    with django_assert_num_queries(4 + 1):  # the door asks for the version too
        assert "agnes.example" in client.get(path(cast.holder)).text


def test_an_old_address_leads_to_todays(cast: Cast, client: Client) -> None:
    OldSlug.objects.create(slug="agnes-before", person=cast.holder)
    response = client.get("/people/agnes-before/")
    assert (response.status_code, response["Location"]) == (301, path(cast.holder))


def test_a_merged_person_leads_to_the_one_that_was_kept(cast: Cast, client: Client) -> None:
    twin = PersonFactory(slug="agnes-twin", merged_into=cast.holder)
    assert client.get(path(twin))["Location"] == path(cast.holder)


def test_an_old_address_of_somebody_hidden_leads_nowhere(cast: Cast, client: Client) -> None:
    OldSlug.objects.create(slug="ilmars-before", person=cast.nominee)
    assert client.get("/people/ilmars-before/").status_code == 404


@pytest.mark.parametrize("part", ["", "contributions/", "card.png", f"photo/{'0' * 16}.jpg"])
def test_an_erased_page_is_gone_with_its_pictures(cast: Cast, client: Client, part: str) -> None:
    Tombstone.objects.create(slug_digest=slug_digest("eve-erased"), erased_on=clock.today())
    response = client.get(f"/people/eve-erased/{part}")
    assert response.status_code == 410
    assert "This profile was erased" in response.text
    assert client.get(f"/people/nobody-at-all/{part}").status_code == 404


def test_the_panel_of_an_award_has_its_code_and_for_its_holder_its_papers(cast: Cast, sign_in) -> None:
    award = cast.holder.awards.latest("first_year")
    for_holder = ("Add to LinkedIn", f"/awards/{award.key}/certificate.pdf")
    for page, client in (
        ("", sign_in(None)),
        ("?as=everyone", sign_in(cast.holder)),
        ("", sign_in(cast.holder)),
    ):
        text = client.get(path(cast.holder) + page).text
        assert f'src="/awards/{award.key}/code.svg"' in text
        assert f'alt="QR code that opens http://localhost:8000/awards/{award.key}/"' in text
        mine = client.get("/me/").status_code == 200 and not page
        assert [words in text for words in for_holder] == [mine, mine]


def test_an_erased_person_has_no_page(cast: Cast, client: Client) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(erased_at=clock.now())
    assert client.get(path(cast.holder)).status_code == 404


def test_who_has_died_is_remembered(cast: Cast, house: House, client: Client) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(deceased=True)
    cast.holder.awards.filter(first_year=house.program.current_year).delete()
    text = client.get(path(cast.holder)).text
    assert "In memoriam" in text
    assert "Alumni" not in text


def test_who_held_it_once_is_alumni(cast: Cast, house: House, client: Client) -> None:
    cast.holder.awards.filter(first_year__gt=2002).delete()
    text = client.get(path(cast.holder)).text
    assert "Alumni" in text
    assert "2 award years, the last in 2002" in text


def test_search_engines_are_asked_to_stay_away_where_the_person_wishes(cast: Cast, client: Client) -> None:
    assert "noindex" not in client.get(path(cast.holder)).text
    Person.objects.filter(pk=cast.holder.pk).update(listed=False)
    assert '<meta name="robots" content="noindex">' in client.get(path(cast.holder)).text


def test_markup_and_scripts_stay_text(cast: Cast, client: Client) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(
        biography="<script>alert(1)</script>", headline="<b>x</b>"
    )
    PersonLink.objects.create(person=cast.holder, kind="website", url="javascript:alert(1)")
    text = client.get(path(cast.holder)).text
    assert "<script>alert" not in text
    assert "<b>x" not in text
    assert "javascript:" not in text


def test_who_hides_their_page_is_neither_found_nor_listed_and_the_award_stays_proved(
    cast: Cast, sign_in
) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(hidden=True)
    assert sign_in(None).get(path(cast.holder)).status_code == 404
    assert sign_in(cast.outsider).get(path(cast.holder)).status_code == 404
    assert "Ágnes Kővári" not in sign_in(None).get("/roster/").text
    own = sign_in(cast.holder).get(path(cast.holder)).text
    assert "This page is hidden" in own
    assert "noindex" in own
    proof = sign_in(None).get(f"/awards/{cast.holder.awards.first().key}/")
    assert proof.status_code == 200
    assert "Ágnes Kővári" in proof.text
    assert f'href="{path(cast.holder)}"' not in proof.text


def test_an_old_address_of_a_hidden_page_leads_nowhere(cast: Cast, client: Client) -> None:
    OldSlug.objects.create(slug="agnes-before", person=cast.holder)
    Person.objects.filter(pk=cast.holder.pk).update(hidden=True)
    assert client.get("/people/agnes-before/").status_code == 404


@pytest.mark.parametrize(
    ("seen", "shown"), [("", True), ("?as=holders", True), ("?as=everyone", False), ("?as=x", True)]
)
def test_a_page_can_be_looked_at_as_others_see_it(cast: Cast, sign_in, seen: str, shown: bool) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(
        headline="Patient answers", visibility={"headline": "holders"}
    )
    for reader in (cast.holder, cast.office_1):
        assert ("Patient answers" in sign_in(reader).get(path(cast.holder) + seen).text) is shown
    assert "Patient answers" not in sign_in(cast.outsider).get(f"{path(cast.holder)}?as=holders").text


def test_machines_read_a_person_with_awards(cast: Cast, client: Client) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(
        headline="</script><b>", biography="x", visibility={"languages": "office"}, languages=["hu"]
    )
    text = client.get(path(cast.holder)).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    assert (data["@type"], data["name"], data["description"]) == ("Person", "Ágnes Kővári", "</script><b>")
    assert len(data["award"]) == len(data["hasCredential"]) == 4
    assert {one["identifier"] for one in data["hasCredential"]} == {
        a.number for a in cast.holder.awards.all()
    }
    assert "knowsLanguage" not in data
    assert "@community.example" not in text


def test_a_shared_link_has_a_picture(cast: Cast, client: Client) -> None:
    text = client.get(path(cast.holder)).text
    assert f'property="og:image" content="http://localhost:8000{path(cast.holder)}card.png"' in text
    card = client.get(f"{path(cast.holder)}card.png")
    assert Image.open(io.BytesIO(card.content)).size == (1200, 630)
    Person.objects.filter(pk=cast.holder.pk).update(name="李伟", latin_name="")
    assert client.get(f"{path(cast.holder)}card.png").content != card.content
    assert client.get(f"{path(cast.nominee)}card.png").status_code == 404


def test_all_contributions_that_are_shown_have_a_page(cast: Cast, sign_in) -> None:
    for number in range(7):
        ContributionFactory(person=cast.holder, title=f"Talk number {number}")
    ContributionFactory(person=cast.holder, title="For the office", visibility="office")
    page = f"{path(cast.holder)}contributions/"
    text = sign_in(None).get(page).text
    assert text.count("Talk number") == 7
    assert "For the office" not in text
    assert "For the office" in sign_in(cast.holder).get(page).text
    Person.objects.filter(pk=cast.holder.pk).update(visibility={"contributions": "office"})
    assert "Talk number" not in sign_in(None).get(page).text


def test_a_verified_link_says_so(cast: Cast, client: Client) -> None:
    url = "https://agnes.example/"
    PersonLink.objects.create(person=cast.holder, kind="website", url=url, verified_at=clock.now())
    PersonLink.objects.create(person=cast.holder, kind="website", url="https://other.example/", position=1)
    text = client.get(path(cast.holder)).text
    assert f'href="{url}" rel="me"' in text
    assert 'href="https://other.example/" rel="me nofollow ugc"' in text


def test_who_left_in_bad_standing_is_not_called_alumni(cast: Cast, client: Client) -> None:
    cast.holder.awards.filter(first_year__gt=2002).delete()
    cast.holder.awards.update(good_standing=False)
    text = client.get(path(cast.holder)).text
    assert "Alumni" not in text
    assert "2 award years, the last in 2002" in text


@pytest.mark.parametrize("name", ["X", "李", "😀", "…", "Null", "Edit"])
def test_short_and_strange_names_have_pages(house: House, client: Client, name: str) -> None:
    people = [create_person(name=name, by=None) for _twice in range(2)]
    for one in people:
        AwardFactory(person=one, area=house.networking)
        assert client.get(path(one)).status_code == 200
        assert client.get(f"{path(one)}card.png").status_code == 200
    assert people[0].slug != people[1].slug
    assert len(client.get("/roster/").context["lines"]) == 2


def test_a_page_that_is_as_it_was_answers_so_and_one_that_changed_does_not(
    cast: Cast, client: Client, django_assert_num_queries
) -> None:
    link = PersonLink.objects.create(person=cast.holder, kind="website", url="https://agnes.example/")
    entry = ContributionFactory(person=cast.holder)
    changes = [
        lambda: Person.objects.filter(pk=cast.holder.pk).update(city="Pécs"),
        lambda: cast.holder.awards.filter(first_year=2002).update(note="Founding year"),
        lambda: PersonLink.objects.filter(pk=link.pk).update(verified_at=clock.now()),
        lambda: Contribution.objects.filter(pk=entry.pk).update(title="Another title"),
        lambda: Contribution.objects.filter(pk=entry.pk).delete(),
        lambda: change_photo(cast.holder, file(), by=cast.holder.user),
    ]
    for change in changes:
        tag = client.get(path(cast.holder))["ETag"]
        with django_assert_num_queries(1):
            assert client.get(path(cast.holder), headers={"If-None-Match": tag}).status_code == 304
        change()
        assert client.get(path(cast.holder), headers={"If-None-Match": tag}).status_code == 200


def test_a_kept_page_is_never_that_of_somebody_who_sees_more(cast: Cast, sign_in) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(city="Pécs", visibility={"city": "holders"})
    assert "Pécs" in sign_in(cast.holder).get(path(cast.holder)).text
    assert "Pécs" not in sign_in(None).get(path(cast.holder)).text
    assert "Pécs" in sign_in(cast.holder).get(path(cast.holder)).text
    german = sign_in(None).get(path(cast.holder), headers={"Accept-Language": "de"})
    assert "Trägt" in german.text or "Auszeichnung" in german.text


def test_the_newest_words_of_an_award_are_quoted(cast: Cast, client: Client) -> None:
    AwardFactory(person=cast.holder, first_year=2003, citation="For answers <b>at night</b>.")
    AwardFactory(person=cast.holder, first_year=2004)
    page = client.get(f"/people/{cast.holder.slug}/").content.decode()
    quote = page.partition('<blockquote class="quote">')[2].partition("</blockquote>")[0]
    assert "For answers &lt;b&gt;at night&lt;/b&gt;." in quote
    assert "2003" in quote


def test_a_profile_belongs_to_the_roster(cast: Cast, client: Client) -> None:
    AwardFactory(person=cast.holder)
    page = client.get(f"/people/{cast.holder.slug}/").content.decode()
    assert '<a href="/roster/" aria-current="true">' in page


@pytest.mark.parametrize("field", ["listed", "hidden"])
def test_the_page_of_an_award_is_found_unless_its_holder_wishes_otherwise(
    cast: Cast, client: Client, field: str
) -> None:
    award = AwardFactory(person=cast.holder)
    address = f"/awards/{award.key}/"
    assert "noindex" not in client.get(address).text
    Person.objects.filter(pk=cast.holder.pk).update(**{field: field == "hidden"})
    assert '<meta name="robots" content="noindex">' in client.get(address).text
    Person.objects.filter(pk=cast.holder.pk).update(**{field: field != "hidden"})
    Award.objects.filter(pk=award.pk).update(state="revoked")
    assert '<meta name="robots" content="noindex">' in client.get(address).text


def test_who_logged_nothing_lately_is_not_asked_for_contributions(
    cast: Cast, client: Client, django_assert_num_queries
) -> None:
    ContributionFactory(person=cast.holder, starts=clock.today() - dt.timedelta(days=500))
    with django_assert_num_queries(1 + 1):  # a new program
        assert "Recent contributions" not in client.get(path(cast.holder)).text


def test_a_profile_and_its_version_come_with_one_statement(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found, version = profile_and_version(cast.holder.slug)
    assert (found, version) == (cast.holder, profile_version(cast.holder.slug))
    seen_by_office = profile_visible_to(cast.office_1.user, cast.holder.slug)
    assert found.standing_awards == seen_by_office.standing_awards != []
    assert profile_and_version(cast.nominee.slug) == (None, None)
