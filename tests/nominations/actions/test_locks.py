"""Addresses are held before the rows of cases, whatever is done: two who wait for each other would wait for ever."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Outdated
from nominations import actions, states
from nominations.actions.submitting import submit_sent
from nominations.models import AccessLink, Nomination
from tests.cast import Cast, House
from tests.nominations.conftest import answers

Submit = Callable[..., Nomination]
NADIA = {"email": "new@nominator.example", "name": "Nadia Haidari"}


def locks_of(act: Callable[[], object]) -> list[str]:
    """``address`` and ``case`` in the order in which they are locked, those that are locked again left out."""
    with CaptureQueriesContext(connection) as queries:
        act()
    found = [
        "address" if "address:" in query["sql"] else "case"
        for query in queries
        if "xact_lock(hashtextextended('address:" in query["sql"]
        or ('FROM "nominations_nomination"' in query["sql"] and "FOR UPDATE" in query["sql"])
    ]
    return list(dict.fromkeys(found))


@pytest.fixture
def sent(house: House, cast: Cast) -> AccessLink:
    """The link that confirms the address of a nominator who is not signed in."""
    draft = actions.save_draft("STRANGER22", cycle=house.cycle, answers=answers(**NADIA), by=None)
    link = actions.send_nomination(draft, answers=answers(**NADIA), by=None, person=None).link
    assert link is not None
    return link


def test_a_nomination_is_confirmed_and_let_go_on_with_its_addresses_first(
    sent: AccessLink, cast: Cast
) -> None:
    assert locks_of(lambda: actions.confirm_nomination(sent)) == ["address", "case"]
    case = sent.nomination
    Nomination.objects.filter(pk=case.pk).update(
        state=states.DRAFT, draft_by=cast.outsider, draft=case.draft, nominee=None
    )
    assert locks_of(lambda: submit_sent(case, by=cast.office_1.user)) == ["address", "case"]


def test_an_invitation_is_accepted_and_its_address_corrected_with_the_address_first(
    submit: Submit, cast: Cast, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    monkeypatch.setattr("nominations.actions.addresses.address_bounced", lambda case: True)
    correct = lambda: actions.correct_address(case, email="d@other.example", by=cast.nominator.user)  # noqa: E731
    assert locks_of(correct) == ["address", "case"]
    link = AccessLink.objects.latest("pk")
    accept = lambda: actions.accept_nomination(  # noqa: E731
        case, by=None, agreements=[house.conduct], attested=True, nominator_may_learn=True, link=link
    )
    assert locks_of(accept) == ["address", "case"]


def test_a_draft_that_is_changed_while_its_address_is_waited_for_is_not_sent(
    sent: AccessLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(*names: str) -> None:
        other = {**sent.nomination.draft["sent"], "nominee_email": "dana@elsewhere.example"}
        Nomination.objects.update(draft={**sent.nomination.draft, "sent": other})

    monkeypatch.setattr("nominations.actions.submitting.locks.hold", change)
    with pytest.raises(Outdated, match="changed a moment ago"):
        actions.confirm_nomination(sent)
