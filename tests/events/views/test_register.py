"""Registering for a summit: who may, what is asked, where one stands, and giving a place up."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AgreementSignature
from charter.models import Agreement
from common import clock, delivery
from common.models import HistoryRow, OutboxMail
from events import actions
from events.models import Registration, Summit
from people.models import Person
from tests.cast import Cast, House
from tests.events.conftest import Register, make_summit

PAGE = "/summits/oulu/"


def test_a_holder_takes_a_place_and_is_told_so(summit: Summit, cast: Cast, sign_in) -> None:
    answer = sign_in(cast.holder).post(
        f"{PAGE}register/", {"diet": "No nuts", "shirt": "m", "needs": ""}, follow=True
    )
    row = Registration.objects.get()
    assert (row.person, row.state, row.diet, row.shirt) == (cast.holder, "registered", "No nuts", "m")
    assert "You have a place" in answer.text
    assert "No nuts" in answer.text
    delivery.send_waiting()
    assert OutboxMail.objects.get(kind="events.confirmed").state == "sent"
    assert HistoryRow.objects.filter(kind="registration", key=row.key).count() == 2


def test_who_comes_when_all_places_are_taken_waits_and_reads_their_number(
    summit: Summit, cast: Cast, sign_in, holders: Callable[[int], list[Person]], register: Register
) -> None:
    ahead = [register(person) for person in holders(3)][2]
    client = sign_in(cast.holder)
    assert "Join the waitlist" in client.get(PAGE).text
    text = client.post(f"{PAGE}register/", follow=True).text
    assert "On the waitlist" in text
    assert "Number 2" in text
    actions.cancel_registration(ahead, by=ahead.person.user)
    text = client.get(PAGE).text
    assert "Number 1" in text
    assert "<dt>You started as</dt><dd>number 2</dd>" in text
    assert OutboxMail.objects.filter(kind="events.waitlisted", person_key=cast.holder.key).exists()


def test_giving_a_place_up_erases_what_was_said_and_passes_it_on(
    summit: Summit, cast: Cast, sign_in, holders: Callable[[int], list[Person]], register: Register
) -> None:
    register(cast.holder, diet="No nuts", guest_name="Ann")
    others = [register(person) for person in holders(2)]
    assert "Your place goes to the next person" in sign_in(cast.holder).get(PAGE).text
    sign_in(cast.holder).post(f"{PAGE}cancel/")
    own = cast.holder.registrations.get()
    assert (own.state, own.diet, own.guest_name) == ("cancelled", "", "")
    assert [Registration.objects.get(pk=row.pk).state for row in others] == ["registered"] * 2
    assert OutboxMail.objects.get(kind="events.place_freed").person_key == others[1].person.key


def test_who_joins_again_stands_at_the_end(
    summit: Summit, cast: Cast, sign_in, holders: Callable[[int], list[Person]], register: Register
) -> None:
    register(cast.holder)
    for person in holders(2):
        register(person)
    client = sign_in(cast.holder)
    client.post(f"{PAGE}cancel/")
    client.post(f"{PAGE}register/")
    own = cast.holder.registrations.get()
    assert (own.state, own.number, own.cancelled_at) == ("waiting", 4, None)
    assert OutboxMail.objects.filter(person_key=cast.holder.key, kind="events.waitlisted").count() == 1


@pytest.mark.parametrize("relation", ["outsider", "nominee", "office_1"])
def test_without_an_award_in_force_nobody_registers(
    summit: Summit, cast: Cast, sign_in, relation: str
) -> None:
    client = sign_in(getattr(cast, relation))
    assert "You hold none today" in client.get(PAGE).text
    answer = client.post(f"{PAGE}register/")
    assert answer.status_code == 422
    assert "for holders of an award in force" in answer.text
    assert not Registration.objects.exists()


def test_a_summit_of_a_region_takes_holders_of_that_region_alone(
    summit: Summit, cast: Cast, house: House, sign_in
) -> None:
    summit.regions.add(house.iberia)
    assert sign_in(cast.holder).post(f"{PAGE}register/").status_code == 422
    cast.holder.awards.update(region=house.iberia)
    assert sign_in(cast.holder).post(f"{PAGE}register/").status_code == 302


def test_an_award_that_ended_opens_nothing(summit: Summit, cast: Cast, sign_in) -> None:
    cast.holder.awards.filter(ends__gte=clock.today()).update(ends=clock.today() - dt.timedelta(days=1))
    assert sign_in(cast.holder).post(f"{PAGE}register/").status_code == 422


def test_the_terms_are_signed_with_the_registration(terms: Agreement, cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    refused = client.post(f"{PAGE}register/", {"diet": "No <b>nuts"})
    assert refused.status_code == 422
    assert "Everybody who comes accepts these terms first." in refused.text
    assert "No &lt;b&gt;nuts" in refused.text  # what was typed stays
    assert not Registration.objects.exists()
    client.post(f"{PAGE}register/", {"signs": "on"})
    assert AgreementSignature.objects.filter(user=cast.holder.user, agreement=terms).exists()
    assert Registration.objects.get().state == "registered"


def test_who_signed_before_is_not_asked_again_until_there_is_a_newer_version(
    terms: Agreement, cast: Cast, sign_in
) -> None:
    AgreementSignature.objects.create(user=cast.holder.user, agreement=terms, signed_at=clock.now())
    assert 'name="signs"' not in sign_in(cast.holder).get(PAGE).text
    Agreement.objects.create(
        kind=terms.kind, version="2", title="Newer terms", body="Keep it well.", valid_from=clock.today()
    )
    text = sign_in(cast.holder).get(PAGE).text
    assert 'name="signs"' in text
    assert "Newer terms" in text


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(5, 20, "Registration is not open yet."), (-9, -2, "Registration is closed."), (None, None, "closed")],
)
def test_nobody_registers_before_or_after(
    summit: Summit, cast: Cast, sign_in, opens: int | None, closes: int | None, words: str
) -> None:
    moments = [None if days is None else clock.now() + dt.timedelta(days=days) for days in (opens, closes)]
    Summit.objects.update(registration_opens_at=moments[0], registration_closes_at=moments[1])
    client = sign_in(cast.holder)
    assert "register/" not in client.get(PAGE).text
    answer = client.post(f"{PAGE}register/")
    assert answer.status_code == 422
    assert words in answer.text


def test_details_are_changed_and_only_those_that_the_summit_asks(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    register(cast.holder, diet="No nuts")
    client = sign_in(cast.holder)
    assert 'value="No nuts"' in client.get(f"{PAGE}registration/").text
    client.post(
        f"{PAGE}registration/", {"diet": "No fish", "shirt": "xl", "guest_name": "Ann", "needs": "A ramp"}
    )
    row = Registration.objects.get()
    assert (row.diet, row.shirt, row.needs, row.guest_name) == (
        "No fish",
        "xl",
        "A ramp",
        "",
    )  # no evening, no guest
    codes = HistoryRow.objects.get(verb="edit_registration").codes
    assert codes == {"fields": ["diet", "needs", "shirt"]}


@pytest.mark.parametrize("bad", [{"shirt": "huge"}, {"diet": "x" * 201}, {"needs": "x" * 301}])
def test_what_no_column_holds_is_refused_in_words(
    summit: Summit, cast: Cast, sign_in, register: Register, bad: dict[str, str]
) -> None:
    register(cast.holder)
    answer = sign_in(cast.holder).post(f"{PAGE}registration/", bad)
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_a_cancelled_registration_is_not_changed_any_more(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    actions.cancel_registration(register(cast.holder), by=cast.holder.user)
    client = sign_in(cast.holder)
    assert client.post(f"{PAGE}registration/", {"diet": "No fish"}).status_code == 409
    assert client.post(f"{PAGE}cancel/").status_code == 409


def test_nobody_sees_who_comes(
    summit: Summit, cast: Cast, client: Client, sign_in, register: Register
) -> None:
    register(cast.holder, diet="No nuts")
    for viewer in (client, sign_in(cast.outsider), sign_in(cast.nominee), sign_in(cast.auditor)):
        text = viewer.get(PAGE).text
        assert cast.holder.name not in text
        assert "No nuts" not in text
        assert "1 of 2" in text


def test_moments_are_said_by_the_readers_clock_and_the_summits(
    summit: Summit, cast: Cast, client: Client, sign_in
) -> None:
    Summit.objects.update(
        starts=dt.date(2099, 1, 10),
        ends=dt.date(2099, 1, 11),
        begins_at=dt.time(9),
        zone="America/Los_Angeles",
    )
    assert "09:00 Los Angeles time" in client.get(PAGE).text
    cast.holder.zone = "Europe/Riga"
    cast.holder.save()
    assert "19:00 Riga time (09:00 Los Angeles time)" in sign_in(cast.holder).get(PAGE).text
    Person.objects.filter(pk=cast.holder.pk).update(zone="Mars/Base")  # one that the machine knew before
    assert "09:00 Los Angeles time" in sign_in(cast.holder).get(PAGE).text


@pytest.mark.parametrize("count", [1, 3])
def test_a_summit_costs_the_same_however_many_come(
    summit: Summit, cast: Cast, sign_in, holders, register: Register, count: int, django_assert_num_queries
) -> None:
    Summit.objects.filter(pk=summit.pk).update(capacity=9)
    for person in holders(count):
        register(person)
    client = sign_in(cast.holder)
    client.get(PAGE)
    with django_assert_num_queries(11):
        client.get(PAGE)
    Summit.objects.filter(pk=summit.pk).update(capacity=1)
    with django_assert_num_queries(12):  # a full one asks how the line went the time before
        client.get(PAGE)


def test_a_stranger_sees_each_change_and_an_unchanged_page_asks_one_thing(
    summit: Summit,
    house: House,
    client: Client,
    holders,
    register: Register,
    django_assert_num_queries,
) -> None:
    seen = {client.get(PAGE)["ETag"]}

    def changes() -> str:
        page = client.get(PAGE)
        assert page["ETag"] not in seen
        seen.add(page["ETag"])
        return page.text

    first, second, third = holders(3)
    for person in (first, second, third):
        register(person)
        changes()
    actions.cancel_registration(Registration.objects.get(person=first), by=first.user)
    changes()
    summit.regions.add(house.baltics)
    assert "Regions: Baltics" in changes()
    terms = Agreement.objects.create(
        kind="quiet", version="1", title="Quiet", body="Keep it.", valid_from=dt.date(2004, 1, 1)
    )
    Summit.objects.filter(pk=summit.pk).update(agreement=terms)
    changes()
    Agreement.objects.filter(pk=terms.pk).update(title="Keep it quiet")
    assert "Keep it quiet" in changes()
    make_summit("other", 90, name="Another Summit")
    assert "Another Summit" in changes()
    Summit.objects.filter(pk=summit.pk).update(called_off_at=clock.now())
    assert "Called off" in changes()
    with django_assert_num_queries(1):
        client.get(PAGE)
