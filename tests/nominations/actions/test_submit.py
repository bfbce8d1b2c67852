"""From a draft to an invitation: who may, when, how often, and that two texts are one case."""

import datetime as dt
from collections.abc import Callable

import pytest

from charter.models import Cycle
from common import clock
from common.errors import Outdated, RuleBroken
from common.models import OutboxMail
from nominations import actions, queries, states
from nominations.actions.submitting import Sent
from nominations.models import AccessLink, Nomination, Support
from people.models import Person
from tests.cast import Cast, House
from tests.nominations.conftest import answers

Submit = Callable[..., Nomination]


def send_signed_out(key: str, house: House, **changes: object) -> Sent:
    given = answers(**{"email": "new@nominator.example", "name": "Nadia Haidari", **changes})
    draft = actions.save_draft(key, cycle=house.cycle, answers=given, by=None)
    return actions.send_nomination(draft, answers=given, by=None, person=None)


def test_somebody_signed_in_sends_at_once(draft: Nomination, cast: Cast, house: House) -> None:
    sent = actions.send_nomination(draft, answers=answers(), by=cast.nominator.user, person=cast.nominator)
    case = sent.nomination
    assert (case.state, case.nominee, case.draft) == (states.INVITED, cast.nominee, {})
    assert (case.area_name, case.category, case.region) == (
        "Windows Server – Networking",
        house.servers,
        house.baltics,
    )
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to) == ("nominations.invitation", "ilmars@community.example")


def test_a_stranger_is_asked_to_confirm_and_nobody_is_told_before(house: House, cast: Cast) -> None:
    sent = send_signed_out("STRANGER22", house)
    assert sent.link is not None
    assert sent.nomination.state == states.DRAFT
    assert list(OutboxMail.objects.values_list("kind", "to")) == [
        ("nominations.confirm", "new@nominator.example")
    ]
    assert not Person.objects.filter(name="Nadia Haidari").exists()


def test_confirming_makes_the_person_and_invites(house: House, cast: Cast) -> None:
    sent = send_signed_out("STRANGER22", house)
    case, person = actions.confirm_nomination(sent.link)
    assert (case.state, person.name, person.user is not None) == (states.INVITED, "Nadia Haidari", True)
    assert Support.objects.get(nomination=case).person == person
    with pytest.raises(Outdated, match="has been used"):
        actions.confirm_nomination(sent.link)


def test_sending_the_same_twice_is_one_mail(house: House, cast: Cast) -> None:
    send_signed_out("STRANGER22", house)
    send_signed_out("STRANGER22", house)
    assert OutboxMail.objects.filter(kind="nominations.confirm").count() == 1


def test_what_is_confirmed_is_what_was_sent(house: House, cast: Cast) -> None:
    sent = send_signed_out("STRANGER22", house)
    actions.save_draft("STRANGER22", cycle=house.cycle, answers={"nominee_name": "Somebody Else"}, by=None)
    case, _person = actions.confirm_nomination(sent.link)
    assert case.nominee_name == "Ilmārs Vītolbergs"


def test_the_window_counts_at_the_moment_of_sending(house: House, cast: Cast) -> None:
    with clock.at(house.cycle.closes_at - dt.timedelta(hours=1)):
        sent = send_signed_out("STRANGER22", house)
    with clock.at(house.cycle.closes_at + dt.timedelta(hours=5)):
        case, _person = actions.confirm_nomination(sent.link)
    assert case.state == states.INVITED


@pytest.mark.parametrize(("minutes", "open_"), [(14, True), (16, False)])
def test_the_window_has_fifteen_silent_minutes(
    minutes: int, open_: bool, submit: Submit, house: House
) -> None:
    with clock.at(house.cycle.closes_at + dt.timedelta(minutes=minutes)):
        if open_:
            assert submit().state == states.INVITED
        else:
            with pytest.raises(RuleBroken, match="closed on"):
                submit()


