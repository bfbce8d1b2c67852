"""A case from complete to the roster over HTTP, with the rights that web and worker have in the database."""

import pytest

from awards.models import Award
from common import clock
from common.models import HistoryRow
from nominations.models import Nomination
from selection.models import Assignment, Candidacy, Release
from tests.selection.conftest import WHY, typed

pytestmark = [pytest.mark.as_app, pytest.mark.django_db]


def test_a_case_goes_all_the_way(house, cast, sign_in, make_case, run_jobs):
    case = make_case(nominee=cast.nominee)
    office, second, lead = sign_in(cast.office_1), sign_in(cast.office_2), sign_in(cast.regional_lead)
    cycle = f"/office/cycles/{house.cycle.slug}"

    def office_does(path, **data):
        answer = office.post(f"{cycle}/{path}/", {"reason": WHY, **data})
        assert answer.status_code == 302, answer.content.decode()

    office_does("stages/1/open")
    assert lead.post(f"/review/{Candidacy.objects.get().key}/screen/", {"verdict": "pass"}).status_code == 302
    office_does("stages/1/close")
    office_does("stages/2/open")
    scored = Candidacy.objects.get(stage=house.score)
    chair = sign_in(cast.technology_lead)
    for reviewer in (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3):
        chair.post(f"/board/{scored.key}/assign/", {"reviewer": reviewer.key})
        client = sign_in(reviewer)
        assert client.post(f"/review/{scored.key}/submit/", typed(4, 4, 3, 4)).status_code == 302
    assert Assignment.objects.filter(candidacy=scored, state="done").count() == 3
    office_does("stages/2/close")
    office_does("stages/3/open")
    assert "Proposed: award" in sign_in(cast.council_member).get("/review/", follow=True).content.decode()
    office_does("stages/3/close")
    now = clock.now()
    office_does("release/prepare", date=now.date().isoformat(), time=f"{now:%H:%M}")
    assert second.post(f"/office/releases/{Release.objects.get().key}/confirm/").status_code == 302
    run_jobs()
    case.refresh_from_db()
    award = Award.objects.get(cycle=house.cycle)
    assert (case.state, award.person) == (Nomination.State.AWARDED, cast.nominee)
    assert cast.nominee.name in sign_in(None).get(f"/awards/{award.key}/").content.decode()
    kinds = set(HistoryRow.objects.values_list("kind", flat=True))
    assert {
        "stage",
        "candidacy",
        "assignment",
        "review",
        "decision",
        "release",
        "nomination",
        "award",
    } <= kinds
