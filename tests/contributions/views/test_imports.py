"""A file handed in on a page: the check, the suggestions, taking over, undoing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import clock
from common.records import reading
from contributions import actions
from contributions.models import Contribution, ContributionImport, ImportRow
from people.models import Person
from tests.cast import Cast, House
from tests.contributions.importing.conftest import table
from tests.factories import ContributionFactory

SignIn = Callable[[Person | None], Client]
PAGES = "/me/contributions/imports/"
GATEWAYS = ["Article", "Two gateways", "2004-10-21", "", 4100]
SUBNETS = ["Article", "Mixed subnets", "2004-05-02", "", ""]


@pytest.fixture
def client(cast: Cast, house: House, sign_in: SignIn) -> Client:
    return sign_in(cast.holder)


def hand_in(client: Client, content: Any, name: str = "log.csv") -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post(PAGES, {"file": SimpleUploadedFile(name, raw)})


def checked(client: Client, *rows: list[Any]) -> str:
    """The address of a checked file."""
    answer = hand_in(client, table(*rows))
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_check_names_each_rows_fate_and_saves_nothing(client: Client) -> None:
    path = checked(client, GATEWAYS, SUBNETS, ["Article", "", "2004-05-02", "", ""])
    page = client.get(path).content.decode()
    assert "Nothing has been saved" in page
    assert "2 New, 0 Already there, 0 Changed, 1 Refused" in page
    assert "There is no title." in page
    assert "Views: 4,100" in page
    assert "No reach given. You can add it later." in page
    assert "Import 2 rows" in page
    assert not Contribution.objects.exists()


def test_confirmed_it_is_in_the_log_and_undone_it_is_gone(client: Client) -> None:
    path = checked(client, GATEWAYS, SUBNETS)
    assert client.post(f"{path}confirm/").status_code == 302
    assert Contribution.objects.count() == 2
    assert client.post(f"{path}confirm/").status_code == 302
    assert "Undo this import" in client.get(path).content.decode()
    assert client.post(f"{path}undo/").status_code == 302
    assert not Contribution.objects.exists()
    assert client.post(f"{path}confirm/").status_code == 422


def test_undoing_restores_what_changed_and_leaves_what_was_edited_since(client: Client, cast: Cast) -> None:
    client.post(f"{checked(client, GATEWAYS)}confirm/")
    path = checked(client, [*GATEWAYS[:4], 5000], SUBNETS, ["Article", "Third", "2004-01-01", "", 1])
    assert "Views 4,100 → 5,000" in client.get(path).content.decode()
    client.post(f"{path}confirm/")
    Contribution.objects.filter(title="Third").update(role="Author")
    answer = client.post(f"{path}undo/", follow=True)
    assert "2 entries were taken back. 1 stays, because you edited it since." in answer.content.decode()
    assert list(Contribution.objects.values_list("title", "reach").order_by("title")) == [
        ("Third", 1),
        ("Two gateways", 4100),
    ]


@pytest.mark.parametrize(
    ("choice", "titles", "reach"),
    [
        ("same", ["Two gateways!"], 60),
        ("file", ["Two gateways"], 4100),
        ("other", ["Two gateways", "Two gateways!"], 60),
        ("nonsense", ["Two gateways!"], 60),
    ],
)
def test_a_person_decides_what_is_the_same(
    choice: str, titles: list[str], reach: int, client: Client, cast: Cast, house: House
) -> None:
    entry = ContributionFactory(
        person=cast.holder, type=house.article, title="Two gateways!", starts="2004-10-21", reach=60, url=""
    )
    path = checked(client, GATEWAYS)
    page = client.get(path).content.decode()
    assert "One row may be there already" in page
    assert "0 New, 1 Already there" in page
    assert client.post(f"{path}confirm/", {"row-2": choice, "row-x": "same"}).status_code == 302
    assert sorted(Contribution.objects.values_list("title", flat=True)) == titles
    entry.refresh_from_db()
    assert entry.reach == reach
    client.post(f"{path}undo/")
    assert list(Contribution.objects.values_list("title", "reach")) == [("Two gateways!", 60)]


def test_what_was_deleted_since_is_not_said_to_stay(client: Client, cast: Cast) -> None:
    path = checked(client, GATEWAYS, SUBNETS)
    client.post(f"{path}confirm/")
    actions.delete_contribution(Contribution.objects.get(title="Two gateways"), by=None)
    answer = client.post(f"{path}undo/", follow=True)
    assert "1 entry was taken back." in answer.content.decode()
    assert "edited" not in answer.content.decode().partition("1 entry was taken back.")[2][:80]


def test_parts_of_a_series_are_not_the_same(client: Client, cast: Cast, house: House) -> None:
    ContributionFactory(person=cast.holder, type=house.article, title="Gateways, part 1", starts="2004-10-21")
    page = client.get(checked(client, ["Article", "Gateways, part 2", "2004-10-21", "", ""])).content.decode()
    assert "may be there already" not in page


def test_a_log_that_changed_in_between_is_looked_at_again(client: Client, cast: Cast, house: House) -> None:
    path = checked(client, GATEWAYS)
    ContributionFactory(person=cast.holder, type=house.article, title="Two gateways", starts="2004-10-21")
    answer = client.post(f"{path}confirm/")
    assert answer.status_code == 409
    assert "Your log has changed since" in answer.content.decode()
    assert Contribution.objects.count() == 1


def test_cancelled_nothing_is_kept(client: Client) -> None:
    path = checked(client, GATEWAYS)
    assert client.post(f"{path}discard/").status_code == 302
    assert client.get(path).status_code == 404
    assert not ContributionImport.objects.exists()


def test_the_report_is_a_table_that_runs_nothing(client: Client) -> None:
    path = checked(client, ["Article", "=1+1", "2004-10-21", "", ""])
    report = client.get(f"{path}report.csv")
    assert report["Content-Type"].startswith("text/csv")
    assert "2,New,'=1+1" in report.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("log.exe", "x", "has to end in .csv"),
        ("log.csv", "", "The file is empty."),
        ("log.csv", "when,what\n1,2\n", "there is no column for"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    name: str, content: str, sentence: str, client: Client
) -> None:
    answer = hand_in(client, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_no_file_at_all_is_asked_for(client: Client) -> None:
    answer = client.post(PAGES, {})
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_file_that_is_too_large_is_stopped_on_its_way(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MEGABYTES_AT_MOST", 1)
    answer = hand_in(client, "x" * 3_000_000)
    assert answer.status_code == 422
    assert "Divide it, or save it as CSV." in answer.content.decode()


def test_the_rows_are_shown_by_fate_and_in_pages(client: Client) -> None:
    path = checked(client, *(["Article", f"Nr {n}", "2004-10-21", "", ""] for n in range(60)), ["x"] * 5)
    assert client.get(f"{path}?fate=refused").content.decode().count('<td class="n"') == 1
    assert client.get(f"{path}?page=2").content.decode().count('<td class="n"') == 11
    assert "21 Oct 2004" in client.get(f"{path}?page=2").text
    assert client.get(f"{path}?fate=<x>&page=z").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_check_asks_as_much_for_one_as_for_three(
    number: int, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    path = checked(client, *(["Article", f"Nr {n}", "2004-10-21", "", ""] for n in range(number)))
    with django_assert_num_queries(6):
        client.get(path)


def test_files_of_somebody_else_do_not_exist(client: Client, cast: Cast, sign_in: SignIn) -> None:
    path = checked(client, GATEWAYS)
    other = sign_in(cast.outsider)
    for end in ("", "report.csv"):
        assert other.get(f"{path}{end}").status_code == 404
    for end in ("confirm/", "discard/", "undo/"):
        assert other.post(f"{path}{end}").status_code == 404


def test_a_second_file_takes_the_place_of_one_that_was_only_checked(client: Client) -> None:
    first = checked(client, GATEWAYS)
    checked(client, SUBNETS)
    assert client.get(first).status_code == 404


def test_after_two_weeks_nothing_of_a_file_is_kept(client: Client) -> None:
    client.post(f"{checked(client, GATEWAYS)}confirm/")
    checked(client, SUBNETS)
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert actions.forget_imports() > 0
    assert ContributionImport.objects.count() == 1
    with clock.at(clock.now() + dt.timedelta(days=15)):
        actions.forget_imports()
    assert not ImportRow.objects.exists()
    assert Contribution.objects.count() == 1
