"""Every list, search and form of the admin: it opens, in a fixed number of queries, with nothing inline."""

import re

from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import SignIn, address
from tests.cast import Cast, House
from tests.world import fill_tables, our_models

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


def test_every_search_and_every_form_opens_with_nothing_inline(
    house: House, cast: Cast, sign_in: SignIn
) -> None:
    fill_tables(house, cast, number=1)
    client = sign_in(cast.office_1)
    words = "O’Dea \u202e% \\ x@y.example"
    for model in MODELS:
        assert client.get(address(model, "changelist"), {"q": words}).status_code == 200, model
        pages = [address(model._default_manager.all()[0], "change")]
        pages += [address(model, "add")] if admin.site._registry[model].may_add else []
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200, page
            assert not INLINE.search(response.content.decode()), page
