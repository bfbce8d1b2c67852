"""The roster: who is on it, what finds them, and that no address breaks it."""

import datetime as dt
from itertools import product
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from awards import loading
from awards import roster as rosters
from awards import search as searching
from awards.filters import RosterFilter
from awards.models import Award
from charter.models import AreaSuccession, CountryAlias
from common import clock
from people import names
from people.models import Person, Visibility
from tests.cast import Cast, House
from tests.factories import AreaFactory, AwardFactory, PersonFactory
from tests.kept import kept_fixture


def holder(name: str, **fields) -> Person:
    person = PersonFactory(name=name, **fields)
    names.set_name(person, name, fields.get("latin_name", ""))
    person.save()
    return person


def shown(client: Client, **query) -> list[str]:
    response = client.get("/roster/?" + urlencode(query, doseq=True))
    assert response.status_code == 200
    return [line.person.name for line in response.context["lines"]]


@kept_fixture
def roster(house: House) -> dict[str, Person]:
    """Łukasz holds two areas now; Marta held spreadsheets in 2010 and 2011; Chén began this year."""
    year = house.program.current_year
    people = {
        "lukasz": holder("Łukasz Żółtowski", country="PL", city="Łódź", languages=["pl", "en"]),
        "marta": holder("Marta Abreu", country="PT"),
        "chen": holder("陈伟", latin_name="Wei Chen", country="CN"),
    }
    for area in (house.networking, house.directory):
        for past in range(5):
            AwardFactory(person=people["lukasz"], area=area, first_year=year - past)
    for past in (2010, 2011):
        AwardFactory(person=people["marta"], area=house.spreadsheets, first_year=past, region=house.iberia)
    AwardFactory(person=people["chen"], area=house.spreadsheets, first_year=year)
    CountryAlias.objects.create(alias="polska", country="PL")
    return people


def test_a_text_that_finds_many_is_answered_as_one_that_finds_few(
    roster: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = loading.loaded(loading.roster_version())
    texts = ["l", "chen", "spreadsheets", "spreadsheets marta", "polska lukasz", "e portugal", "nobody"]
    queries = ["", "year=2010", "area=spreadsheets&standing=holders", "tenure=first-year&sort=years"]
    for text, query in product(texts, queries):
        asked = RosterFilter(QueryDict(f"q={text}&{query}"), viewer=Visibility.EVERYONE, loaded=loaded).search
        said = []
        for few in (10, -1):
            monkeypatch.setattr(searching, "FEW_PEOPLE", few)
            found = rosters.find(asked)
            left_out = [found.found.total_without(name) for name in asked.answers]
            said.append((found.people, found.places(0, 9).tolist(), found.counts, left_out, found.by_country))
            loaded.counted.clear()
        assert said[0] == said[1], (text, query)


def test_everybody_is_listed_once_holders_first_then_by_family_name(roster: dict, client: Client) -> None:
    assert shown(client) == ["陈伟", "Łukasz Żółtowski", "Marta Abreu"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "Marta Abreu"), ("years", "Łukasz Żółtowski"), ("newest", "陈伟"), ("?", "陈伟")],
)
def test_the_order_can_be_chosen(roster: dict, client: Client, sort: str, first: str) -> None:
    assert shown(client, sort=sort)[0] == first


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lukasz", ["Łukasz Żółtowski"]),
        ("ŻÓŁTOWSKI łukasz", ["Łukasz Żółtowski"]),
        ("zolt", ["Łukasz Żółtowski"]),
        ("chen", ["陈伟"]),
        ("陈", ["陈伟"]),
        ("lodz", ["Łukasz Żółtowski"]),
        ("portugal", []),
        ("spreadsheets", ["陈伟", "Marta Abreu"]),
        ("spreadsheets marta", ["Marta Abreu"]),
        ("directory poland", ["Łukasz Żółtowski"]),
        ("polska", ["Łukasz Żółtowski"]),
        ("ma", ["Marta Abreu"]),
        ("ta", []),
        ("%", ["陈伟", "Łukasz Żółtowski", "Marta Abreu"]),
    ],
)
def test_text_finds_names_technologies_and_places(
    roster: dict, client: Client, text: str, found: list[str]
) -> None:
    Award.objects.filter(person=roster["marta"]).update(country="BR")  # where she lived then
    assert shown(client, q=text) == found


