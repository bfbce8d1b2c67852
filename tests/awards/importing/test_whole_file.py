"""A roster that is as it should be: what becomes of it."""

import datetime as dt

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from awards.models import Award
from charter.models import Area
from common.models import HistoryRow, HistoryWaiting
from people.models import Address, Person
from tests.awards.importing.conftest import MEMBERS, Run, member, members
from tests.cast import House


def test_every_record_comes_in_and_a_second_run_changes_nothing(run: Run) -> None:
    assert run(MEMBERS)[-1] == "new 3, same 0, changed 0, refused 0"
    before = list(Person.objects.values()), list(Award.objects.values()), HistoryRow.objects.count()
    assert run(MEMBERS) == ["new 0, same 3, changed 0, refused 0"]
    assert before == (list(Person.objects.values()), list(Award.objects.values()), HistoryRow.objects.count())


def test_names_stay_as_they_are_written(run: Run) -> None:
    run(MEMBERS)
    assert set(Person.objects.values_list("name", flat=True)) == {
        "Dr. Ilze Kalnmuiža",
        "Anton (Toni) Fernwald",
        "王小织",
    }
    assert Person.objects.get(name="Anton (Toni) Fernwald").sort_key == "fernwald anton"


def test_the_award_keeps_the_country_of_its_day_and_the_person_has_todays(run: Run) -> None:
    run(MEMBERS)
    award = Award.objects.get(person__name__startswith="Dr.")
    assert (award.country, award.person.country, award.person.city) == ("LV", "NL", "Delft")


def test_region_area_and_category_are_those_of_the_first_day(house: House, run: Run) -> None:
    run(MEMBERS)
    award = Award.objects.get(person__name__startswith="Dr.")
    assert award.region == house.baltics
    assert (award.area.slug, award.area_name, award.category_name) == ("weaving", "Weaving", "Crafts")
    assert Area.objects.get(slug="weaving").names.get().starts == dt.date(2005, 1, 1)


def test_an_open_ended_award_is_in_force_without_an_end(run: Run) -> None:
    run(MEMBERS)
    award = Award.objects.get(person__name__startswith="Dr.")
    assert (award.starts, award.ends, award.first_year, award.last_year) == (
        dt.date(2014, 1, 1),
        None,
        2014,
        None,
    )


def test_who_has_died_leaves_in_good_standing_with_every_other_status_kept(run: Run) -> None:
    run(MEMBERS)
    award = Award.objects.get(person__name__startswith="Anton")
    assert award.ends is not None
    assert (award.end_reason, award.good_standing, award.note) == ("deceased", True, "Founding member")
    assert award.person.deceased


def test_links_keep_their_kind_and_order_and_may_be_missing(run: Run) -> None:
    run(MEMBERS)
    person = Person.objects.get(name__startswith="Dr.")
    assert list(person.links.values_list("kind", "url")) == [
        ("website", "https://ilze.example/"),
        ("mastodon", "https://toots.example/@ilze"),
    ]
    assert not Person.objects.get(name="王小织").links.exists()


def test_nobody_gets_an_account_or_an_address(run: Run) -> None:
    run(MEMBERS)
    assert not Address.objects.exists()
    assert not Person.objects.filter(~Q(user=None)).exists()


def test_history_tells_of_each_person_and_award(run: Run) -> None:
    run(MEMBERS)
    assert HistoryRow.objects.filter(kind="person", verb="import").count() == 3
    row = HistoryRow.objects.get(key=Award.objects.get(person__name="王小织").key)
    assert (row.verb, row.new_state, row.codes["source"]) == ("import", "granted", "lifelong")


@pytest.mark.django_db(transaction=True)
def test_history_is_sealed_before_the_command_ends(run: Run) -> None:
    run(MEMBERS)
    assert not HistoryWaiting.objects.exists()


def test_a_dry_run_says_everything_and_changes_nothing(run: Run) -> None:
    output = run(MEMBERS + member("Nobody", "20225"), "--dry-run")
    assert output[0] == "new      line 2: Dr. Ilze Kalnmuiža, 2014, Weaving"
    assert output[3].startswith("refused  line 24: Nobody: “20225” is no year")
    assert output[-2:] == ["This was a dry run: nothing was changed.", "new 3, same 0, changed 0, refused 1"]
    assert not Person.objects.exists()
    assert not Area.objects.filter(slug="weaving").exists()


def test_the_same_file_as_json_is_the_same_roster(run: Run) -> None:
    run(members(member("Ada Vītola", "2015", city="Rīga")))
    text = '{"members": [{"name": "Ada Vītola", "year": 2015, "country": {"nomination": "Latvia"}, "city": "Rīga"}]}'
    assert run(text, name="roster.json")[-1] == "new 0, same 1, changed 0, refused 0"


def test_a_byte_order_mark_does_no_harm(run: Run) -> None:
    assert run(b"\xef\xbb\xbf" + MEMBERS.encode())[-1] == "new 3, same 0, changed 0, refused 0"


def test_direction_marks_are_taken_out_of_names(run: Run) -> None:
    run(members(member("\u202eAda Vītola\u200f")))
    assert Person.objects.get().name == "Ada Vītola"


def test_the_word_no_is_a_country_and_no_truth_value(run: Run) -> None:
    run(members(member(nomination="NO")))
    assert Award.objects.get().country == "NO"


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_statements_does_not_grow_with_the_file(
    run: Run, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    text = members(*(member(f"Ada {number}", city="Rīga") for number in range(count)))
    with django_assert_num_queries(35):
        run(text)
    with django_assert_num_queries(15):
        run(text)
