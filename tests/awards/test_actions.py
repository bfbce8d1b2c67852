"""Granting, ending, revoking: what the rules allow and what history keeps."""

import datetime as dt

import pytest

from awards import actions
from awards.models import Award, RosterChange
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow, HistoryText
from tests.cast import Cast, House
from tests.factories import AwardFactory


def grant(person, house: House, year: int, **changes) -> actions.Grant:
    values = {
        "person_id": person.pk,
        "area_id": house.networking.pk,
        "category_id": house.servers.pk,
        "area_name": house.networking.name,
        "category_name": house.servers.name,
        "country": "LV",
        "region_id": house.baltics.pk,
        "cycle_id": house.cycle.pk,
        "starts": dt.date(year, 1, 1),
        "ends": dt.date(year, 12, 31),
        "first_year": year,
        "last_year": year,
        "granted_at": dt.datetime(year, 1, 3, 9, tzinfo=dt.UTC),
    }
    return actions.Grant(**{**values, **changes})


def test_awards_come_back_in_the_order_asked_for(cast: Cast, house: House) -> None:
    rows = [grant(cast.nominee, house, 2030), grant(cast.outsider, house, 2029)]
    awards = actions.grant_awards(rows, by=cast.office_1.user)
    assert [award.person_id for award in awards] == [cast.nominee.pk, cast.outsider.pk]
    assert all(award.pk and award.state == Award.State.GRANTED for award in awards)


def test_every_granted_award_has_a_history_row(cast: Cast, house: House) -> None:
    award = actions.grant_awards([grant(cast.nominee, house, 2030)], by=cast.office_1.user)[0]
    row = HistoryRow.objects.get(kind="award", key=award.key)
    assert (row.verb, row.new_state) == ("grant", "granted")
    assert row.codes["ends"] == "2030-12-31"


@pytest.mark.parametrize("count", [1, 3])
def test_granting_takes_the_same_statements_for_one_and_for_three(
    cast: Cast, house: House, count: int, django_assert_num_queries
) -> None:
    rows = [grant(cast.nominee, house, 2030 + n) for n in range(count)]
    with django_assert_num_queries(
        10
    ):  # transaction, standing terms, 3 savepoints, awards, history, job, commit
        actions.grant_awards(rows, by=cast.office_1.user)


def test_a_term_that_overlaps_a_standing_one_is_refused_and_nothing_is_granted(
    cast: Cast, house: House
) -> None:
    year = house.program.current_year
    with pytest.raises(RuleBroken, match="Ágnes Kővári holds the award for Windows Server"):
        actions.grant_awards(
            [grant(cast.nominee, house, year), grant(cast.holder, house, year)], by=cast.office_1.user
        )
    assert not Award.objects.filter(person=cast.nominee).exists()


def test_two_terms_of_one_grant_may_not_overlap(cast: Cast, house: House) -> None:
    open_ended = grant(cast.nominee, house, 2030, ends=None, last_year=None)
    with pytest.raises(RuleBroken):
        actions.grant_awards([open_ended, grant(cast.nominee, house, 2031)], by=None)


def test_a_renewal_starts_the_day_after_the_end(cast: Cast, house: House) -> None:
    year = house.program.current_year
    assert actions.grant_awards([grant(cast.holder, house, year + 1)], by=None)


def test_one_person_may_hold_two_areas_at_once(cast: Cast, house: House) -> None:
    year = house.program.current_year
    other = grant(cast.holder, house, year, area_id=house.directory.pk)
    assert actions.grant_awards([other], by=None)


def test_a_resigned_award_frees_its_days(cast: Cast, house: House) -> None:
    year = house.program.current_year
    actions.resign_award(cast.holder.awards.get(first_year=year), by=cast.holder.user)
    assert actions.grant_awards([grant(cast.holder, house, year)], by=None)


def test_resigning_twice_says_that_it_is_too_late(cast: Cast) -> None:
    award = cast.holder.awards.first()
    actions.resign_award(award, by=cast.holder.user)
    with pytest.raises(Outdated, match="resigned"):
        actions.resign_award(award, by=cast.holder.user)


