"""A pending outcome changes nothing that anybody outside of the selection can see or measure."""

import re

from selection import actions, states
from selection.models import Decision
from tests.selection.conftest import WHY


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


def _without_tokens(answer):
    body = answer.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)
