"""Who holds the award in numbers, and what came of each cycle."""

import csv
import datetime as dt
from typing import Any

import pytest
from django.test import Client

from awards.models import Award
from charter.models import Cycle
from common import clock
from nominations.models import Nomination
from selection.actions import publish_report
from selection.models import Release
from tests import factories
from tests.cast import House

pytestmark = pytest.mark.django_db


def table(client: Client, name: str) -> list[list[str]]:
    text = client.get(f"/numbers/{name}.csv").content.decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]


def hold(house: House, number: int, **given: Any) -> list[Award]:
    year = house.program.current_year
    facts = {"area": house.networking, "first_year": year, "last_year": year} | given
    return [factories.AwardFactory(person=factories.PersonFactory(), **facts) for _n in range(number)]


def decide(house: House, *, released: bool = True, **counts: int) -> None:
    """Cases of the cycle by state; its main letters are out or planned."""
    now = clock.now()
    for state, number in counts.items():
        for _n in range(number):
            factories.NominationFactory(
                cycle=house.cycle, area=house.networking, category=house.servers, region=house.baltics, state=state,
                nominee=factories.PersonFactory(), completed_at=now - dt.timedelta(days=30),
            )  # fmt: skip
    release = Release.objects.create(
        cycle=house.cycle, prepared_at=now, scheduled_at=now, state="released" if released else "planned",
        released_at=now if released else None,
    )  # fmt: skip
    publish_report(release)


def test_holders_are_counted_by_country_technology_region_and_years(client: Client, house: House) -> None:
    hold(house, 2, country="LV", region=house.baltics)
    hold(house, 1, country="ES", region=house.iberia, first_year=house.program.current_year - 2)
    page = client.get("/numbers/").content.decode()
    assert f"3 holders in {house.program.current_year}" in page
    assert table(client, "countries") == [["Latvia", "2"], ["Spain", "1"]]
    assert table(client, "regions") == [["Baltics", "2"], ["Iberia", "1"]]
    assert table(client, "technologies") == [[house.networking.name, "3"]]
    assert table(client, "tenure") == [["1", "2"], ["3", "1"]]
    assert table(client, "years")[-1] == [str(house.program.current_year), "3", "2", "67"]


@pytest.mark.parametrize("number", [1, 3])
def test_one_and_three_holders_take_as_many_statements(
    client: Client, house: House, number: int, django_assert_num_queries: Any
) -> None:
    hold(house, number)
    for address, statements in (("/numbers/", 5), ("/numbers/?x=1", 3), ("/numbers/?x=1", 2)):
        client.get("/numbers/years.csv")  # reads the roster
        with django_assert_num_queries(statements):
            client.get(address)


def test_the_page_stands_where_nobody_holds_anything(client: Client, house: House) -> None:
    page = client.get("/numbers/")
    assert page.status_code == 200
    assert "No cycle has been decided here yet" in page.content.decode()


def test_a_report_says_what_came_of_a_cycle(client: Client, house: House) -> None:
    decide(house, awarded=6, not_awarded=14, ineligible=5, expired=7)
    page = client.get(f"/numbers/{house.cycle.slug}/").content.decode()
    assert "6 (24 %)" in page
    assert "30 days (median)" in page
    text = client.get(f"/numbers/{house.cycle.slug}/report.csv").content.decode("utf-8-sig")
    rows = {tuple(row) for row in csv.reader(text.splitlines())}
    assert ("By region", "Baltics", "25", "6") in rows
    assert ("What became of the decided cases", "Not eligible", "5") in rows


def test_a_cycle_is_called_what_the_reader_calls_it(client: Client, house: House) -> None:
    Cycle.objects.update(name=f"{house.cycle.award_year} cycle")
    decide(house, awarded=6, not_awarded=14)
    name = f"Runde {house.cycle.award_year}"
    for address in ("/numbers/", f"/numbers/{house.cycle.slug}/", "/numbers/cycles.csv"):
        text = client.get(address, headers={"accept-language": "de"}).text
        assert (name in text, f"{house.cycle.award_year} cycle" in text) == (True, False), address


