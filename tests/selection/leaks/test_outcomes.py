"""A pending outcome changes nothing that anybody outside of the selection can see or measure."""

import re

import pytest
from django.urls import reverse

from common import clock
from selection import actions, states
from selection.models import Candidacy, Decision, Review
from tests.access_matrix import MATRIX
from tests.selection.conftest import WHY
from tests.spread import spread
from tests.world import make_world


def test_a_pending_outcome_shows_to_nobody_outside(house, cast, sign_in, make_candidacy):
    candidacy = make_candidacy(house.council, proposed="award", nominee=cast.nominee)
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    clients = [sign_in(person) for person in (cast.nominee, cast.nominator, cast.outsider)]
    paths = ["/me/", f"/nominations/{candidacy.nomination.key}/", "/", "/roster/"]

    def everything():
        return [
            (answer.status_code, answer.headers.get("ETag"), _without_tokens(answer))
            for client in clients
            for path in paths
            for answer in [client.get(path)]
        ]

    awarded = everything()
    assert Decision.objects.get().outcome == states.AWARD
    Decision.objects.update(outcome=states.INELIGIBLE, proposed="", reason="Not pending any more")
    assert everything() == awarded
    Decision.objects.all().delete()
    assert everything() == awarded


@pytest.fixture
def world(house, cast):
    return make_world(house, cast)


OUTSIDE = ["outsider", "nominator", "nominee", "reviewer_tied"]
ONES_OWN = ("account", "contributions:", "people:")  # of a person, of no case: read by a role in turn
LEFT_OUT = {"account_logout", "styleguide"}  # the one signs out, the other shows invented rows
FOR_EVERYBODY = {name for name, row in MATRIX.items() if row.get["anonymous"] == 200}
OF_THE_ANSWER = (
    "ETag",
    "Last-Modified",
    "Cache-Control",
    "Vary",
    "Content-Type",
    "Content-Disposition",
    "Location",
)


def test_no_status_no_header_and_no_length_of_any_address_tells_of_the_selection(world, sign_in):
    """Each address of the access matrix, for those who have no part in the case: the same bytes whatever it holds."""
    now, clients = clock.now(), {role: sign_in(world.people[role]) for role in OUTSIDE}
    rows = {name: row for name, row in MATRIX.items() if not row.posts_only and name not in LEFT_OUT}
    asked = {name: reverse(name, args=row.args(world)) for name, row in rows.items()}  # some make their row
    own = [
        (name, role)
        for name in asked.keys() - FOR_EVERYBODY
        for role in OUTSIDE
        if rows[name].get[role] == 200 and not name.startswith(ONES_OWN)
    ]
    tried = dict.fromkeys([*spread(asked, OUTSIDE), *own])  # a role in turn, and what lets somebody in

    def everything():
        with clock.at(now):
            return {(role, name): _measured(clients[role].get(asked[name])) for name, role in tried}

    nothing = everything()
    assert len({name for (_role, name), (status, *_rest) in nothing.items() if status == 200}) > 20
    Decision.objects.update(outcome=states.NOT_THIS_TIME, proposed="", reason="Another one")
    Candidacy.objects.filter(nomination=world.case.nomination).update(
        state="decided", mean="1.0000", rank=99, proposed="ineligible", by_rule="ineligible", reviews_in=7
    )
    Review.objects.update(comment="Changed", total="1.0000")
    assert everything() == nothing


def _measured(answer):
    body = _without_tokens(answer)
    headers = tuple(re.sub(r"nonce-[^']+", "", answer.headers.get(name, "")) for name in OF_THE_ANSWER)
    return answer.status_code, headers, len(body), body


def _without_tokens(answer):
    body = answer.content.decode(errors="backslashreplace")  # pictures and papers, too
    body = re.sub(r'name="draft" value="[^"]*"', "", body)  # of a draft that is not begun yet
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)
    return re.sub(re.escape(answer.headers.get("X-Request-ID", "-")), "", body)
