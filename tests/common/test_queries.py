"""History and mail are shown by the rules of the rows that they are about."""

import pytest

from accounts.models import User
from common import history, outbox, queries, registry
from common.actor import pseudonym
from common.models import HistoryRow, OutboxMail
from tests.cast import Cast

pytestmark = pytest.mark.django_db
USER = User(pk=1)
RULES = dict(registry.visible_keys)  # as the rooms have filled it


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {"case": lambda user, keys: set(keys) - {"HIDDEN"}, "award": lambda user, keys: set(keys)}
    monkeypatch.setattr(registry, "visible_keys", rules)


def test_history_of_a_hidden_case_or_of_an_unknown_kind_is_left_out() -> None:
    for kind, key in (("case", "A"), ("case", "HIDDEN"), ("award", "B"), ("secret", "C")):
        history.record(kind, key, "save", by=None)
    rows = HistoryRow.objects.order_by("-id")
    assert [row.key for row in queries.history_visible_to(USER, rows)] == ["B", "A"]


def test_a_mail_is_seen_by_those_who_may_see_all_that_it_is_about() -> None:
    for cause, keys in (
        ("seen", {"case": "A", "award": "B"}),
        ("hidden", {"case": "HIDDEN", "award": "B"}),
        ("about nothing known", {"code": "123456"}),
    ):
        outbox.post("test", to="a@example.test", cause=cause, keys=keys)
    assert [mail.cause for mail in queries.mails_visible_to(USER, OutboxMail.objects.all())] == ["seen"]


def test_history_of_one_row_comes_newest_first_with_its_text() -> None:
    history.record("case", "A", "save", by=None)
    history.record("case", "B", "save", by=None)
    history.record("case", "A", "withdraw", by=None, text="Moves to Lisbon")
    rows = list(queries.history_of("case", "A"))
    assert [row.verb for row in rows] == ["withdraw", "save"]
    assert rows[0].text.text == "Moves to Lisbon"


def visible(user: User | None, kind: str, key: str) -> bool:
    return bool(RULES[kind](user, [key]))


def test_who_may_read_the_history_of_a_person_an_award_and_a_role(cast: Cast) -> None:
    award = cast.holder.awards.latest("first_year")
    about = [("person", cast.holder.key), ("award", award.key), ("user", pseudonym(cast.holder.user))]
    for kind, key in about:
        seen = {
            name
            for name in ("holder", "office_1", "auditor", "outsider", "nominee")
            if visible(getattr(cast, name).user, kind, key)
        }
        assert seen == {"holder", "office_1", "auditor"}, kind
