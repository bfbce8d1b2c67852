"""The language that somebody's mail is in, before they have chosen one."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from people.actions import change_settings
from people.queries import person_of


def keep_language(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Connected to ``user_logged_in``: the language in which somebody first came is theirs until they change it."""
    person = person_of(user)
    asked = "Accept-Language" in request.headers or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if person is not None and not person.mail_language and asked and (language := get_language()):
        change_settings(person, language=language, zone=person.zone, by=user)
