"""The home page: figures, where the cycle stands, newcomers, what comes next."""

import datetime as dt

import pytest
from django.test import Client

from awards.loading import loaded, roster_version
from awards.models import Award
from charter.models import Cycle
from common import clock
from common.keeping import forget_pages
from events.models import Summit
from people.models import Person
from selection.models import Assignment, Candidacy, Release
from tests.cast import Cast, House
from tests.factories import AwardFactory, NominationFactory, PersonFactory


def figures(client: Client):
    return client.get("/").context["overview"].figures


def test_an_empty_site_has_a_home_page(db: None, client: Client) -> None:
    assert client.get("/").status_code == 200


def test_figures_count_this_years_holders_once(cast: Cast, house: House, client: Client) -> None:
    year = house.program.current_year
    AwardFactory(person=cast.holder, area=house.directory, first_year=year)  # a second area
    AwardFactory(person=cast.outsider, area=house.directory, first_year=year)  # her first
    AwardFactory(person=cast.nominator, area=house.directory, first_year=year - 1)  # not this year
    shown = figures(client)
    assert (shown.holders, shown.countries, shown.areas, shown.first_timers) == (2, 2, 2, 1)


def test_an_open_ended_award_counts_this_year(cast: Cast, house: House, client: Client) -> None:
    AwardFactory(person=cast.outsider, area=house.directory, first_year=2005, last_year=None)
    assert figures(client).holders == 2


@pytest.mark.parametrize("state", ["on_hold", "resigned", "revoked"])
def test_awards_that_do_not_stand_do_not_count(cast: Cast, client: Client, state: str) -> None:
    Award.objects.update(state=state)
    assert figures(client).holders == 0


def test_holders_by_year_are_drawn_and_written(cast: Cast, house: House, client: Client) -> None:
    response = client.get("/")
    by_year = dict(response.context["overview"].by_year)
    assert (by_year[2001], by_year[2003], by_year[house.program.current_year]) == (1, 0, 1)
    assert '<th scope="row">2001</th><td class="n">1</td>' in response.text


def test_newcomers_are_those_of_this_year(cast: Cast, house: House, client: Client) -> None:
    AwardFactory(person=cast.outsider, area=house.directory, first_year=house.program.current_year)
    newcomers = client.get("/").context["overview"].newcomers
    assert [person["name"] for person in newcomers] == ["Lautaro Bevacquini"]


def test_a_newcomers_city_is_shown_only_where_everybody_may_know_it(
    cast: Cast, house: House, sign_in
) -> None:
    person = PersonFactory(name="Ann Lee", city="Riga", visibility={"city": "holders"})
    AwardFactory(person=person, area=house.directory, first_year=house.program.current_year)
    assert "Riga" not in sign_in(cast.holder).get("/").text


def test_the_track_says_until_when_nominations_are_open(house: House, client: Client) -> None:
    response = client.get("/")
    steps = response.context["overview"].track.steps
    assert [step["title"] for step in steps] == [
        "Nominations",
        "Regional review",
        "Technology review",
        "Product-team council",
        "Announcement",
    ]
    assert [step["state"] for step in steps] == ["current", "", "", "", ""]
    assert "are open until" in response.text


def test_a_stage_under_way_says_how_far_it_is(house: House, client: Client) -> None:
    stage = house.score
    stage.state, stage.opens_at = "open", clock.now() - dt.timedelta(days=3)
    stage.closes_at, stage.reviews_needed = clock.now() + dt.timedelta(days=4, hours=1), 0
    stage.save()
    Cycle.objects.filter(pk=house.cycle.pk).update(
        opens_at=clock.now() - dt.timedelta(days=90),
        closes_at=clock.now() - dt.timedelta(days=30),
        dossiers_close_at=clock.now() - dt.timedelta(days=20),
    )
    step = client.get("/").context["overview"].track.steps[2]
    assert (step["state"], step["text"]) == ("current", "4 days left.")


@pytest.mark.parametrize(("cases", "said"), [(9, ""), (10, "0 of 10 cases reviewed.")])
def test_small_totals_stay_unsaid(house: House, client: Client, cases: int, said: str) -> None:
    stage = house.score
    stage.state, stage.opens_at = "open", clock.now() - dt.timedelta(days=3)
    stage.closes_at = clock.now() + dt.timedelta(days=4, hours=1)
    stage.save()
    for _ in range(cases):
        nomination = NominationFactory(cycle=house.cycle, area=house.networking, state="in_review")
        Candidacy.objects.create(nomination=nomination, stage=stage, entered_at=clock.now())
    step = client.get("/").context["overview"].track.steps[2]
    assert step["text"] == f"{said} 4 days left.".strip()


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (1, "20 cases are under review."),
        (10, "10 of 20 cases reviewed."),
        (15, "20 cases are under review."),
        (20, "20 of 20 cases reviewed."),
    ],
)
def test_a_number_of_reviewed_cases_that_is_small_or_little_short_of_all_stays_unsaid(
    house: House, cast: Cast, client: Client, done: int, said: str
) -> None:
    stage = house.score
    stage.state, stage.opens_at, stage.reviews_needed = "open", clock.now() - dt.timedelta(days=3), 1
    stage.closes_at = clock.now() + dt.timedelta(days=4, hours=1)
    stage.save()
    for number in range(20):
        nomination = NominationFactory(cycle=house.cycle, area=house.networking, state="in_review")
        one = Candidacy.objects.create(nomination=nomination, stage=stage, entered_at=clock.now())
        state = "done" if number < done else "assigned"
        Assignment.objects.create(
            candidacy=one, reviewer=cast.reviewer_1, assigned_at=clock.now(), state=state
        )
    step = client.get("/").context["overview"].track.steps[2]
    assert step["text"] == f"{said} 4 days left."