def test_a_city_that_is_kept_for_the_office_is_not_searched(roster: dict, client: Client) -> None:
    Person.objects.filter(pk=roster["lukasz"].pk).update(visibility={"city": "office"})
    assert shown(client, q="lodz") == []


def test_a_city_for_holders_is_searched_by_holders(roster: dict, cast: Cast, sign_in) -> None:
    Person.objects.filter(pk=roster["lukasz"].pk).update(visibility={"city": "holders"})
    assert shown(sign_in(cast.holder), q="lodz") == ["Łukasz Żółtowski"]
    assert shown(sign_in(cast.outsider), q="lodz") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"area": "spreadsheets"}, ["陈伟", "Marta Abreu"]),
        ({"area": ["directory", "networking"]}, ["Łukasz Żółtowski"]),
        ({"category": "office-tools"}, ["陈伟", "Marta Abreu"]),
        ({"region": "iberia"}, ["Marta Abreu"]),
        ({"country": "CN"}, ["陈伟"]),
        ({"year": "2010"}, ["Marta Abreu"]),
        ({"year": ["2010", "2011"], "area": "networking"}, []),
        ({"language": "pl"}, ["Łukasz Żółtowski"]),
        ({"tenure": "5-to-9-years"}, ["Łukasz Żółtowski"]),
        ({"tenure": "first-year"}, ["陈伟"]),
        ({"tenure": "first-year", "year": "2010"}, ["Marta Abreu"]),
        ({"tenure": "first-year", "year": "2011"}, []),
    ],
)
def test_filters_go_by_the_values_of_the_award(
    roster: dict, client: Client, query: dict, found: list[str]
) -> None:
    assert shown(client, **query) == found


def test_a_technology_brings_its_successors(roster: dict, house: House, client: Client) -> None:
    old = AreaFactory(slug="tables", name="Tables", category=house.office_tools)
    AreaSuccession.objects.create(
        area=old, successor=house.spreadsheets, kind="renamed", on=dt.date(2005, 1, 1)
    )
    assert shown(client, area="tables") == ["陈伟", "Marta Abreu"]


def test_an_open_ended_award_counts_for_every_year_since(roster: dict, house: House, client: Client) -> None:
    AwardFactory(person=roster["marta"], area=house.networking, first_year=2015, last_year=None)
    assert "Marta Abreu" in shown(client, year=str(house.program.current_year))


@pytest.mark.parametrize("state", ["on_hold", "resigned", "revoked"])
def test_awards_that_do_not_stand_are_not_listed(roster: dict, client: Client, state: str) -> None:
    Award.objects.filter(person=roster["chen"]).update(state=state)
    assert "陈伟" not in shown(client)


def test_counts_leave_their_own_question_out(roster: dict, house: House, client: Client) -> None:
    response = client.get("/roster/?area=networking&year=2010")
    counts = response.context["result"].counts
    assert counts["area"] == {"spreadsheets": 1}
    assert counts["year"] == {str(house.program.current_year - n): 1 for n in range(5)}


def test_each_count_is_what_choosing_it_finds(roster: dict, client: Client) -> None:
    counts = client.get("/roster/?q=a").context["result"].counts
    for question, answers in counts.items():
        for answer, number in answers.items():
            assert len(shown(client, q="a", **{question: answer})) == number, (question, answer)


def test_chips_take_one_filter_away(roster: dict, client: Client) -> None:
    chips = client.get("/roster/?area=networking&year=2010&sort=name").context["asked"].chips()
    assert [chip["label"] for chip in chips] == ["Windows Server – Networking", "2010"]
    assert chips[0]["href"] == "/roster/?sort=name&year=2010"


def test_an_unknown_answer_is_named_and_left_out(roster: dict, client: Client) -> None:
    response = client.get("/roster/?area=gardening&country=CN")
    assert [line.person.name for line in response.context["lines"]] == ["陈伟"]
    assert "gardening" in response.text


