"""The roster: who is on it, what finds them, and that no address breaks it."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.test import Client

from awards.models import Award
from charter.models import AreaSuccession, CountryAlias
from people import names
from people.models import Person
from tests.cast import Cast, House
from tests.factories import AreaFactory, AwardFactory, PersonFactory


def holder(name: str, **fields) -> Person:
    person = PersonFactory(name=name, **fields)
    names.set_name(person, name, fields.get("latin_name", ""))
    person.save()
    return person


def shown(client: Client, **query) -> list[str]:
    response = client.get("/roster/?" + urlencode(query, doseq=True))
    assert response.status_code == 200
    return [line.person.name for line in response.context["lines"]]


@pytest.fixture
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
    counts = response.context["overview"].counts
    assert counts["area"] == {"spreadsheets": 1}
    assert counts["year"] == {str(house.program.current_year - n): 1 for n in range(5)}


def test_each_count_is_what_choosing_it_finds(roster: dict, client: Client) -> None:
    counts = client.get("/roster/?q=a").context["overview"].counts
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
    assert response.context["lines"] == []
    assert "Łukasz Żółtowski" in response.text


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
    with django_assert_num_queries(10):
        client.get("/roster/?area=networking")
    with django_assert_num_queries(13):  # and the names of areas, the countries' other spellings
        client.get("/roster/?area=networking&q=ann+windows")


def test_nobody_yet_is_said_kindly(house: House, client: Client) -> None:
    assert "Nobody holds the award yet" in client.get("/roster/").text


def test_a_name_cannot_smuggle_markup(house: House, client: Client) -> None:
    AwardFactory(person=holder("<b>Eve</b> Markup"), area=house.networking)
    assert "<b>Eve" not in client.get("/roster/").text
