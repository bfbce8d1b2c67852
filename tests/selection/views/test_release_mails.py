"""All mail of a release, beforehand: what the office reads is what is sent."""

import pytest
from django.core import mail

from common import clock, delivery
from nominations.models import Conflict
from people.models import Person
from selection import actions, states
from selection.models import Decision
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import close_stages, enter

OUTCOMES = ("award", "reserve", "not_this_time", "ineligible", "carry_over")


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@kept_fixture
def decided(house, cast):
    """One case of each outcome, all stages closed."""
    made = {}
    for outcome in OUTCOMES:
        candidacy = enter(house, cast, house.council, name=f"Who gets {outcome}", state=states.DECIDED)
        made[outcome] = Decision.objects.create(
            candidacy=candidacy, outcome=outcome, decided_at=clock.now(), reason_code="places"
        )
    close_stages(house)
    return made


def page(client, house, **query):
    return client.get(f"/office/cycles/{house.cycle.slug}/release/mails/", query)


def mails_on(answer):
    return answer.context["mails"]


def test_what_the_office_reads_beforehand_is_what_is_sent(house, cast, office, decided):
    Person.objects.filter(name="Who gets award").update(languages=["en"])
    factories.AwardFactory(
        person=decided["award"].candidacy.nomination.nominee, area=house.networking,
        first_year=house.cycle.award_year - 1, ends=house.cycle.term_starts,
    )  # fmt: skip
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    before = {(one.post.to, one.letter.subject): one.letter for one in mails_on(page(office, house))}
    assert len(mails_on(page(office, house))) == 10
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)
    delivery.send_waiting()
    assert len(mail.outbox) == 10
    for one in mail.outbox:
        letter = before[one.to[0], one.subject]
        assert (one.body, one.alternatives[0].content) == (letter.text, letter.html)


def test_they_are_shown_before_anybody_has_prepared_a_release(house, office, decided):
    assert len(mails_on(page(office, house))) == 10
    assert "Nothing goes out before its time" in page(office, house).content.decode()


def test_one_outcome_and_one_kind_can_be_chosen(house, office, decided):
    [one] = mails_on(page(office, house, outcome="award", kind="nominees"))
    assert (one.post.kind, one.decision.outcome) == ("selection.awarded", "award")
    assert {one.post.kind for one in mails_on(page(office, house, kind="supporters"))} == {
        "selection.supporter"
    }
    assert len(mails_on(page(office, house, outcome="everything"))) == 10


def test_each_html_part_has_an_address_of_its_own_and_no_rights(house, office, decided):
    _nominee, supporter = mails_on(page(office, house, outcome="award"))
    address = f"/office/cycles/{house.cycle.slug}/release/mails/{decided['award'].candidacy.key}/"
    answer = office.get(address)
    assert "Thank you" in answer.content.decode()
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "You spoke up for" in office.get(address, {"to": supporter.support}).content.decode()
    assert office.get(address, {"to": "NOBODY22"}).status_code == 404


def test_a_tie_hides_the_mail_too(house, cast, office, decided):
    case = decided["award"].candidacy.nomination
    Conflict.objects.create(nomination=case, person=cast.office_1, kind="family")
    assert "Who gets award" not in page(office, house).content.decode()
    address = f"/office/cycles/{house.cycle.slug}/release/mails/{decided['award'].candidacy.key}/"
    assert office.get(address).status_code == 404


def test_only_the_office_reads_it(house, cast, sign_in, decided):
    for person in (cast.auditor, cast.technology_lead, cast.outsider):
        assert page(sign_in(person), house).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_case_as_for_three(
    house, office, make_candidacy, count, django_assert_num_queries
):
    for number in range(count):
        one = make_candidacy(house.council, name=f"Case {number}", state=states.DECIDED)
        outcome = ("award", "not_this_time", "award")[number]
        Decision.objects.create(candidacy=one, outcome=outcome, decided_at=clock.now(), reason_code="places")
    page(office, house)
    with django_assert_num_queries(19):
        page(office, house)