def test_a_misspelt_name_gets_a_suggestion(roster: dict, client: Client) -> None:
    response = client.get("/roster/?q=zoltowsky")
    assert [line.person.name for line in response.context["lines"]] == ["Łukasz Żółtowski"]
    assert "Nothing is written quite like this" in response.text
    assert "Nothing is written" not in client.get("/roster/?q=zoltowski").text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lukazs", ["Łukasz Żółtowski"]),  # two letters swapped
        ("matra abreu", ["Marta Abreu"]),
        ("lodzz", ["Łukasz Żółtowski"]),
        ("spreadsheats", ["陈伟", "Marta Abreu"]),
        ("portugul", ["Marta Abreu"]),
        ("qzx", []),
    ],
)
def test_small_mistakes_are_forgiven(roster: dict, client: Client, text: str, found: list[str]) -> None:
    assert shown(client, q=text) == found


def test_who_held_it_once_is_found_as_alumni(roster: dict, client: Client) -> None:
    assert shown(client, standing="alumni") == ["Marta Abreu"]
    assert shown(client, standing="holders") == ["陈伟", "Łukasz Żółtowski"]
    Person.objects.filter(pk=roster["marta"].pk).update(deceased=True)
    assert shown(client, standing="in-memoriam") == ["Marta Abreu"]


def test_who_left_in_bad_standing_is_not_called_alumni(roster: dict, client: Client) -> None:
    Award.objects.filter(person=roster["marta"], first_year=2011).update(good_standing=False)
    assert shown(client, standing="alumni") == []
    assert "Marta Abreu" in shown(client)


def test_a_search_that_finds_nobody_says_which_question_to_drop(roster: dict, client: Client) -> None:
    response = client.get("/roster/?country=CN&year=2010")
    ways = {str(way["title"]): (way["href"], way["people"]) for way in response.context["ways_out"]}
    assert ways == {"Country": ("/roster/?year=2010", 1), "Award year": ("/roster/?country=CN", 1)}
    assert "Without “Country”" in response.text


def test_a_text_that_finds_nobody_among_the_filters_can_be_dropped_alone(
    roster: dict, client: Client
) -> None:
    response = client.get("/roster/?q=qqzx&country=CN")
    ways = [(way["title"], way["href"], way["people"]) for way in response.context["ways_out"]]
    assert ways == [("qqzx", "/roster/?country=CN", 1)]
    assert client.get("/roster/?q=qqzx").context["ways_out"] == []


def test_the_year_can_be_switched_back_to_the_first(roster: dict, house: House, client: Client) -> None:
    years = client.get("/roster/?year=2010&area=spreadsheets").context["asked"].years()
    assert [years[0][0], years[-1][0]] == [str(house.program.current_year), str(house.program.first_year)]
    assert [year for year, is_chosen in years if is_chosen] == ["2010"]


def test_the_map_shows_where_those_found_are(roster: dict, client: Client) -> None:
    response = client.get("/roster/?view=map&area=spreadsheets")
    rows = response.context["map"].rows
    assert [(row.name, row.people, row.href) for row in rows] == [
        ("China", 1, "/roster/?area=spreadsheets&country=CN"),
        ("Portugal", 1, "/roster/?area=spreadsheets&country=PT"),
    ]
    assert 'class="map__c map__1"' in response.text


