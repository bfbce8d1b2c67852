"""Tokens for the API on one's own page."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.actions import TOKENS_AT_MOST, make_token
from accounts.models import ApiToken
from accounts.tokens import digest_of
from common.models import HistoryRow
from people.models import Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person | None], Client]
MAKE = "/me/account/tokens/make/"


def test_a_token_is_shown_once_and_only_its_digest_is_kept(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.holder)
    page = client.post(MAKE, {"name": "My blog", "may_write": "on"}).content.decode()
    token = page.partition('<code tabindex="0">')[2].partition("</code>")[0]
    row = ApiToken.objects.get()
    assert (row.digest, row.may_write) == (digest_of(token), True)
    later = client.get("/me/account/").content.decode()
    assert "My blog" in later
    assert token not in later
    assert HistoryRow.objects.filter(verb="make_token").exists()


def test_its_owner_revokes_it_and_nobody_else(cast: Cast, sign_in: SignIn) -> None:
    token, _text = make_token(cast.holder.user, name="x", may_write=False, by=cast.holder.user)  # type: ignore[arg-type]
    address = f"/me/account/tokens/{token.key}/revoke/"
    assert sign_in(cast.outsider).post(address).status_code == 404
    assert sign_in(cast.holder).post(address).status_code == 302
    assert not ApiToken.objects.exists()


def test_one_token_too_many_is_refused_with_a_sentence(cast: Cast, sign_in: SignIn) -> None:
    for _n in range(TOKENS_AT_MOST):
        make_token(cast.holder.user, name="x", may_write=False, by=cast.holder.user)  # type: ignore[arg-type]
    answer = sign_in(cast.holder).post(MAKE, {"name": "One more"})
    assert answer.status_code == 422
    assert "Revoke one first" in answer.content.decode()
