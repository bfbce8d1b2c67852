"""Sessions are read by a statement of our own; what it must not do is let anybody in who is out."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from common.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept(**data):
    session = SessionStore()
    session.update(data)
    session.save()
    return session.session_key


def test_what_was_kept_is_read_again():
    assert SessionStore(kept(step=3))["step"] == 3


def test_an_expired_session_is_empty_and_gets_another_key():
    key = kept(step=3)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    session = SessionStore(key)
    assert session.get("step") is None
    assert session.session_key is None


def test_a_session_that_was_ended_or_never_was_is_empty():
    key = kept(step=3)
    SessionStore(key).flush()
    for gone in (key, "x" * 32):
        assert SessionStore(gone).get("step") is None


def test_a_changed_session_is_empty():
    key = kept(step=3)
    Session.objects.filter(session_key=key).update(session_data="eyJzdGVwIjo0fQ:1:forged")
    assert SessionStore(key).get("step") is None


def test_reading_takes_one_statement(django_assert_num_queries):
    session = SessionStore(kept(step=3))
    with django_assert_num_queries(1):
        assert (session["step"], session["step"]) == (3, 3)
