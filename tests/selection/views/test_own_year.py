"""One's own year: after the release, for oneself, and never about fewer than five cases."""

import pytest
from django.core import mail

from common import clock, delivery
from common.models import OutboxMail
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.models import Assignment, Decision
from tests.kept import kept_fixture
from tests.selection.conftest import close_stages, enter, hand_in


@kept_fixture
def read(house, cast):
    """Six cases with two reviews each; 3.0 by the first reviewer and 4.0 by the second. Decided, not released."""
    made = []
    for number in range(6):
        one = enter(house, cast, house.score, cast.reviewer_1, cast.reviewer_2, name=f"Case {number}")
        hand_in(one, cast.reviewer_1, 3, 3, 3, 3)
        hand_in(one, cast.reviewer_2, 4, 4, 4, 4)
        last = enter(house, cast, house.council, nomination=one.nomination, state=states.DECIDED)
        outcome = "award" if number < 5 else "not_this_time"
        Decision.objects.create(candidacy=last, outcome=outcome, decided_at=clock.now())
        made.append(one)
    house.cycle.places.update(places=5)
    close_stages(house)
    return made


@pytest.fixture
def release(house, cast, run_jobs):
    def go_out():
        made = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
        actions.confirm_release(made, by=cast.office_2.user)
        actions.carry_out_release(made)
        return made

    return go_out


def page(client, **query):
    return client.get("/review/year/", query).content.decode()


def test_a_reviewer_reads_how_their_marks_stood(cast, sign_in, read, release):
    release()
    own = page(sign_in(cast.reviewer_1))
    assert "You read 6 of 6 cases" in own
    assert "1.00 points lower on average" in own
    assert "in 6 of 6 cases" in own
    assert "1.00 points higher on average" in page(sign_in(cast.reviewer_2))
    assert cast.reviewer_2.name not in own


def test_nothing_is_known_before_the_release(house, cast, sign_in, read):
    for person in (cast.reviewer_1, cast.regional_lead):
        content = page(sign_in(person))
        assert "Nothing to look back on yet" in content
        assert "points" not in content
    assert sign_in(cast.reviewer_1).get("/review/year/", {"cycle": house.cycle.slug}).status_code == 404


def test_a_lead_reads_how_the_region_fared_in_groups_of_five(house, cast, sign_in, read, release):
    release()
    content = page(sign_in(cast.regional_lead))
    assert "Baltics" in content
    assert "Servers" in content
    Nomination.objects.filter(state="awarded").earliest("pk")
    Nomination.objects.filter(pk=read[0].nomination_id).update(region=house.iberia)
    content = page(sign_in(cast.regional_lead))
    assert '<td class="n">5</td>' in content
    assert '<td class="n">–</td>' in content  # four awards are too few
    Nomination.objects.filter(pk=read[1].nomination_id).update(region=house.iberia)
    assert "Fewer than five cases" in page(sign_in(cast.regional_lead))


def test_a_tie_leaves_a_case_out_of_every_number(cast, sign_in, read, release):
    release()
    for person in (cast.reviewer_1, cast.regional_lead):
        for one in read[:2]:
            Conflict.objects.create(nomination=one.nomination, person=person, kind="family")
    assert "You read 4 of 4 cases" in page(sign_in(cast.reviewer_1))
    assert "points" not in page(sign_in(cast.reviewer_1))
    assert "Fewer than five cases" in page(sign_in(cast.regional_lead))


def test_each_gets_one_mail_after_the_main_release(cast, read, release, run_jobs):
    made = release()
    run_jobs()
    actions.tell_own_year(made)
    made.refresh_from_db()
    actions.tell_own_year(made)
    mails = OutboxMail.objects.filter(kind="selection.own_year")
    assert set(mails.values_list("to", flat=True)) == {
        "ines@community.example", "jarkko@community.example", "liis@contoso.example",
    }  # fmt: skip
    delivery.send_waiting()
    [letter] = [one for one in mail.outbox if one.to == ["ines@community.example"]]
    assert "/review/year/?cycle=next" in letter.body


def test_who_had_no_task_finds_nothing(cast, sign_in, read, release):
    release()
    assert "Nothing to look back on yet" in page(sign_in(cast.outsider))
    assert not Assignment.objects.filter(reviewer=cast.reviewer_3).exists()
    assert "Nothing to look back on yet" in page(sign_in(cast.reviewer_3))
