"""Erased is erased: the row is a shell, mail and texts are gone, the profile's address leaves a tombstone."""

import re

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import history, outbox, registry
from common.errors import RuleBroken
from common.models import HistoryText, OutboxMail
from common.verification import verify
from people import actions
from people.models import Deletion, Person
from people.queries import is_erased, person_by_address
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def everything_held_on(person: Person) -> str:
    """All that the rooms up to people hold, as one text."""
    row = Person.objects.filter(pk=person.pk).values()
    mails = OutboxMail.objects.values()
    return f"{list(row)} {list(mails)} {list(HistoryText.objects.values())} {list(Deletion.objects.values())}"


def test_an_erased_person_is_an_empty_shell(cast: Cast) -> None:
    holder = cast.holder
    holder.old_slugs.create(slug="agnes-old")
    actions.change_employer(holder, "Danube Printing Works", by=None)
    outbox.post("test", to="agnes@community.example", cause="1", keys={"name": "Ágnes"})
    history.record("person", holder.key, "rename_person", by=None, text="Ágnes is Agnes")
    actions.erase_person(holder, by=cast.office_1.user)
    held = everything_held_on(holder)
    for trace in ("gnes", "Kővári", "kovari", "HU", "community.example"):
        assert trace not in held
    assert is_erased("agnes")
    assert is_erased("agnes-old")
    assert person_by_address("agnes@community.example") is None


def test_all_rows_of_one_human_are_locked_in_one_statement_by_key() -> None:
    """A merge and its undoing lock by key too, so that none of them waits for the other."""
    last, middle, kept = (actions.create_person(name="Ilmārs Vītols", by=None) for _ in range(3))
    actions.merge_persons(middle, last, by=None)
    actions.merge_persons(kept, middle, by=None)
    with CaptureQueriesContext(connection) as statements:
        actions.erase_person(kept, by=None)
    first = next(row["sql"] for row in statements if "FOR UPDATE" in row["sql"])
    for person in (last, middle, kept):
        assert re.search(rf"IN \([^)]*\b{person.pk}\b", first)
    assert 'ORDER BY "people_person"."id"' in first


def test_what_was_erased_since_is_not_parted() -> None:
    kept, absorbed = (actions.create_person(name="Ilmārs Vītols", by=None) for _ in range(2))
    actions.merge_persons(kept, absorbed, by=None)
    merge = kept.merges.get()
    actions.erase_person(kept, by=None)
    with pytest.raises(RuleBroken, match="was erased since"):
        actions.undo_merge(merge, by=None, reason="They wrote to us.")


def test_the_log_says_what_and_not_whom(cast: Cast) -> None:
    actions.erase_person(cast.holder, by=cast.office_1.user)
    deletion = Deletion.objects.get()
    assert (deletion.mode, deletion.rows) == ("person", {"person": 1, "address": 1})


def test_an_erased_person_is_signed_out_and_has_no_role(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.reviewer_1.user)  # type: ignore[arg-type]
    user = cast.reviewer_1.user
    actions.erase_person(cast.reviewer_1, by=cast.office_1.user)
    assert get_user(client).is_anonymous  # type: ignore[arg-type]
    user.refresh_from_db()  # type: ignore[union-attr]
    assert not user.holds("reviewer")  # type: ignore[union-attr]
    assert user.email == f"closed-{user.pk}@account.invalid"  # type: ignore[union-attr]


def test_mail_that_waits_is_withheld(cast: Cast) -> None:
    outbox.post("test", to="other@example.test", cause="1", person_key=cast.holder.key)
    actions.erase_person(cast.holder, by=None)
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.to) == ("withheld", "")


def test_the_sealed_history_stays_whole(cast: Cast) -> None:
    history.record("person", cast.holder.key, "rename_person", by=None, text="Ágnes is Agnes")
    history.seal()
    actions.erase_person(cast.holder, by=None)
    history.seal()
    assert verify().problems == []


def test_erasing_twice_is_erasing_once(cast: Cast) -> None:
    actions.erase_person(cast.holder, by=None)
    actions.erase_person(cast.holder, by=None)
    assert Deletion.objects.count() == 1


def test_a_room_that_must_keep_somebody_stops_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(person: Person, by: object) -> None:
        raise RuleBroken("A complaint is open.")

    monkeypatch.setattr(registry, "on_erase", [refuse])
    with pytest.raises(RuleBroken):
        actions.erase_person(cast.holder, by=None)
    cast.holder.refresh_from_db()
    assert cast.holder.name == "Ágnes Kővári"


def test_an_award_stays_without_words_and_the_log_goes(cast: Cast) -> None:
    award = cast.holder.awards.earliest("first_year")
    award.citation = "Ágnes taught half of Budapest."
    award.save()
    factories.ContributionFactory(person=cast.holder)
    actions.erase_person(cast.holder, by=None)
    award.refresh_from_db()
    assert (award.citation, award.first_year, award.person.name) == ("", 2001, "")
    assert not cast.holder.contributions.exists()
