"""Two roles at once: the one that hides counts, and what somebody sees as a party to a case stays."""

import re

import pytest

from accounts.models import Role
from nominations.models import Conflict, Support
from nominations.permissions import acts_for
from selection import actions
from selection.models import Candidacy, Decision
from tests import factories
from tests.selection.conftest import answers


@pytest.fixture
def reviewed(house, cast, make_candidacy):
    """Reviewer 2 has said their word; reviewer 1 has the same task."""
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, name="Case Reviewed")
    said = answers(4, 4, 4, 2, comment="QUARTZOSE")
    actions.submit_review(candidacy, by=cast.reviewer_2.user, answers=said, version=0)
    return candidacy


def test_a_chair_who_reviews_reads_the_others_after_their_own_and_under_letters(cast, sign_in, reviewed):
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD)
    client = sign_in(cast.reviewer_1)
    pages = (f"/review/{reviewed.key}/", f"/board/{reviewed.key}/")
    assert all("QUARTZOSE" not in client.get(page).content.decode() for page in pages)
    actions.submit_review(reviewed, by=cast.reviewer_1.user, answers=answers(), version=0)
    page, board = (client.get(address).content.decode() for address in pages)
    assert ("QUARTZOSE" in page, "Reviewer A" in page, cast.reviewer_2.name in page) == (True, True, False)
    assert ("Reviewer A" in board, 'done · <b class="num">' in board) == (
        True,
        False,
    )  # no total beside a name
    assert 'done · <b class="num">3.70' in sign_in(cast.technology_lead).get(pages[1]).content.decode()


def test_a_reviewer_who_is_a_nominee_never_meets_their_own_case(house, cast, sign_in, make_candidacy):
    own = make_candidacy(house.score, cast.reviewer_2, name="Inês Abrantes", nominee=cast.reviewer_1)
    other = make_candidacy(house.score, cast.reviewer_1, name="Somebody Else")
    Conflict.objects.create(nomination=own.nomination, person=cast.reviewer_1, kind="self")
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD)
    factories.grant(cast.reviewer_1, Role.PROGRAM_OFFICE)
    client = sign_in(cast.reviewer_1)
    assert client.get(f"/review/{other.key}/").status_code == 200
    for page in (f"/review/{own.key}/", f"/board/{own.key}/"):
        assert client.get(page).status_code == 404
    for page in (
        "/board/",
        "/office/",
        "/review/",
        "/admin/selection/candidacy/",
        "/admin/nominations/nomination/",
    ):
        assert own.key not in client.get(page, follow=True).content.decode(), page
    assert client.get(f"/nominations/{own.nomination.key}/").status_code == 200


def test_what_a_nominee_of_the_office_reads_of_their_own_case_does_not_hang_on_the_selection(
    house, cast, sign_in, make_candidacy
):
    own = make_candidacy(house.score, cast.reviewer_2, nominee=cast.office_1)
    Conflict.objects.create(nomination=own.nomination, person=cast.office_1, kind="self")
    client = sign_in(cast.office_1)

    def page():
        answer = client.get(f"/nominations/{own.nomination.key}/")
        return answer.status_code, re.sub(r'value="[^"]{64}"', "", answer.content.decode())

    before = page()
    Decision.objects.create(candidacy=own, outcome="award", decided_at=own.entered_at)
    Candidacy.objects.filter(pk=own.pk).update(state="decided", mean="4.75")
    assert page() == before
    assert before[0] == 200
    assert "reopen" not in acts_for(cast.office_1.user, own.nomination)


def test_an_endorser_of_the_office_keeps_their_page_and_gets_no_act(cast, sign_in, make_case):
    case = make_case(nominee=cast.nominee)
    Support.objects.create(
        nomination=case, kind="endorser", person=cast.office_2, name="Hà", statement="I saw it.",
        asked_at=case.created_at, given_at=case.created_at,
    )  # fmt: skip
    Conflict.objects.create(nomination=case, person=cast.office_2, kind="endorser")
    client = sign_in(cast.office_2)
    assert client.get(f"/nominations/{case.key}/").status_code == 200
    for verb in ("reopen", "ineligible", "merge"):
        assert client.get(f"/nominations/{case.key}/{verb}/").status_code == 403
    assert case.key not in client.get("/admin/nominations/nomination/").content.decode()
    assert "I saw it." not in client.get("/admin/nominations/support/").content.decode()


