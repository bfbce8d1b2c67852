"""Whose address a slug is, and which slugs are free."""

import pytest
from django.utils import timezone

from people import queries
from people.models import OldSlug, Person, Tombstone
from tests.cast import Cast
from tests.factories import PersonFactory


def test_equal_names_get_numbers(db: None) -> None:
    PersonFactory(slug="ann-lee")
    slugs = queries.take_slugs([("Ann Lee", ""), ("Änn Lée", ""), ("Ben Or", ""), ("李", "Ann Lee")])
    assert slugs == ["ann-lee-2", "ann-lee-3", "ben-or", "ann-lee-4"]


def test_former_and_erased_addresses_are_never_given_out_again(cast: Cast) -> None:
    OldSlug.objects.create(slug="ann-lee", person=cast.holder)
    Tombstone.objects.create(slug_digest=queries.slug_digest("ann-lee-2"), erased_on=timezone.now().date())
    assert queries.take_slug("Ann Lee") == "ann-lee-3"


@pytest.mark.parametrize("count", [1, 3])
def test_many_slugs_cost_as_many_statements_as_one(db: None, count: int, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        queries.take_slugs([(f"Ann {n}", "") for n in range(count)])


def test_the_office_sees_everybody_and_others_themselves(cast: Cast) -> None:
    assert queries.people_visible_to(cast.office_1.user).contains(cast.nominee)
    assert queries.people_visible_to(cast.auditor.user).contains(cast.nominee)
    assert list(queries.people_visible_to(cast.outsider.user)) == [cast.outsider]
    assert not queries.people_visible_to(None).exists()


def test_nobody_sees_an_erased_person(cast: Cast) -> None:
    cast.nominee.erased_at = timezone.now()
    cast.nominee.save()
    assert not queries.people_visible_to(cast.office_1.user).contains(cast.nominee)


def test_a_merged_person_leads_to_the_one_that_was_kept(cast: Cast) -> None:
    first = PersonFactory(slug="first", merged_into=PersonFactory(slug="second", merged_into=cast.holder))
    OldSlug.objects.create(slug="before", person=first)
    assert queries.person_once_at("first") == cast.holder
    assert queries.person_once_at("before") == cast.holder
    assert queries.person_once_at(cast.holder.slug) is None


def test_nothing_is_sent_to_somebody_who_has_died_whichever_address_it_is_for(cast: Cast) -> None:
    holder, email = cast.holder, "agnes@community.example"
    assert not queries.gets_no_more_mail(holder.key, email)
    Person.objects.filter(pk=holder.pk).update(deceased=True)
    assert queries.gets_no_more_mail(holder.key, "other@community.example")
    assert queries.gets_no_more_mail("", email.title())
    assert not queries.gets_no_more_mail("", "other@community.example")
