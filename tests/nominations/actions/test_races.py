"""Two at once, on connections of their own: one wins, the other reads what happened, nothing is made twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from common.errors import Outdated, RuleBroken
from common.models import HistoryRow, OutboxMail
from nominations import actions, states
from nominations.models import AccessLink, Nomination, Support
from people.actions import confirm_address
from people.models import Person
from tests.cast import Cast, House
from tests.nominations.conftest import answers

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Let all begin together, each on its own connection; return results or the refusals."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        close_old_connections()
        try:
            gate.wait(10)
            results[place] = act()
        except RuleBroken as broken:
            results[place] = broken
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_the_nominee_withdraws_while_the_office_finds_it_ineligible(complete: Nomination, cast: Cast) -> None:
    results = at_once(
        lambda: actions.withdraw_nomination(complete, by=cast.nominee.user),
        lambda: actions.mark_ineligible(complete, by=cast.office_1.user, reason_code="employee"),
    )
    lost = [result for result in results if isinstance(result, Outdated)]
    complete.refresh_from_db()
    assert len(lost) == 1
    assert complete.state in (states.WITHDRAWN, states.INELIGIBLE)
    assert ("withdrawn" in lost[0].sentence) == (complete.state == states.WITHDRAWN)


def test_a_double_click_on_withdraw_is_one_act_without_an_error(complete: Nomination, cast: Cast) -> None:
    results = at_once(*[lambda: actions.withdraw_nomination(complete, by=cast.nominee.user)] * 3)
    assert [result.state for result in results] == [states.WITHDRAWN] * 3
    assert HistoryRow.objects.filter(key=complete.key, verb="withdraw_nomination").count() == 1


def test_a_link_is_used_once(submit: Callable[..., Nomination], house: House) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    link = AccessLink.objects.get(purpose="invitation")

    def accept() -> Any:
        return actions.accept_nomination(
            case,
            by=None,
            agreements=[house.conduct],
            attested=True,
            nominator_may_learn=True,
            link=link,
        )

    results = at_once(
        accept, accept, lambda: actions.decline_nomination(case, by=None, for_good=True, link=link)
    )
    assert sum(1 for result in results if not isinstance(result, Outdated)) == 1
    assert HistoryRow.objects.filter(key=case.key, new_state__in=["accepted", "declined"]).count() == 1


def test_two_strangers_send_the_same_person_at_once(house: House, cast: Cast) -> None:
    links = []
    for number in range(3):
        given = answers(
            name=f"Stranger {number}",
            email=f"s{number}@stranger.example",
            nominee_email="dana@elsewhere.example",
        )
        draft = actions.save_draft(f"RACE222{number + 2}", cycle=house.cycle, answers=given, by=None)
        links.append(actions.send_nomination(draft, answers=given, by=None, person=None).link)
    at_once(*[lambda link=link: actions.confirm_nomination(link) for link in links])
    assert sorted(Nomination.objects.values_list("state", flat=True)) == ["invited", "merged", "merged"]
    assert Person.objects.filter(addresses__email="dana@elsewhere.example").count() == 1
    assert OutboxMail.objects.filter(kind="nominations.invitation").count() == 1
    assert Support.objects.filter(kind="nominator").count() == 3


def test_a_double_click_on_send_is_one_nomination(draft: Nomination, cast: Cast) -> None:
    def send() -> Any:
        return actions.send_nomination(
            draft, answers=answers(), by=cast.nominator.user, person=cast.nominator
        )

    results = at_once(send, send, send)
    assert [result.nomination.state for result in results] == [states.INVITED] * 3
    assert Support.objects.count() == 1


def test_the_sixth_nomination_is_refused_though_sent_at_once(house: House, cast: Cast) -> None:
    drafts = []
    for number in range(7):
        given = answers(nominee_email=f"n{number}@elsewhere.example")
        key = f"RACE222{number + 2}"
        drafts.append((actions.save_draft(key, cycle=house.cycle, answers=given, by=cast.nominator), given))
    results = at_once(
        *[
            lambda draft=draft, given=given: actions.send_nomination(
                draft, answers=given, by=cast.nominator.user, person=cast.nominator
            )
            for draft, given in drafts
        ]
    )
    assert sum(1 for result in results if isinstance(result, RuleBroken)) == 2
    assert Nomination.objects.filter(state=states.INVITED).count() == 5


def test_two_who_nominate_each_other_at_once_both_succeed(house: House, cast: Cast) -> None:
    pairs = [(cast.nominator, cast.outsider), (cast.outsider, cast.nominator)]
    acts = []
    for number, (nominator, nominee) in enumerate(pairs):
        given = answers(name=nominator.name, nominee_email=nominee.user.email)
        draft = actions.save_draft(f"RACE222{number + 2}", cycle=house.cycle, answers=given, by=nominator)
        acts.append(
            lambda draft=draft, given=given, nominator=nominator: actions.send_nomination(
                draft, answers=given, by=nominator.user, person=nominator
            )
        )
    assert [result.nomination.state for result in at_once(*acts)] == [states.INVITED] * 2


def test_the_office_joins_two_cases_both_ways_at_once(submit: Callable[..., Nomination], cast: Cast) -> None:
    one, two = (submit(nominee_email=f"{name}@elsewhere.example") for name in ("dana", "d.sipos"))
    results = at_once(
        lambda: actions.merge_nominations(one, two, by=cast.office_1.user, reason="Same."),
        lambda: actions.merge_nominations(two, one, by=cast.office_2.user, reason="Same."),
    )
    assert sum(1 for result in results if isinstance(result, RuleBroken)) == 1
    assert sorted(Nomination.objects.values_list("state", flat=True)) == ["invited", "merged"]


def test_lapsing_and_accepting_at_once(invited: Nomination, cast: Cast, house: House) -> None:
    import datetime as dt

    from common import clock

    late = clock.now() + dt.timedelta(days=21, seconds=1)

    def lapse() -> Any:
        with clock.at(late):
            return actions.expire_nominations()

    results = at_once(
        lapse,
        lambda: actions.accept_nomination(
            invited,
            by=cast.nominee.user,
            agreements=[house.conduct],
            attested=True,
            nominator_may_learn=True,
        ),
    )
    invited.refresh_from_db()
    if invited.state == states.ACCEPTED:
        assert results[0] == 0
    else:
        assert isinstance(results[1], Outdated)


def test_accepting_ones_own_nomination_signed_out_while_the_account_confirms_its_mailbox(
    submit: Callable[..., Nomination], house: House, cast: Cast
) -> None:
    house.cycle.self_nomination = True
    house.cycle.save()
    case = submit(relation="self", nominee_email="dora@elsewhere.example", nominee_name=cast.nominator.name)
    link = AccessLink.objects.get(purpose="invitation")
    results = at_once(
        lambda: confirm_address(cast.nominator, "dora@elsewhere.example", by=cast.nominator.user),
        lambda: actions.accept_nomination(
            case, by=None, agreements=[house.conduct], attested=True, nominator_may_learn=True, link=link
        ),
    )
    case.refresh_from_db()
    assert results[0] == cast.nominator
    assert isinstance(results[1], RuleBroken) == (case.state == states.INVITED)
    assert (case.nominee, case.nominee.user) == (cast.nominator, cast.nominator.user)
