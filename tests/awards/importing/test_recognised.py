"""Who is found again, and what has changed about them."""

import pytest

from accounts.models import User
from awards.actions import revoke_award
from awards.models import Award
from common import clock
from people.actions import erase_person
from people.models import Person
from tests.awards.importing.conftest import Run, member, members
from tests.cast import Cast, House

NOTHING = "new 0, same 1, changed 0, refused 0"
LINKS = "{github: https://code.example/ada, website: https://ada.example}"


def test_another_city_is_a_change_that_is_named(run: Run) -> None:
    run(members(member(city="Rīga")))
    output = run(members(member(city="Ogre")), "--dry-run")
    assert output[0] == "changed  line 2: Ada Vītola, 2015, Weaving (city)"
    assert Person.objects.get().city == "Rīga"
    assert run(members(member(city="Ogre"))) == ["new 0, same 0, changed 1, refused 0"]
    assert Person.objects.get().city == "Ogre"


def test_what_the_file_no_longer_says_stays(run: Run) -> None:
    run(members(member(city="Rīga", social=LINKS)))
    assert run(members(member())) == [NOTHING]
    assert (Person.objects.get().city, Person.objects.get().links.count()) == ("Rīga", 2)


def test_a_corrected_name_is_no_second_person(run: Run) -> None:
    run(members(member(social=LINKS)))
    key = Award.objects.get().key
    run(members(member("Ada Liepa", social=LINKS)))
    assert (Person.objects.get().name, Person.objects.get().slug) == ("Ada Liepa", "ada-vitola")
    assert Award.objects.get().key == key
    assert run(members(member("Ada Liepa", social=LINKS))) == [NOTHING]


def test_a_corrected_year_is_no_second_award(run: Run) -> None:
    run(members(member(social=LINKS)))
    assert run(members(member(year="2016", social=LINKS)))[-1] == "new 0, same 0, changed 1, refused 0"
    assert Award.objects.get().first_year == 2016


def test_one_link_in_common_makes_nobody_the_same(run: Run) -> None:
    run(members(member(social=LINKS)))
    couple = "{github: https://code.example/bo, website: https://ada.example}"
    run(members(member("Bo Vītols", social=couple)))
    assert Person.objects.count() == 2


def test_two_people_of_one_name_and_year_stay_two(run: Run) -> None:
    both = [member("Wei Zhang", nomination="China"), member("Wei Zhang", nomination="Canada", city="Toronto")]
    assert run(members(*both))[-1] == "new 2, same 0, changed 0, refused 0"
    assert run(members(*reversed(both)))[-1] == "new 0, same 2, changed 0, refused 0"
    assert {person.slug for person in Person.objects.all()} == {"wei-zhang", "wei-zhang-2"}


def test_a_namesake_who_joins_later_is_new(run: Run) -> None:
    first = member("Wei Zhang", nomination="China", city="Wuhan")
    run(members(first))
    second = member("Wei Zhang", nomination="Canada", city="Toronto")
    assert run(members(second, first))[-1] == "new 1, same 1, changed 0, refused 0"


def test_people_who_are_missing_from_the_file_stay(run: Run) -> None:
    run(members(member(), member("Zane Liepa")))
    assert run(members(member()))[0].startswith("1 people who came from here before are not in this file")
    assert Person.objects.count() == 2


def test_a_name_alone_joins_nobody_of_another_origin(cast: Cast, run: Run) -> None:
    run(members(member(cast.holder.name)))
    assert Person.objects.filter(name=cast.holder.name).count() == 2


def test_an_award_that_ends_in_the_file_ends_here_and_once(run: Run) -> None:
    run(members(member()))
    output = run(members(member(status="[retired]")), "--verbosity", "2")
    assert output[0] == "changed  line 2: Ada Vītola, 2015, Weaving (end)"
    ends = Award.objects.get().ends
    assert ends is not None
    assert ends < clock.today()
    assert run(members(member(status="[retired]"))) == [NOTHING]


def test_a_file_never_brings_back_an_award_that_ended_here(run: Run) -> None:
    run(members(member(status="[retired]")))
    assert run(members(member())) == [NOTHING]
    assert Award.objects.get().end_reason == "retired"


def test_who_left_in_bad_standing_is_marked(run: Run) -> None:
    run(members(member(status="[expelled]")))
    assert not Award.objects.get().good_standing


def test_a_revoked_award_is_left_alone(cast: Cast, run: Run) -> None:
    run(members(member()))
    award = Award.objects.get(source="lifelong")
    revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    assert run(members(member(status="[retired]"))) == [NOTHING]


def test_who_has_an_account_writes_their_own_profile(run: Run) -> None:
    run(members(member(city="Rīga")))
    Person.objects.update(user=User.objects.create_user("ada@community.example"))
    assert run(members(member(city="Ogre"))) == [NOTHING]
    assert (
        run(members(member(city="Ogre", status="[passed-away]")))[-1] == "new 0, same 0, changed 1, refused 0"
    )
    ada = Person.objects.get(name="Ada Vītola")
    assert (ada.city, ada.deceased) == ("Rīga", True)


def test_who_was_erased_stays_erased(run: Run) -> None:
    run(members(member(city="Rīga", social=LINKS)))
    erase_person(Person.objects.get(), by=None)
    output = run(members(member(city="Rīga", social=LINKS)), "--verbosity", "2")
    assert output[0].endswith("erased at their own request")
    assert (Person.objects.get().name, Person.objects.get().city) == ("", "")
    assert output[-1] == NOTHING


def test_nothing_that_is_kept_for_recognition_names_the_person(run: Run) -> None:
    run(members(member()))
    assert "ada" not in Award.objects.get().source_ref.lower()


def test_after_the_secret_was_changed_people_are_still_found(
    run: Run, settings: pytest.FixtureRequest
) -> None:
    run(members(member(social=LINKS)))
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    run(members(member(social=LINKS)))
    assert Person.objects.count() == 1
    assert run(members(member(social=LINKS))) == [NOTHING]


def test_people_whom_the_office_has_merged_are_left_as_the_office_has_them(run: Run) -> None:
    text = members(member("Ada Vītola", "2015", city="Rīga"), member("A. Vītola-Liepa", "2018", city="Ogre"))
    run(text)
    kept, absorbed = Person.objects.order_by("pk")
    kept.awards.update(ends="2017-12-31", last_year=2017, end_reason="retired")
    absorbed.awards.update(person=kept)
    Person.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    assert run(text) == ["new 0, same 2, changed 0, refused 0"]


def test_an_area_that_the_office_changed_is_a_change_and_no_second_award(house: House, run: Run) -> None:
    run(members(member()))
    Award.objects.update(area=house.directory)
    output = run(members(member()), "--dry-run")
    assert output[0] == "changed  line 2: Ada Vītola, 2015, Weaving (area)"
