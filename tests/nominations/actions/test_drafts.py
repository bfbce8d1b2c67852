"""Saving what was typed: two tabs, a second click, a draft that is gone."""

import pytest

from common.errors import Outdated
from nominations import actions
from nominations.models import Nomination
from tests.cast import Cast, House
from tests.nominations.conftest import answers


def save(draft: Nomination, **typed: str) -> Nomination:
    return actions.save_draft(draft.key, cycle=draft.cycle, answers=typed, by=None, draft=draft)


def test_two_tabs_each_keep_what_was_typed_in_the_other(draft: Nomination) -> None:
    stale = Nomination.objects.get(pk=draft.pk)
    save(draft, employer="Harbour Books")
    kept = save(stale, nominee_name="Ilmārs V.").draft["answers"]
    assert (kept["employer"], kept["nominee_name"]) == ("Harbour Books", "Ilmārs V.")
    draft.refresh_from_db()
    assert draft.nominee_name == "Ilmārs V."


def test_a_first_save_made_twice_is_one_draft(house: House, cast: Cast) -> None:
    for name in ("Somebody", "Somebody Else"):
        actions.save_draft("TWICE222", cycle=house.cycle, answers={"nominee_name": name}, by=cast.nominator)
    row = Nomination.objects.get()
    assert (row.nominee_name, row.draft_by) == ("Somebody Else", cast.nominator)


def test_the_writer_stays_whoever_saves(draft: Nomination, cast: Cast) -> None:
    actions.save_draft(draft.key, cycle=draft.cycle, answers={}, by=cast.outsider, draft=draft)
    assert Nomination.objects.get().draft_by == cast.nominator


def test_a_draft_that_was_deleted_meanwhile_says_so(draft: Nomination, cast: Cast) -> None:
    stale = Nomination.objects.get(pk=draft.pk)
    actions.discard_draft(draft, by=cast.nominator.user)
    with pytest.raises(Outdated, match="deleted"):
        save(stale, name="Teodora")


def test_a_draft_that_was_sent_meanwhile_is_not_changed(draft: Nomination, cast: Cast) -> None:
    stale = Nomination.objects.get(pk=draft.pk)
    actions.send_nomination(draft, answers=answers(), by=cast.nominator.user, person=cast.nominator)
    with pytest.raises(Outdated, match="invited"):
        save(stale, nominee_name="Somebody Else")
    assert Nomination.objects.get().nominee_name == "Ilmārs Vītolbergs"