def test_few_people_are_never_told_about(client: Client, house: House) -> None:
    decide(house, awarded=2, not_awarded=2)
    page = client.get(f"/numbers/{house.cycle.slug}/").content.decode()
    assert "Too few to say" in page
    assert "Baltics" not in page
    assert table(client, "cycles") == [[house.cycle.name, "", "", "", "", ""]]
    cycles = client.get("/numbers/").content.decode().partition('id="cycles"')[2]
    assert cycles.count('<td class="n">–</td>') == 5


def test_those_who_ended_before_the_review_cannot_be_had_by_subtraction(client: Client, house: House) -> None:
    decide(house, awarded=6, not_awarded=14, ineligible=2, expired=1, declined=2)
    assert table(client, "cycles") == [[house.cycle.name, "", "22", "6", "27", "30"]]
    text = client.get(f"/numbers/{house.cycle.slug}/report.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.reader(text.splitlines()) if "decided" in row[0]]
    assert [row[1:] for row in rows] == [["Awarded", "6"], ["Another outcome", "16"]]


def test_nothing_is_said_before_the_letters_are_out(client: Client, house: House) -> None:
    decide(house, released=False, awarded=6, not_awarded=14)
    assert client.get(f"/numbers/{house.cycle.slug}/").status_code == 404
    assert client.get(f"/numbers/{house.cycle.slug}/report.csv").status_code == 404
    assert house.cycle.name not in client.get("/numbers/").content.decode()
    assert table(client, "cycles") == []
    assert Nomination.objects.count() == 20


def test_a_report_stays_as_it_was_published_whatever_becomes_of_its_cases(
    client: Client, house: House
) -> None:
    decide(house, awarded=6, not_awarded=14)
    page = client.get(f"/numbers/{house.cycle.slug}/").content.decode()
    Nomination.objects.filter(state="not_awarded").update(state="awarded", region=None)
    house.baltics.name = "Baltic states"
    house.baltics.save()
    again = client.get(f"/numbers/{house.cycle.slug}/").content.decode()
    assert "6 (30 %)" in again
    assert again == page


def test_an_older_year_is_counted_by_the_values_of_that_year(client: Client, house: House) -> None:
    year = house.program.current_year
    hold(house, 2, country="LV")
    hold(house, 1, country="ES", first_year=year - 3, last_year=year - 3)
    page = client.get(f"/numbers/?year={year - 3}").content.decode()
    assert f"One holder in {year - 3}" in page
    assert f"/numbers/countries.csv?year={year - 3}" in page
    assert f"/numbers/countries.csv?year={year - 3}" not in client.get("/numbers/").content.decode()
    answer = client.get(f"/numbers/countries.csv?year={year - 3}")
    assert answer.content.decode("utf-8-sig").split() == ["Country,Holders", "Spain,1"]
    assert f'filename="countries-{year - 3}.csv"' in answer["Content-Disposition"]


@pytest.mark.parametrize("asked", ["1066", "9999", "x", "٢٠٠٤", "2004'--", "9" * 5000])
def test_a_year_that_is_none_is_passed_over(client: Client, house: House, asked: str) -> None:
    answer = client.get(f"/numbers/?year={asked}")
    assert answer.status_code == 200
    assert f"holders in {house.program.current_year}" in answer.content.decode()
    assert client.get(f"/numbers/years.csv?year={asked}").status_code == 200


def test_who_hides_their_page_changes_no_figure(client: Client, house: House) -> None:
    hold(house, 3, country="LV")
    before = [table(client, name) for name in ("years", "countries", "regions", "technologies", "tenure")]
    for award in hold(house, 1, country="ES", region=house.iberia, area=house.spreadsheets):
        award.person.hidden = True
        award.person.save()
    assert [
        table(client, name) for name in ("years", "countries", "regions", "technologies", "tenure")
    ] == before


def test_each_chart_says_its_values_in_words(client: Client, house: House) -> None:
    hold(house, 2)
    hold(house, 1, first_year=house.program.current_year - 1)
    decide(house, awarded=6, not_awarded=14)
    page = client.get("/numbers/").content.decode()
    assert f"{house.program.current_year - 1}: 100, {house.program.current_year}: 67" in page
    assert f"Awarded, % of the decided cases: {house.cycle.award_year}: 30" in page
    assert f"letters: {house.cycle.award_year}: 30" in page


def test_an_unknown_table_is_404(client: Client) -> None:
    assert client.get("/numbers/nothing.csv").status_code == 404