def test_a_stage_that_is_late_says_so(house: House, client: Client) -> None:
    stage = house.screen
    stage.opens_at, stage.closes_at = (clock.now() - dt.timedelta(days=n) for n in (9, 2))
    stage.state = "open"
    stage.save()
    assert "It takes longer than planned." in client.get("/").text


def test_a_released_cycle_is_no_longer_waited_for(cast: Cast, house: House, client: Client) -> None:
    Release.objects.create(
        cycle=house.cycle,
        state="released",
        scheduled_at=clock.now(),
        prepared_at=clock.now(),
        released_at=clock.now(),
    )
    assert client.get("/").context["overview"].track is None


def test_figures_are_counted_once_a_minute(cast: Cast, house: House, sign_in, monkeypatch) -> None:
    now = clock.now().replace(second=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    holders = "<dt>holders this year</dt><dd>{}</dd>"
    assert holders.format(1) in sign_in(None).get("/").text
    AwardFactory(person=cast.outsider, area=house.directory)
    for reader in (None, cast.holder):
        assert holders.format(1) in sign_in(reader).get("/").text
    now += dt.timedelta(seconds=60)
    for reader in (cast.holder, None):
        assert holders.format(2) in sign_in(reader).get("/").text


def test_who_is_signed_in_gets_what_was_drawn_for_a_stranger_in_a_frame_of_their_own(
    cast: Cast, client: Client, sign_in, django_assert_num_queries
) -> None:
    stranger = client.get("/").text
    holder = sign_in(cast.holder)
    with django_assert_num_queries(4):  # session, account with person; has it changed? the program
        own = holder.get("/").text
    main = slice_of(stranger)
    assert main == slice_of(own)
    assert "Your account, Ágnes" in own
    assert "Your account" not in sign_in(None).get("/").text


def test_what_all_see_is_drawn_by_the_programs_clock(cast: Cast, house: House, sign_in) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(zone="Pacific/Auckland")
    holder = sign_in(Person.objects.get(pk=cast.holder.pk))
    now = clock.now()
    with clock.at(now):
        theirs = slice_of(holder.get("/").text)
        forget_pages()
        assert slice_of(sign_in(None).get("/").text) == theirs


def slice_of(page: str) -> str:
    return page[page.index('<div class="hero">') : page.index("</main>")]


def test_a_cycle_or_summit_that_changes_is_seen_at_once(house: House, client: Client) -> None:
    assert "Nominations for the" in client.get("/").text
    one = summit("Oulu", 10)
    assert "Oulu" in client.get("/").text
    Summit.objects.filter(pk=one.pk).update(name="Kemi")
    assert "Kemi" in client.get("/").text
    Cycle.objects.all().update(closes_at=clock.now() - dt.timedelta(days=1), grace_minutes=0)
    assert "are open until" not in client.get("/").text


def test_whoever_hides_is_neither_counted_nor_named(cast: Cast, house: House, client: Client) -> None:
    AwardFactory(person=cast.outsider, area=house.directory, first_year=house.program.current_year)
    Person.objects.filter(pk=cast.outsider.pk).update(hidden=True)
    overview = client.get("/").context["overview"]
    assert (overview.figures.first_timers, overview.newcomers) == (0, [])


def summit(name: str, days: int) -> Summit:
    day = clock.today() + dt.timedelta(days=days)
    return Summit.objects.create(
        slug=name.lower(), name=name, place="Oulu", zone="Europe/Helsinki", starts=day, ends=day, capacity=50
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_at_one_and_three(
    cast: Cast, house: House, client: Client, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        AwardFactory(person=PersonFactory(), area=house.directory, first_year=house.program.current_year)
        summit(f"Summit{number}", 10 + number)
    loaded(roster_version())
    with django_assert_num_queries(12):
        client.get("/")


def test_next_summits_are_those_ahead(house: House, client: Client) -> None:
    summit("Later", 30), summit("Sooner", 10), summit("Before", -3)
    assert [s.name for s in client.get("/").context["summits"]] == ["Sooner", "Later"]
