"""What tests of nominations share: valid answers, and cases brought to a state by the real actions."""

from collections.abc import Callable
from typing import Any

import pytest

from charter.models import Cycle
from common import clock
from nominations import actions
from nominations.models import Nomination, Support
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory
from tests.kept import Kept, kept_fixture

STATEMENT = (
    "When the school network in Cēsis failed the week before exams, Ilmārs worked through the traces with a "
    "teacher he had never met, and then published the whole thread as a checklist that forty schools have used."
)


def answers(**changes: Any) -> dict[str, Any]:
    """Valid answers of all four steps, as the forms clean them."""
    return {
        "name": "Teodora Vasilescu",
        "email": "teodora@community.example",
        "employer": "",
        "country": "RO",
        "relation": "helped",
        "nominee_name": "Ilmārs Vītolbergs",
        "nominee_email": "ilmars@community.example",
        "area": "networking",
        "nominee_country": "LV",
        "employee": "no",
        "statement": STATEMENT,
        "links": [{"url": "https://lists.example/0117", "kind": "list"}],
        "endorsers": [],
        "named": True,
        **changes,
    }


@pytest.fixture
def draft(house: House, cast: Cast) -> Nomination:
    """The nominator's draft, all answers given."""
    return actions.save_draft("DRAFT222", cycle=house.cycle, answers=answers(), by=cast.nominator)


def send(key: str, by: Person, cycle: Cycle, **changes: Any) -> Nomination:
    given = answers(email=by.user.email if by.user else "", name=by.name, **changes)
    draft = actions.save_draft(key, cycle=cycle, answers=given, by=by)
    return actions.send_nomination(draft, answers=given, by=by.user, person=by).nomination


@pytest.fixture
def submit(house: House, cast: Cast) -> Callable[..., Nomination]:
    """``submit(by=person, **answers)``: a nomination sent by somebody who is signed in."""
    number = iter("3456789ABCDEFGHJK")

    def submit(by: Person | None = None, cycle: Cycle | None = None, **changes: Any) -> Nomination:
        return send(f"SENT{next(number)}22", by or cast.nominator, cycle or house.cycle, **changes)

    return submit


@pytest.fixture
def invited(house: House, cast: Cast) -> Nomination:
    """Teodora nominated Ilmārs, who is known and has an account."""
    return _invite(house, cast)


@Kept
def _invite(house: House, cast: Cast) -> Nomination:
    return send("SENT222", cast.nominator, house.cycle)


@pytest.fixture
def accepted(invited: Nomination, house: House, cast: Cast) -> Nomination:
    return _accept(invited, house, cast)


@Kept
def _accept(invited: Nomination, house: House, cast: Cast) -> Nomination:
    case, _user = actions.accept_nomination(
        invited, by=cast.nominee.user, agreements=[house.conduct], attested=True, nominator_may_learn=True
    )
    return case


@pytest.fixture
def complete(accepted: Nomination, cast: Cast) -> Nomination:
    return _complete(accepted, cast)


@Kept
def _complete(accepted: Nomination, cast: Cast) -> Nomination:
    contribution = ContributionFactory(person=cast.nominee)
    actions.pick_contributions(accepted, keys=[contribution.key], by=cast.nominee.user)
    return actions.complete_nomination(accepted, by=cast.nominee.user)


@pytest.fixture
def in_review(complete: Nomination, cast: Cast) -> Nomination:
    actions.enter_review(Nomination.objects.filter(pk=complete.pk), by=cast.office_1.user)
    complete.refresh_from_db()
    return complete


@kept_fixture
def endorsement(accepted: Nomination, cast: Cast) -> Support:
    return actions.request_endorsement(
        accepted,
        name="Ieva Krastenberga",
        email="ieva@school.example",
        relation="Teacher who used the checklist",
        by=cast.nominee.user,
    )


def put_in_state(nomination: Nomination, state: str) -> Nomination:
    """Set a state directly, as only tests of single moves may."""
    now = clock.now()
    Nomination.objects.filter(pk=nomination.pk).update(state=state, ended_at=now)
    nomination.refresh_from_db()
    return nomination
