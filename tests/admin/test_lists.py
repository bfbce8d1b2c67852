"""Every list, search and form of the admin: it opens, in a fixed number of queries, with nothing inline."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import SignIn, address
from tests.cast import Cast, House
from tests.drawing import draw_nothing
from tests.filling import fill_tables, our_models
from tests.spread import all_of_them

INLINE = re.compile(
    r"<[^>]*\sstyle\s*=|<style\b|<script\b(?![^>]*\bsrc=)(?![^>]*type=.application/json)|<[^>]*\son[a-z]+\s*="
)
MODELS = our_models()
AT_MOST = 15


def test_every_model_of_ours_has_its_admin_and_no_other() -> None:
    assert set(admin.site._registry) == set(MODELS)


def test_every_list_takes_the_same_few_queries_for_one_and_for_three_rows(
    house: House, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.office_1)
    fill_tables(house, cast, number=1)
    one = {model: queries_of_list(client, model) for model in MODELS}
    fill_tables(house, cast, number=2)
    fill_tables(house, cast, number=3)
    three = {model: queries_of_list(client, model) for model in MODELS}
    assert {model: count for model, count in three.items() if count > AT_MOST or count != one[model]} == {}
    assert [model for model in MODELS if not model._default_manager.exists()] == []


def queries_of_list(client: Client, model: type[Model]) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address(model, "changelist"))
    assert response.status_code == 200, model
    assert not INLINE.search(response.content.decode()), model
    return len(queries)


def test_every_form_opens_with_nothing_inline_and_every_list_can_be_searched(
    house: House, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forms for a new row are those of a row that is there: some are drawn."""
    fill_tables(house, cast, number=1)
    client = sign_in(cast.office_1)
    new = [model for model in MODELS if admin.site._registry[model].may_add]
    pages = [address(model._default_manager.all()[0], "change") for model in MODELS]
    for page in [*pages, *(address(model, "add") for model in (new if all_of_them() else new[::4]))]:
        response = client.get(page)
        assert response.status_code == 200, page
        assert not INLINE.search(response.content.decode()), page
    draw_nothing(monkeypatch)
    words = "O’Dea \u202e% \\ x@y.example"
    for model in MODELS:
        assert client.get(address(model, "changelist"), {"q": words}).status_code == 200, model
