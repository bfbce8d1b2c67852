"""Who is behind a session."""

import datetime as dt

from accounts.models import RoleGrant
from common import clock
from people.backend import Backend
from tests import factories


def test_the_account_comes_with_its_person(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        user = Backend().get_user(cast.office_1.user.pk)
        assert user == cast.office_1.user
        assert user.person == cast.office_1
        assert user.holds("program_office")
    assert user.person.languages == cast.office_1.languages
    assert user.person.country == cast.office_1.country


def test_an_account_without_a_person_has_none(db):
    user = Backend().get_user(factories.UserFactory().pk)
    assert getattr(user, "person", None) is None


def test_who_may_not_sign_in_is_nobody(cast):
    user = cast.outsider.user
    user.is_active = False
    user.save()
    assert Backend().get_user(user.pk) is None
    assert Backend().get_user(0) is None


def test_a_session_ends_when_the_account_may_sign_in_no_more(cast, sign_in):
    client = sign_in(cast.outsider)
    assert client.get("/me/").status_code == 200
    type(cast.outsider.user).objects.filter(pk=cast.outsider.user.pk).update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_grants_today_are_those_in_force(cast):
    user, today, day = cast.outsider.user, clock.today(), dt.timedelta(days=1)
    for starts, ends in (
        (today - day, None), (today, today), (today - day, today - day), (today + day, None), (today - day, today),
    ):  # fmt: skip
        RoleGrant.objects.create(user=user, role="reviewer", starts=starts, ends=ends)
    grants = Backend().get_user(user.pk).grants_today
    assert grants == user.grants_today == list(RoleGrant.objects.in_force().filter(user=user).order_by("id"))
    assert len(grants) == 3
