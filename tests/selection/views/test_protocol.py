"""How a cycle decides: frozen when its first stage opens, in plain words, with every change and its reason."""

import datetime as dt

import pytest
from django.urls import reverse

from common import clock
from common.errors import RuleBroken
from common.models import HistoryRow
from selection import actions, states
from selection.models import ProtocolVersion, Stage
from selection.protocol import differences, digest_of
from selection.queries.protocol import rules_of
from tests.cast import RUBRIC
from tests.selection.conftest import WHY


@pytest.fixture
def opened(house, cast):
    """The first stage of the house is open, so version 1 is published."""
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    house.screen.refresh_from_db()
    return ProtocolVersion.objects.get()


def page(client, cycle):
    return client.get(reverse("selection:protocol", args=[cycle.slug])).content.decode()


def test_before_the_first_stage_the_office_reads_a_draft_and_the_public_when_it_comes(house, cast, sign_in):
    for person in (None, cast.outsider, cast.reviewer_1, cast.technology_lead):
        content = page(sign_in(person), house.cycle)
        assert ("not yet published" in content, "35%" in content) == (True, False)
    for person in (cast.office_1, cast.auditor):
        content = page(sign_in(person), house.cycle)
        assert ("A draft, for the office alone" in content, "35%" in content) == (True, True)
    assert not ProtocolVersion.objects.exists()


def test_opening_the_first_stage_publishes_the_rules_with_seed_and_digest(house, opened):
    assert (opened.number, opened.reason, opened.digest) == (1, "", digest_of(opened.rules))
    house.score.refresh_from_db()
    assert len(house.score.draw_seed) == 64
    assert opened.rules["stages"]["2"]["draw_seed"] == house.score.draw_seed
    event = HistoryRow.objects.get(kind="protocol")
    assert (event.verb, event.codes["digest"], event.key) == ("publish", opened.digest, house.cycle.slug)


def test_the_next_stages_open_without_a_new_version(house, cast, opened):
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)  # early: its end is another now
    assert ProtocolVersion.objects.count() == 2
    with clock.at(house.score.opens_at + dt.timedelta(minutes=1)):
        actions.open_stage(house.score, by=cast.office_1.user)
    assert ProtocolVersion.objects.count() == 2


def test_everybody_reads_every_anchor_date_place_and_seed(house, sign_in, opened):
    content = page(sign_in(None), house.cycle)
    sentences = [sentence for _weight, anchors in RUBRIC.values() for sentence in anchors]
    assert [one for one in sentences if one not in content] == []
    for words in (
        "How the Next cycle decides", "Regional review", "Product-team council", "35%", "Servers", "Two people confirm",
        "The next 2 are proposed for the reserve", "Equal results across the last place", opened.digest,
        opened.rules["stages"]["2"]["draw_seed"], "Nothing since they were published",
    ):  # fmt: skip
        assert words in content
    assert "the calibrated score" not in content


def test_the_page_says_first_that_a_stage_ranks_by_the_calibrated_score(house, cast, sign_in, make_case):
    house.score.rule = {"rank_by": "calibrated"}
    house.score.save()
    make_case()
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    content = page(sign_in(None), house.cycle)
    assert "A stage of this cycle ranks by the calibrated score" in content


def test_a_later_date_needs_a_reason_and_shows_with_before_and_after(house, cast, sign_in, opened):
    later = house.score.closes_at + dt.timedelta(days=7)
    with pytest.raises(RuleBroken, match="Say why the date moves"):
        actions.move_stage(house.score, closes_at=later, by=cast.office_1.user, reason=" ")
    actions.move_stage(
        house.score, closes_at=later, by=cast.office_1.user, reason="31% more nominations in the Baltics."
    )
    second = ProtocolVersion.objects.get(number=2)
    (change,) = differences(opened.rules, second.rules)
    assert (change.path, change.after) == (("stages", "2", "closes_at"), later.isoformat())
    content = page(sign_in(None), house.cycle)
    assert "31% more nominations in the Baltics." in content
    assert "Technology review: closes" in content
    old = sign_in(None).get(reverse("selection:protocol_version", args=[house.cycle.slug, 1]))
    assert "An earlier version" in old.content.decode()


def test_a_change_behind_the_back_of_the_office_is_found_at_the_next_act(house, cast, opened):
    """Somebody edits a row in the admin: the next stage does not open until the reason is given."""
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    Stage.objects.filter(pk=house.council.pk).update(reviews_needed=9)
    with clock.at(house.score.opens_at + dt.timedelta(minutes=1)):
        with pytest.raises(RuleBroken, match="Product-team council: reviews for each case"):
            actions.open_stage(house.score, by=cast.office_1.user)
        assert Stage.objects.get(pk=house.score.pk).state == states.STAGE_PLANNED
        actions.open_stage(house.score, by=cast.office_1.user, reason=WHY)


def test_the_rules_are_there_as_data_whose_digest_can_be_computed_again(house, sign_in, opened):
    data = sign_in(None).get(reverse("selection:protocol_rules", args=[house.cycle.slug])).json()
    (version,) = data["versions"]
    assert (version["digest"], digest_of(version["rules"])) == (opened.digest, opened.digest)


def test_the_way_to_the_protocol_leads_to_published_rules_first(house, sign_in, opened):
    answer = sign_in(None).get(reverse("selection:protocol_home"))
    assert answer.url == f"/protocol/{house.cycle.slug}/"
    assert 'href="/protocol/"' in sign_in(None).get("/").content.decode()
    assert sign_in(None).get("/protocol/nowhere/").status_code == 404
    assert sign_in(None).get(f"/protocol/{house.cycle.slug}/7/").status_code == 404
    assert sign_in(None).get("/protocol/nowhere/rules.json").status_code == 404


def test_no_name_of_a_case_or_a_person_is_in_the_rules(house, cast, opened):
    text = str(opened.rules)
    assert not [p.name for p in (cast.office_1, cast.nominator, cast.reviewer_1) if p.name in text]
    assert "Vaira" not in text


def test_the_same_rows_give_the_same_digest(house):
    assert digest_of(rules_of(house.cycle)) == digest_of(rules_of(house.cycle))


def test_the_page_takes_as_many_statements_for_three_versions_as_for_one(
    house, cast, sign_in, opened, django_assert_num_queries
):
    client = sign_in(None)
    with django_assert_num_queries(3):
        page(client, house.cycle)
    for days in (1, 2):
        later = house.score.closes_at + dt.timedelta(days=days)
        actions.move_stage(house.score, closes_at=later, by=cast.office_1.user, reason=WHY)
    with django_assert_num_queries(3):
        page(client, house.cycle)