def test_an_auditor_with_a_tie_counts_and_reads_nothing_of_the_case(house, cast, sign_in, make_candidacy):
    seen, tied = (make_candidacy(house.score, name=name) for name in ("Seen Case", "Tied Case"))
    Conflict.objects.create(nomination=tied.nomination, person=cast.auditor, kind="family")
    actions.assign_reviewer(seen, reviewer=cast.reviewer_1, by=cast.office_1.user)
    actions.assign_reviewer(tied, reviewer=cast.reviewer_1, by=cast.office_1.user)
    client = sign_in(cast.auditor)
    overview = client.get(f"/office/cycles/{house.cycle.slug}/").context["overview"]
    assert (overview.nominated, overview.steps[1].cases, overview.steps[1].tasks) == (1, 1, 1)
    keys = {row.key for row in client.get("/admin/common/historyrow/").context["cl"].result_list}
    assert (seen.key in keys, tied.key in keys) == (True, False)
    assert client.get(f"/nominations/{tied.nomination.key}/").status_code == 404


def test_an_auditor_who_reviews_reads_no_history_of_a_case_before_their_own_word(cast, sign_in, reviewed):
    factories.grant(cast.reviewer_1, Role.AUDITOR)
    page = sign_in(cast.reviewer_1).get("/admin/common/historyrow/").content.decode()
    assert reviewed.key not in page
    assert reviewed.key in sign_in(cast.auditor).get("/admin/common/historyrow/").content.decode()


def test_a_member_of_the_council_who_leads_the_region_sees_two_stages_and_one_tie_takes_both(
    house, cast, sign_in, make_candidacy
):
    screen = make_candidacy(house.screen, name="Case Screen")
    council = make_candidacy(house.council, nomination=screen.nomination, proposed="award")
    factories.grant(cast.regional_lead, Role.COUNCIL_MEMBER, category=house.servers)
    client = sign_in(cast.regional_lead)
    addresses = [f"/review/{one.key}/" for one in (screen, council)]
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    assert client.post(f"/review/{screen.key}/recuse/", {"go": "recuse", "tie": "close"}).status_code == 302
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_a_lead_without_a_task_who_chairs_the_category_reads_no_verdict_before_their_own(
    house, cast, sign_in, make_candidacy
):
    """Somebody who became a lead after the screen had opened: their verdict counts all the same."""
    candidacy = make_candidacy(house.screen)
    actions.give_verdict(
        candidacy, by=cast.regional_lead.user, verdict="fail", reason_code="no-evidence", comment="QUARTZOSE"
    )
    factories.grant(cast.technology_lead, Role.REGIONAL_LEAD, region=house.baltics)
    client, page = sign_in(cast.technology_lead), f"/review/{candidacy.key}/"
    assert "QUARTZOSE" not in client.get(page).content.decode()
    client.post(f"{page}screen/", {"verdict": "pass"})
    assert "QUARTZOSE" in client.get(page).content.decode()


def test_who_lost_a_role_keeps_only_what_the_other_one_shows(house, cast, sign_in, make_candidacy):
    mine = make_candidacy(house.score, cast.reviewer_1, name="Case Mine")
    other = make_candidacy(house.score, name="Case Other")
    chair = factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD, category=house.servers)
    client = sign_in(cast.reviewer_1)
    assert client.get(f"/review/{other.key}/").status_code == 200
    chair.delete()
    assert [client.get(f"/review/{one.key}/").status_code for one in (mine, other)] == [200, 404]
    assert client.get("/board/").status_code == 403
