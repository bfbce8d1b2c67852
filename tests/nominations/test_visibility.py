"""Who may see a case, and that a hard tie takes it away from the office."""

from collections.abc import Callable

import pytest

from accounts.actions import grant_role
from accounts.models import Role
from nominations import conflicts, queries
from nominations.models import Conflict, Nomination, Support
from nominations.queries import (
    nomination_visible_to,
    nominations_in_office_of,
    nominations_visible_to,
    without_conflicts,
)
from people.models import Employer, Person
from tests.cast import Cast

Submit = Callable[..., Nomination]


def sees(person: Person, case: Nomination) -> bool:
    seen = nominations_visible_to(person.user).filter(pk=case.pk).exists()
    assert (nomination_visible_to(person.user, case.key) == case) == seen  # the door of pages is no other
    return seen


def test_parties_and_the_office_see_a_case_and_nobody_else(
    endorsement: Support, accepted: Nomination, cast: Cast
) -> None:
    for person in (cast.nominee, cast.nominator, cast.office_1, cast.auditor):
        assert sees(person, accepted)
    for person in (cast.outsider, cast.holder, cast.reviewer_1, cast.regional_lead, cast.technology_lead):
        assert not sees(person, accepted)


def test_an_endorser_sees_the_case_when_asked_and_not_when_only_named(
    invited: Nomination, submit: Submit, cast: Cast
) -> None:
    support = Support.objects.create(
        nomination=invited,
        kind=Support.Kind.ENDORSER,
        person=cast.holder,
        name="Á",
        email="agnes@community.example",
    )
    assert not sees(cast.holder, invited)
    support.asked_at = invited.invited_at
    support.save()
    assert sees(cast.holder, invited)


def test_a_draft_is_seen_by_its_writer_alone(draft: Nomination, cast: Cast) -> None:
    assert sees(cast.nominator, draft)
    assert not sees(cast.office_1, draft)


@pytest.mark.parametrize("kind", ["nominator", "endorser", "self"])
def test_a_tie_takes_the_case_from_the_office_and_leaves_it_to_the_party(
    kind: str, submit: Submit, cast: Cast
) -> None:
    if kind == "self":
        case = submit(nominee_email="thuha@volunteer.example")
        case.nominee = cast.office_2
        case.save()
    elif kind == "nominator":
        case = submit(by=cast.office_2)
    else:
        case = submit()
        Support.objects.create(
            nomination=case,
            kind="endorser",
            person=cast.office_2,
            name="H",
            asked_at=case.invited_at,
            given_at=case.invited_at,
        )
    conflicts.recompute([case.pk])
    assert sees(cast.office_2, case)
    assert not nominations_in_office_of(cast.office_2.user).filter(pk=case.pk).exists()
    assert nominations_in_office_of(cast.office_1.user).filter(pk=case.pk).exists()


def test_a_shared_employer_bars_who_holds_a_role(invited: Nomination, cast: Cast) -> None:
    for person in (cast.nominee, cast.reviewer_1, cast.outsider):
        Employer.objects.create(person=person, name="Baltic Cable", key="baltic cable")
    conflicts.recompute_for(cast.nominee)
    kinds = dict(Conflict.objects.values_list("person__name", "kind"))
    assert kinds == {
        cast.nominee.name: "self",
        cast.nominator.name: "nominator",
        cast.reviewer_1.name: "employer",
    }
    left = without_conflicts(Nomination.objects.all(), cast.reviewer_1)
    assert not left.exists()


def test_whoever_gets_a_role_is_barred_from_the_cases_of_colleagues(invited: Nomination, cast: Cast) -> None:
    for person in (cast.nominee, cast.outsider):
        Employer.objects.create(person=person, name="Baltic Cable", key="baltic cable")
    conflicts.recompute([invited.pk])
    assert not Conflict.objects.filter(person=cast.outsider).exists()
    grant_role(cast.outsider.user, Role.REVIEWER, by=cast.office_1.user)
    assert Conflict.objects.get(person=cast.outsider).kind == "employer"


def test_an_employer_left_more_than_a_year_ago_and_the_organiser_do_not_bar(
    invited: Nomination, cast: Cast
) -> None:
    import datetime as dt

    from common import clock

    old = clock.today() - dt.timedelta(days=400)
    Employer.objects.create(person=cast.nominee, name="Contoso", key="contoso")
    Employer.objects.create(person=cast.reviewer_1, name="Contoso", key="contoso")
    Employer.objects.create(person=cast.nominee, name="Baltic Cable", key="baltic cable")
    Employer.objects.create(person=cast.reviewer_1, name="Baltic Cable", key="baltic cable", ends=old)
    conflicts.recompute_for(cast.reviewer_1)
    assert not Conflict.objects.filter(person=cast.reviewer_1).exists()


def test_a_declared_tie_survives_recomputing(invited: Nomination, cast: Cast) -> None:
    Conflict.objects.create(nomination=invited, person=cast.reviewer_1, kind="family", source="declared")
    conflicts.recompute([invited.pk])
    assert Conflict.objects.filter(person=cast.reviewer_1, kind="family").exists()


def test_a_joined_nominator_is_tied_to_the_case_and_to_their_row(
    invited: Nomination, submit: Submit, cast: Cast
) -> None:
    joined = submit(by=cast.reviewer_1)
    cases = set(Conflict.objects.filter(person=cast.reviewer_1).values_list("nomination", flat=True))
    assert cases == {invited.pk, joined.pk}


def test_keys_are_shown_as_cases_are(invited: Nomination, cast: Cast) -> None:
    assert queries.visible_keys(cast.nominee.user, [invited.key, "NOSUCH22"]) == {invited.key}
    assert queries.visible_keys(cast.outsider.user, [invited.key]) == set()
