"""Many rows are saved in one statement, whatever their fields hold."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from common import clock
from common.saving import save_many
from selection.models import Candidacy, Decision, RedactedDossier
from tests.selection.conftest import make_candidacy, make_case, run_stage  # noqa: F401


@pytest.fixture
def rows(house, make_candidacy):  # noqa: F811
    return [make_candidacy(house.score, name=f"Nominee {letter}") for letter in "abc"]


def test_texts_numbers_moments_and_nothing_come_back_as_they_were(rows, django_assert_num_queries):
    for place, one in enumerate(rows):
        one.proposed, one.mean, one.rank = "award", Decimal("3.1250"), place
        one.left_at = clock.now() + dt.timedelta(days=place)
    rows[2].mean = rows[2].rank = rows[2].left_at = None
    fields = ["proposed", "mean", "rank", "left_at"]
    with django_assert_num_queries(1):
        save_many(rows, fields)
    saved = Candidacy.objects.in_bulk([one.pk for one in rows])
    for one in rows:
        assert [getattr(saved[one.pk], name) for name in fields] == [getattr(one, name) for name in fields]


def test_other_fields_and_other_rows_stay(rows):
    rows[0].proposed, rows[0].by_rule, rows[1].proposed = "award", "award", "reserve"
    save_many(rows[:1], ["proposed"])
    assert list(Candidacy.objects.order_by("pk").values_list("proposed", "by_rule")) == [
        ("award", ""), ("", ""), ("", ""),
    ]  # fmt: skip
    save_many([], ["proposed"])


def test_keys_and_documents_are_saved_too(rows, cast):
    now = clock.now()
    decision = Decision.objects.create(candidacy=rows[0], outcome="award", decided_at=now)
    decision.decided_by = cast.office_1
    save_many([decision], ["decided_by"])
    assert Decision.objects.get().decided_by == cast.office_1
    names = [
        one.name for one in RedactedDossier._meta.concrete_fields if one.get_internal_type() == "JSONField"
    ]
    copy = RedactedDossier.objects.create(nomination=rows[0].nomination, proposed_at=now)
    setattr(copy, names[0], {"a": ["“quoted”", None, 1]})
    save_many([copy], names[:1])
    assert getattr(RedactedDossier.objects.get(), names[0]) == {"a": ["“quoted”", None, 1]}


def test_a_row_that_breaks_a_constraint_saves_none(rows):
    decisions = [
        Decision.objects.create(candidacy=one, outcome="award", decided_at=clock.now()) for one in rows
    ]
    decisions[0].outcome, decisions[1].candidacy_id = "reserve", decisions[2].candidacy_id
    with pytest.raises(IntegrityError), transaction.atomic():
        save_many(decisions, ["outcome", "candidacy"])
    assert set(Decision.objects.values_list("outcome", flat=True)) == {"award"}
