"""What is exported imports again without a change."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.fields import one_line, several_lines
from contributions import actions
from contributions.exporting import as_csv, as_json
from contributions.models import Contribution
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory
from tests.spread import all_of_them

SignIn = Callable[[Person | None], Client]
LINES = (st.text(max_size=60) | st.text(st.sampled_from("'=+-@ ;,\"\ta1é"), max_size=9)).map(one_line)
PROSE = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n'=-,;\""), max_size=60).map(
    several_lines
)
NUMBERS = st.none() | st.integers(0, 2**31 - 1)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "title": LINES.filter(bool),
            "starts": st.dates(min_value=dt.date(1970, 1, 1), max_value=dt.date(2020, 1, 1)),
            "url": st.sampled_from(["", "https://articles.example/1?a=b;c,d#e", "http://x.example/é"]),
            "description": PROSE,
            "private_note": PROSE,
            "role": LINES.map(lambda text: text[:60].strip()),
            "area_text": LINES,
            "quantity": NUMBERS,
            "reach": NUMBERS,
            "hours": st.none() | st.integers(0, 8784),
            "visibility": st.sampled_from(["office", "holders", "everyone"]),
            "high_impact": st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)


@given(entries=ENTRIES, split=st.integers(0, 12))
@settings(
    max_examples=40 if all_of_them() else 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_export_imports_again_without_a_change(
    entries: list[dict[str, Any]], split: int, cast: Cast, house: House
) -> None:
    Contribution.objects.all().delete()
    for place, facts in enumerate(entries):
        row = Contribution.objects.create(person=cast.holder, type=house.article, **facts)
        if place < split:
            row.area = house.networking
            row.save()
            row.more_areas.set([house.directory, house.spreadsheets])
    for name, content in (("log.json", as_json(cast.holder)), ("log.csv", as_csv(cast.holder))):
        made = actions.check_import(cast.holder, name=name, content=content.encode(), by=None)
        assert made.counts == {"new": 0, "same": len(entries), "changed": 0, "refused": 0}, name
        Contribution.objects.filter(person=cast.outsider).delete()
        made = actions.check_import(cast.outsider, name=name, content=content.encode(), by=None)
        actions.import_contributions(made, by=None)
        assert json.loads(as_json(cast.outsider).replace("\\r\\n", "\\n")) == json.loads(
            as_json(cast.holder).replace("\\r\\n", "\\n")
        )


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_everybody_exports_their_own_log_alone(kind: str, cast: Cast, house: House, sign_in: SignIn) -> None:
    ContributionFactory(person=cast.holder, title="Mine", private_note="=1+1")
    ContributionFactory(person=cast.outsider, title="Theirs")
    answer = sign_in(cast.holder).get(f"/me/contributions/export.{kind}")
    text = answer.content.decode()
    assert "Mine" in text
    assert "Theirs" not in text
    assert ("'=1+1" in text) is (kind == "csv")
    assert answer["Content-Disposition"] == f'attachment; filename="contributions.{kind}"'


@pytest.mark.parametrize("number", [1, 3])
def test_an_export_asks_as_much_for_one_as_for_three(
    number: int, cast: Cast, house: House, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(number):
        ContributionFactory(person=cast.holder).more_areas.set([house.directory])
    with django_assert_num_queries(3):
        as_csv(cast.holder)
