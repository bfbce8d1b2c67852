"""Sessions are read by a statement of our own; what it must not do is let anybody in who is out."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Session
from accounts.sessions import SessionStore, device_of

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


def test_a_session_says_whose_it_is_and_with_what_it_was_opened(cast, client):
    client.defaults["HTTP_USER_AGENT"] = FIREFOX
    client.force_login(cast.holder.user)
    session = Session.objects.get()
    assert (session.user, session.signed_in_at.date()) == (cast.holder.user, timezone.now().date())
    assert session.session_key not in session.key


def test_its_use_is_noted_every_ten_minutes(django_assert_num_queries):
    key = kept(step=3)
    long_ago = timezone.now() - dt.timedelta(hours=3)
    Session.objects.filter(session_key=key).update(used_at=long_ago)
    with django_assert_num_queries(2):
        assert SessionStore(key)["step"] == 3
    assert Session.objects.get(session_key=key).used_at > long_ago
    with django_assert_num_queries(1):
        assert SessionStore(key)["step"] == 3


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("\x1b[31m<script>", ""),
    ],
)
def test_a_browser_is_named_in_words(agent, device):
    assert device_of(agent) == device
