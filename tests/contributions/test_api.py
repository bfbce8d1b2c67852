"""One's own log, for programs."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.actions import make_token, revoke_token
from accounts.models import ApiToken
from common import clock
from common.models import HistoryRow
from contributions.models import Contribution
from people.models import Person
from tests import factories
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db
LOG = "/api/v1/me/contributions"
GIVEN = {"type": "article", "title": "Two gateways", "date": "2004-01-02", "quantity": 1}


def by_token(person: Person, *, may_write: bool = True) -> dict[str, str]:
    _row, text = make_token(person.user, name="x", may_write=may_write, by=person.user)  # type: ignore[arg-type]
    return {"authorization": f"Bearer {text}"}


def send(client: Client, method: str, address: str, headers: dict[str, str], **given: Any) -> Any:
    return client.generic(
        method, address, __import__("json").dumps(given), "application/json", headers=headers
    )


@pytest.fixture
def kind() -> Any:
    return factories.ContributionTypeFactory(code="article", name="Article", quantity_label="articles")


def test_an_entry_is_logged_changed_and_deleted_by_the_actions(
    client: Client, cast: Cast, house: House, kind: Any
) -> None:
    token = by_token(cast.nominee)
    made = send(client, "POST", LOG, token, **GIVEN, area=house.networking.slug)
    assert made.status_code == 201
    address = f"{LOG}/{made.json()['key']}"
    changed = send(client, "PATCH", address, token, title="Three gateways")
    assert (changed.json()["title"], changed.json()["area"]) == ("Three gateways", house.networking.slug)
    assert client.delete(address, headers=token).status_code == 204
    assert client.get(address, headers=token).status_code == 404
    verbs = HistoryRow.objects.filter(kind="contribution").values_list("verb", flat=True)
    assert list(verbs) == ["log_contribution", "change_contribution", "delete_contribution"]


def test_what_is_wrong_is_said_by_field(client: Client, cast: Cast, kind: Any) -> None:
    answer = send(
        client, "POST", LOG, by_token(cast.nominee), **GIVEN | {"date": "2999-01-01", "area": "nowhere"}
    )
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"date", "area"}
    assert not Contribution.objects.exists()


def test_a_day_that_has_begun_where_its_owner_lives_is_taken(client: Client, cast: Cast, kind: Any) -> None:
    Person.objects.filter(pk=cast.nominee.pk).update(zone="Asia/Tokyo")
    with clock.at(dt.datetime(2030, 1, 2, 20, tzinfo=dt.UTC)):
        token = by_token(cast.nominee)
        answers = [send(client, "POST", LOG, token, **GIVEN | {"date": f"2030-01-0{day}"}) for day in (3, 4)]
    assert [answer.status_code for answer in answers] == [201, 422]


def test_a_token_that_only_reads_changes_nothing(client: Client, cast: Cast, kind: Any) -> None:
    token = by_token(cast.nominee, may_write=False)
    assert client.get(LOG, headers=token).status_code == 200
    assert send(client, "POST", LOG, token, **GIVEN).status_code == 403
    assert not Contribution.objects.exists()


def test_nobody_reaches_the_log_of_another(client: Client, cast: Cast) -> None:
    entry = factories.ContributionFactory(person=cast.holder, private_note="For reviewers.")
    token = by_token(cast.nominee)
    assert client.get(f"{LOG}/{entry.key}", headers=token).status_code == 404
    assert client.delete(f"{LOG}/{entry.key}", headers=token).status_code == 404
    assert client.get(LOG, headers=token).json() == {"contributions": [], "next": None}


def test_a_session_and_a_revoked_token_open_nothing(client: Client, cast: Cast) -> None:
    token = by_token(cast.nominee)
    revoke_token(ApiToken.objects.get(), by=cast.nominee.user)  # type: ignore[arg-type]
    assert client.get(LOG, headers=token).status_code == 401
    client.force_login(cast.nominee.user)  # type: ignore[arg-type]
    assert client.get(LOG).status_code == 401


@pytest.mark.parametrize("number", [1, 3])
def test_the_log_comes_page_by_page_in_as_many_statements(
    client: Client, cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    for _n in range(number):
        factories.ContributionFactory(person=cast.nominee)
    token = by_token(cast.nominee)
    client.get(LOG, headers=token)
    with django_assert_num_queries(3):
        first = client.get(LOG, {"limit": 1}, headers=token).json()
    assert (first["next"] is None) == (number == 1)
    if first["next"]:
        second = client.get(LOG, {"limit": 9, "cursor": first["next"]}, headers=token).json()
        assert len(second["contributions"]) == number - 1
