"""One's own log: the list, adding, changing; nobody else's."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common import clock
from contributions.models import Contribution
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory, ContributionTypeFactory

SignIn = Callable[[Person | None], Client]


@pytest.fixture
def client(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.holder)


def entry(**changes: Any) -> dict[str, Any]:
    today = clock.today().isoformat()
    return {"type": "article", "title": "Two gateways", "starts": today, "visibility": "everyone", **changes}


def test_strangers_sign_in_first(db: None) -> None:
    assert Client().get("/me/contributions/").status_code == 302


def test_an_entry_is_added_and_listed_by_month(client: Client, cast: Cast) -> None:
    assert client.post("/me/contributions/", entry(reach="4100")).status_code == 302
    page = client.get("/me/contributions/").content.decode()
    assert "Views: 4,100" in page
    assert clock.today().strftime("%B %Y") in page
    assert Contribution.objects.get().person == cast.holder


def test_the_same_sent_twice_is_one_entry(client: Client) -> None:
    for _ in range(2):
        assert client.post("/me/contributions/", entry()).status_code == 302
    assert Contribution.objects.count() == 1


def test_the_type_gives_the_numbers_their_names(client: Client) -> None:
    ContributionTypeFactory(
        code="answers",
        name="Forum answers",
        quantity_label="answers",
        second_quantity_label="posts",
        reach_label="",
    )
    page = client.get("/me/contributions/?type=answers").content.decode()
    assert "Answers" in page
    assert "Posts" in page
    assert 'name="reach"' not in page


def test_a_number_that_the_type_does_not_ask_for_is_not_kept(client: Client) -> None:
    ContributionTypeFactory(code="translation", name="Translation", quantity_label="pieces", reach_label="")
    client.post("/me/contributions/", entry(type="translation", quantity="3", reach="99"))
    row = Contribution.objects.get()
    assert (row.quantity, row.reach) == (3, None)


def test_a_type_that_needs_a_link_says_so(client: Client) -> None:
    ContributionTypeFactory(code="blog", name="Blog post", link_required=True)
    answer = client.post("/me/contributions/", entry(type="blog"))
    assert answer.status_code == 422
    assert 'value="Two gateways"' in answer.content.decode()


@pytest.mark.parametrize("type_", ["", "nonsense", "a\x00", "x" * 10_000])
def test_a_type_that_does_not_exist_breaks_nothing(type_: str, client: Client) -> None:
    assert client.get("/me/contributions/", {"type": type_}).status_code in (200, 400)
    assert client.post("/me/contributions/", entry(type=type_)).status_code == 422


def test_an_entry_is_changed_with_all_its_fields(client: Client, cast: Cast, house: House) -> None:
    row = ContributionFactory(person=cast.holder, link_answers=False)
    facts = entry(
        title="Three gateways", area=house.networking.pk, second_area=house.directory.pk, role="Author",
        third_area=house.networking.pk, audience="Beginners", private_note="Ask Dana.", hours="3",
    )  # fmt: skip
    assert client.post(f"/me/contributions/{row.key}/", facts).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.role, row.audience, row.private_note) == (
        "Three gateways", "Author", "Beginners", "Ask Dana.",
    )  # fmt: skip
    assert list(row.more_areas.all()) == [house.directory]
    assert row.link_answers is None
    assert "Ask Dana." in client.get(f"/me/contributions/{row.key}/").content.decode()


def test_a_refused_change_leaves_the_entry(client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.holder, title="Before")
    answer = client.post(f"/me/contributions/{row.key}/", entry(title=""))
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.title == "Before"


def test_somebody_elses_entry_does_not_exist(client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.outsider)
    for key in (row.key, "NOSUCH2222"):
        for path in (f"/me/contributions/{key}/", f"/me/contributions/{key}/delete/"):
            assert client.post(path, entry(title="Mine now")).status_code == 404
    row.refresh_from_db()
    assert row.title != "Mine now"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    number: int,
    client: Client,
    cast: Cast,
    house: House,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for _ in range(number):
        ContributionFactory(person=cast.holder)
    client.get("/me/")
    with django_assert_num_queries(13):
        client.get("/me/contributions/")


def test_a_line_that_says_enough_is_logged(client: Client, cast: Cast) -> None:
    answer = client.post("/me/contributions/quick/", {"line": "article, yesterday, Two gateways, 64 views"})
    assert answer.status_code == 302
    row = Contribution.objects.get(person=cast.holder)
    assert (row.title, row.reach, row.starts) == ("Two gateways", 64, clock.today() - dt.timedelta(1))


@pytest.mark.parametrize(
    ("where", "sent"),
    [("quick/", {"line": "article, today, <b>Gateways</b>"}), ("", {"title": "<b>Gateways</b>"})],
)
def test_what_was_added_is_said_where_the_next_one_is_typed(
    where: str, sent: dict[str, Any], client: Client
) -> None:
    answer = client.post(f"/me/contributions/{where}", sent if "line" in sent else entry(**sent))
    assert answer["Location"] == "/me/contributions/#id_line"
    page = client.get("/me/contributions/").text
    said = page[
        page.index('<div class="small" id="said-at-line" role="status">') : page.index('id="id_line"')
    ]
    assert "Saved in your log: &lt;b&gt;Gateways&lt;/b&gt; (Article)." in said
    assert 'aria-describedby="id_line_helptext said-at-line"' in page
    assert page.count("Saved in your log") == 1
    assert "said-at-line" not in client.get("/me/contributions/").text


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_example_beside_the_line_is_understood_in_each_language(
    language: str, client: Client, cast: Cast
) -> None:
    names = ["Talk", "Vortrag", "Charla"]
    ContributionTypeFactory(
        code="talk", name="Speaking at a user group", reach_label="attendees", other_names=names
    )
    page = client.get("/me/contributions/", headers={"accept-language": language})
    line = (
        page.context["entry"]
        .line["line"]
        .help_text.partition(": ")[2]
        .replace("https://…", "https://x.example/1")
    )
    client.post("/me/contributions/quick/", {"line": line}, headers={"accept-language": language})
    row = Contribution.objects.get(person=cast.holder)
    assert (row.type.code, row.reach, row.starts.day, row.starts.month) == ("talk", 64, 8, 11)


@pytest.mark.parametrize("line", ["Two gateways", "My article on two gateways", "https://articles.example/7"])
def test_of_a_line_that_says_too_little_a_form_is_made(line: str, client: Client) -> None:
    answer = client.post("/me/contributions/quick/", {"line": line})
    assert answer.status_code == 200
    assert line.removeprefix("https://") in answer.content.decode()
    assert not Contribution.objects.exists()


def test_a_day_that_is_none_is_asked_about_before_it_is_logged(client: Client) -> None:
    answer = client.post("/me/contributions/quick/", {"line": "article, 31 Feb, Two gateways, 1.2k views"})
    assert "“31 Feb” is no day that can be read for certain" in answer.text
    assert "Not in your log yet." in answer.text
    assert 'value="1200"' in answer.text
    assert not Contribution.objects.exists()


def test_an_empty_line_is_asked_for(client: Client) -> None:
    assert client.post("/me/contributions/quick/", {"line": " "}).status_code == 422
    assert client.post("/me/contributions/quick/", {"line": "x" * 2000}).status_code == 422


@pytest.mark.parametrize("htmx", [True, False])
def test_another_type_shows_its_fields_and_keeps_what_was_typed(htmx: bool, client: Client) -> None:
    ContributionTypeFactory(code="talk", name="Talk", quantity_label="talks", reach_label="attendees")
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post("/me/contributions/", entry(type="talk", go="type", starts="soon"), headers=headers)
    page = answer.content.decode()
    assert "Attendees" in page
    assert 'value="Two gateways"' in page
    assert ("<html" in page) is not htmx
    assert not Contribution.objects.exists()


def test_a_copy_begins_with_the_same_words_and_todays_date(client: Client, cast: Cast, house: House) -> None:
    row = ContributionFactory(person=cast.holder, title="Answers in March", reach=77, role="Host")
    row.more_areas.set([house.directory])
    for copied in (row.key, "last"):
        page = client.get("/me/contributions/", {"copy": copied}).content.decode()
        assert 'value="Answers in March"' in page
        assert f'value="{clock.today().isoformat()}"' in page
        assert 'value="77"' not in page
    assert client.get("/me/contributions/", {"copy": "NOSUCH2222"}).status_code == 404


def test_the_log_is_filtered_by_year_type_and_who_sees_it(client: Client, cast: Cast) -> None:
    talk = ContributionTypeFactory(code="talk", name="Talk")
    ContributionFactory(person=cast.holder, title="New article")
    ContributionFactory(person=cast.holder, title="Old talk", type=talk, starts=dt.date(2004, 3, 1))
    ContributionFactory(person=cast.holder, title="Hidden", visibility="office")
    shown = {
        query: {title for title in ("New article", "Old talk", "Hidden") if f"<bdi>{title}" in text}
        for query in ("", "?year=2004", "?kind=article", "?seen=office", "?year=x&kind=y&seen=z")
        for text in [client.get(f"/me/contributions/{query}").content.decode()]
    }
    assert shown == {
        "": {"New article", "Old talk", "Hidden"},
        "?year=2004": {"Old talk"},
        "?kind=article": {"New article", "Hidden"},
        "?seen=office": {"Hidden"},
        "?year=x&kind=y&seen=z": {"New article", "Old talk", "Hidden"},
    }


def test_a_year_says_the_hours_given_and_each_types_months(client: Client, cast: Cast) -> None:
    talk = ContributionTypeFactory(code="talk", name="Talk")
    ContributionFactory(person=cast.holder, hours=3)
    ContributionFactory(person=cast.holder, hours=4, type=talk)
    page = client.get("/me/contributions/").content.decode()
    assert "7 hours given" in page
    assert '<th scope="row">Talk</th><td class="n">' in page


def test_the_year_is_drawn_and_written_as_a_table(client: Client, cast: Cast) -> None:
    for day in (1, 2):
        ContributionFactory(person=cast.holder, starts=dt.date(2004, 3, day))
    page = client.get("/me/contributions/?year=2004").content.decode()
    assert "January 2004 to December 2004: 0, 0, 2, 0" in page
    assert '<th scope="row">March 2004</th><td class="n">2</td>' in page


def test_types_and_their_numbers_are_read_in_the_language_of_the_page(client: Client, cast: Cast) -> None:
    blog = ContributionTypeFactory(
        code="blog-post", name="Blog post", quantity_label="posts", reach_label="visitors"
    )
    ContributionFactory(person=cast.holder, type=blog, quantity=3, reach=40)
    cast.holder.mail_language = "de"
    cast.holder.save()
    page = client.get("/me/contributions/", {"type": "blog-post"}).content.decode()
    assert "Blog post" not in page
    for words in ("Blogbeitrag", "Beiträge: 3", "Besuche: 40"):
        assert words in page