def test_nobody_nominates_more_than_five(submit: Submit, house: House, cast: Cast) -> None:
    for number in range(5):
        submit(nominee_email=f"n{number}@elsewhere.example")
    with pytest.raises(RuleBroken, match="which is the most"):
        submit(nominee_email="n6@elsewhere.example")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nominee_email": "a@contoso.example"}, "People who work for Contoso"),
        ({"nominee_email": "a@mail.contoso.example"}, "People who work for Contoso"),
        ({"employee": "yes"}, "People who work for Contoso"),
        ({"relation": "family"}, "somebody else"),
        (
            {"relation": "self", "nominee_email": "teodora@community.example"},
            "nobody can nominate themselves",
        ),
        ({"nominee_email": "Teodora@community.example"}, "nobody can nominate themselves"),
        ({"area": "no-such-area"}, "no longer open"),
    ],
)
def test_what_speaks_against_a_nomination_is_said_in_words(
    changes: dict[str, str], sentence: str, submit: Submit
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        submit(**changes)


def test_a_cycle_may_be_for_holders_and_staff_alone(submit: Submit, house: House, cast: Cast) -> None:
    Cycle.objects.filter(pk=house.cycle.pk).update(who_may_nominate=Cycle.Nominators.HOLDERS_AND_STAFF)
    with pytest.raises(RuleBroken, match="holders and staff"):
        submit(by=cast.outsider)
    assert submit(by=cast.holder).state == states.INVITED


def test_an_area_that_closed_is_refused(submit: Submit, house: House) -> None:
    house.networking.ends = clock.today() - dt.timedelta(days=1)
    house.networking.save()
    with pytest.raises(RuleBroken, match="no longer open"):
        submit()


def test_two_texts_about_one_unconfirmed_address_are_one_case(submit: Submit, cast: Cast) -> None:
    first = submit(nominee_email="dana@elsewhere.example", nominee_name="Dana")
    second = submit(by=cast.outsider, nominee_email="dana@elsewhere.example", nominee_name="D. Sipos")
    assert (second.state, second.merged_into, second.nominee) == (states.MERGED, first, first.nominee)
    assert [support.person for support in queries.nominators_of(first)] == [cast.nominator, cast.outsider]
    assert OutboxMail.objects.filter(kind="nominations.invitation").count() == 1


def test_one_address_in_two_areas_is_two_cases(submit: Submit, cast: Cast) -> None:
    first = submit(nominee_email="dana@elsewhere.example")
    second = submit(nominee_email="dana@elsewhere.example", area="directory")
    assert (second.state, second.nominee) == (states.INVITED, first.nominee)


def test_an_unconfirmed_address_never_leads_to_an_account(submit: Submit, cast: Cast) -> None:
    cast.outsider.addresses.create(email="victim@elsewhere.example")
    case = submit(nominee_email="victim@elsewhere.example")
    assert case.nominee != cast.outsider


def test_a_joined_nominator_reads_invited_though_the_case_was_accepted_before(
    accepted: Nomination, submit: Submit, cast: Cast
) -> None:
    joined = submit(by=cast.outsider)
    support = queries.support_of(cast.outsider.user, joined)
    relations = queries.relations_of(cast.outsider.user, joined)
    assert joined.merged_into == accepted
    assert queries.state_shown_to(relations, joined, support) == states.INVITED
    with clock.at(clock.now() + dt.timedelta(days=22)):
        assert queries.state_shown_to(relations, joined, support) == states.ACCEPTED


def test_somebody_who_refused_for_good_gets_no_mail_again(submit: Submit, cast: Cast) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    actions.decline_nomination(case, by=None, for_good=True)
    again = submit(by=cast.outsider, nominee_email="dana@elsewhere.example")
    assert again.state == states.INVITED
    assert not AccessLink.objects.filter(nomination=again).exists()
    assert OutboxMail.objects.filter(kind="nominations.invitation").count() == 1


def test_not_now_lasts_a_year(submit: Submit, house: House, cast: Cast) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    with clock.at(clock.now() - dt.timedelta(days=366)):
        actions.decline_nomination(case, by=None, for_good=False)
    again = submit(by=cast.outsider, nominee_email="dana@elsewhere.example")
    assert AccessLink.objects.filter(nomination=again).exists()


def test_a_draft_keeps_what_a_database_refuses_to_hold(house: House, db: None) -> None:
    draft = actions.save_draft(
        "NULLS222", cycle=house.cycle, answers={"statement": "a\x00b", "nominee_name": "x" * 10_000}, by=None
    )
    draft.refresh_from_db()
    assert draft.draft["answers"]["statement"] == "ab"
    assert len(draft.draft["answers"]["nominee_name"]) == 10_000


def test_an_address_is_mailed_ten_links_a_day_at_most(house: House, cast: Cast) -> None:
    keys = [f"MANY22{first}{second}" for first in "23456" for second in "23"]
    for key in keys:
        send_signed_out(key, house)
    with pytest.raises(RuleBroken, match="Please use one of them"):
        send_signed_out("MANY2299", house)
    with clock.at(clock.now() + dt.timedelta(days=1, minutes=1)):
        assert send_signed_out("MANY2299", house).link is not None


def test_somebody_nominates_themselves_where_the_cycle_allows_it(
    submit: Submit, house: House, cast: Cast
) -> None:
    house.cycle.self_nomination = True
    house.cycle.save()
    case = submit(
        relation="self", nominee_name=cast.nominator.name, nominee_email="teodora@community.example"
    )
    assert (case.state, case.nominee) == (states.INVITED, cast.nominator)
    assert queries.relations_of(cast.nominator.user, case) == {"nominee", "nominator"}
    assert queries.nominations_used(cast.nominator, house.cycle) == 0