def test_the_same_people_can_be_kept_as_a_table(roster: dict, client: Client) -> None:
    Person.objects.filter(pk=roster["marta"].pk).update(name="=Marta()")
    response = client.get("/roster/roster.csv?area=spreadsheets&sort=name&view=map")
    lines = response.text.splitlines()
    assert response["Content-Disposition"] == 'attachment; filename="roster.csv"'
    assert lines[0] == (
        "\ufeffName,Technology,Place,Award years,First year,Last year,Years held,Remark,Profile"
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["'=Marta()", "陈伟"]


def test_a_text_that_finds_too_many_is_not_counted(roster: dict, client: Client, monkeypatch) -> None:
    monkeypatch.setattr(rosters, "COUNTED_WITH_TEXT", 1)
    response = client.get("/roster/?q=spreadsheets&year=2010")
    assert "1+ people" not in response.text  # a filter leaves one person
    response = client.get("/roster/?q=spreadsheets")
    assert "1+ people" in response.text
    facet = response.context["facets"][0]
    assert {option["count"] for option in facet.options} == {None}
    assert len(response.context["lines"]) == 1


def test_every_page_is_reached_and_the_last_is_read_like_the_first(house: House, client: Client) -> None:
    for number in range(45):
        AwardFactory(person=holder(f"Ann Number{number:02}"), area=house.networking)
    names_shown = [name for page in (1, 2, 3) for name in shown(client, page=page)]
    assert names_shown == [f"Ann Number{number:02}" for number in range(45)]
    assert shown(client, page=10**9) == names_shown[40:]


def test_what_changes_is_seen_at_the_next_request(roster: dict, house: House, client: Client) -> None:
    assert shown(client, q="marta") == ["Marta Abreu"]
    Person.objects.filter(pk=roster["marta"].pk).update(erased_at=clock.now())
    assert shown(client, q="marta") == []
    house.spreadsheets.name = "Tabular thinking"
    house.spreadsheets.save()
    assert shown(client, q="tabular") == ["陈伟"]


def test_an_unchanged_page_answers_304_until_something_changes(
    roster: dict, client: Client, django_assert_num_queries
) -> None:
    tag = client.get("/roster/?q=marta")["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/roster/?q=marta", headers={"If-None-Match": tag}).status_code == 304
    Person.objects.filter(pk=roster["marta"].pk).update(headline="Answers at night")
    again = client.get("/roster/?q=marta", headers={"If-None-Match": tag})
    assert "Answers at night" in again.text


def test_a_large_roster_is_read_beside_the_requests(roster: dict, client: Client, monkeypatch) -> None:
    shown(client)
    started: list[tuple[int, int]] = []
    monkeypatch.setattr(loading, "SMALL_ROWS", 0)
    monkeypatch.setattr(loading, "_read_beside", started.append)
    Person.objects.filter(pk=roster["marta"].pk).update(name="Marta B.")
    assert len(shown(client)) == 3
    assert started == []  # read a moment ago
    with clock.at(clock.now() + dt.timedelta(seconds=21)):
        client.get("/roster/")
    assert len(started) == 1


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=1000000000",
        "page=%E2%91%A0",
        "page=" + "9" * 5000,
        "q=" + "x" * 10_000,
        "&".join(f"area=a{n}" for n in range(200)),
        "year=20225&year=-1&year=' OR 1=1",
        "sort='; DROP TABLE x; --&tenure=%FF%FE",
        "q=%25_%5C%27%22<script>alert(1)</script>",
        "q=%E2%80%AE%F0%9F%99%82",
        "country=XX&language=zz&region=%F0%9F%99%82",
    ],
)
def test_any_query_string_is_answered(roster: dict, client: Client, query: str) -> None:
    response = client.get(f"/roster/?{query}")
    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_at_one_and_three(
    house: House, client: Client, people: int, django_assert_num_queries
) -> None:
    for number in range(people):
        AwardFactory(person=holder(f"Ann Number{number}"), area=house.networking)
    client.get("/roster/")  # read once
    with django_assert_num_queries(2):  # has anything changed? who are they?
        client.get("/roster/?area=networking&q=ann+windows")


def test_nobody_yet_is_said_kindly(house: House, client: Client) -> None:
    assert "Nobody holds the award yet" in client.get("/roster/").text


def test_a_name_cannot_smuggle_markup(house: House, client: Client) -> None:
    AwardFactory(person=holder("<b>Eve</b> Markup"), area=house.networking)
    assert "<b>Eve" not in client.get("/roster/").text


def test_links_to_other_pages_leave_out_what_nobody_knows(house: House, client: Client) -> None:
    for number in range(25):
        AwardFactory(person=holder(f"Ann Number{number:02}"), area=house.networking)
    text = client.get("/roster/?area=nowhere&area=networking&q=ann&colour=red").text
    assert 'href="?q=ann&amp;area=networking&amp;page=2" rel="next"' in text