def test_revoking_needs_a_known_reason(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        actions.revoke_award(cast.holder.awards.first(), by=cast.office_1.user, reason_code="whim")


def test_a_revoked_award_keeps_its_reason_and_comes_back_after_an_appeal(cast: Cast) -> None:
    award = cast.holder.awards.first()
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct", note="Sold answers.")
    assert (award.state, award.good_standing, award.reason_code) == ("revoked", False, "conduct")
    actions.restore_award(award, by=cast.office_2.user)
    assert (award.state, award.good_standing, award.reason_code) == ("granted", True, "")


def test_a_revoked_award_does_not_come_back_over_a_newer_one(cast: Cast, house: House) -> None:
    award = cast.holder.awards.get(first_year=house.program.current_year)
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    actions.grant_awards([grant(cast.holder, house, award.first_year)], by=None)
    with pytest.raises(RuleBroken, match="same days"):
        actions.restore_award(award, by=cast.office_1.user)


def test_a_hold_is_lifted(cast: Cast) -> None:
    award = cast.holder.awards.first()
    actions.hold_award(award, by=cast.office_1.user)
    assert award.state == "on_hold"
    actions.restore_award(award, by=cast.office_1.user)
    assert award.state == "granted"


def test_the_note_lies_in_the_erasable_table(cast: Cast) -> None:
    award = cast.holder.awards.first()
    actions.hold_award(award, by=cast.office_1.user, note="A complaint came in.")
    assert HistoryText.objects.get(row__key=award.key).text == "A complaint came in."


def test_ending_an_open_award_sets_its_last_day_and_year(cast: Cast, house: House) -> None:
    row = grant(cast.nominee, house, 2019, ends=None, last_year=None)
    award = actions.grant_awards([row], by=None)[0]
    actions.end_award(award, by=cast.office_1.user, reason="retired", on=dt.date(2022, 5, 4))
    assert (award.ends, award.last_year, award.end_reason) == (dt.date(2022, 5, 4), 2022, "retired")


@pytest.mark.parametrize("day", [dt.date(2001, 12, 31) + dt.timedelta(days=1), dt.date(2000, 12, 31)])
def test_an_award_ends_only_within_its_term(cast: Cast, day: dt.date) -> None:
    award = cast.holder.awards.get(first_year=2001)
    with pytest.raises(RuleBroken):
        actions.end_award(award, by=None, reason="retired", on=day)


def test_terms_are_extended_together_with_a_reason(cast: Cast, house: House) -> None:
    year = house.program.current_year
    awards = cast.holder.awards.filter(first_year=year)
    to = dt.date(year + 1, 6, 30)
    assert actions.extend_terms(awards, to=to, by=cast.office_1.user, reason="The program moved.") == 1
    assert awards.get().ends == to
    assert actions.extend_terms(awards, to=to, by=cast.office_1.user, reason="The program moved.") == 0


def test_extending_over_the_next_term_moves_none(cast: Cast, house: House) -> None:
    year = house.program.current_year
    with pytest.raises(RuleBroken, match="overlap"):
        actions.extend_terms(cast.holder.awards.all(), to=dt.date(year + 1, 1, 31), by=None, reason="All.")
    assert cast.holder.awards.get(first_year=2001).ends == dt.date(2001, 12, 31)


def test_extending_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        actions.extend_terms(cast.holder.awards.all(), to=dt.date(2030, 1, 1), by=None, reason=" ")


def test_old_notes_of_changes_are_taken_away(house: House, monkeypatch) -> None:
    monkeypatch.setattr(actions.changes, "KEPT", 2)
    for _number in range(4):
        AwardFactory(area=house.networking)
    newest = list(RosterChange.objects.order_by("-pk")[:2])
    assert actions.forget_roster_changes() > 0
    assert list(RosterChange.objects.order_by("-pk")) == newest
