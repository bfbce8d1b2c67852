"""The order of a meeting: who has a tie leaves the room once; the reader's own ties are not on the page."""

import pytest

from nominations.models import Conflict
from tests import factories


def address(house, number=3):
    return f"/board/{house.cycle.slug}/{number}/{house.servers.slug}/meeting/"


@pytest.fixture
def cases(house, cast, make_candidacy):
    """Three cases; the council member has a tie to the first and the last."""
    three = [make_candidacy(house.council, name=name) for name in ("Aija One", "Bruno Two", "Cathrin Three")]
    for one in (three[0], three[2]):
        Conflict.objects.create(nomination=one.nomination, person=cast.council_member, kind="family")
    return three


def test_cases_with_the_same_tie_stand_together_after_those_of_everybody(house, cast, sign_in, cases):
    page = sign_in(cast.technology_lead).get(address(house)).content.decode()
    assert page.index("Everybody in the room") < page.index("Bruno Two") < page.index("Without")
    assert page.index("Leaves:") < page.index("Aija One") < page.index("Cathrin Three")
    assert "somebody leaves the room once." in page
    assert cast.council_member.name in page


def test_a_case_with_a_tie_of_the_reader_is_not_on_their_page(house, cast, sign_in, cases):
    Conflict.objects.create(nomination=cases[1].nomination, person=cast.technology_lead, kind="family")
    page = sign_in(cast.technology_lead).get(address(house)).content.decode()
    assert "Bruno Two" not in page
    assert cases[1].key not in page
    assert "Bruno Two" in sign_in(cast.office_1).get(address(house)).content.decode()


def test_a_tie_that_is_only_suggested_sends_nobody_out(house, cast, sign_in, cases):
    Conflict.objects.update(strength="suggested")
    page = sign_in(cast.office_1).get(address(house)).content.decode()
    assert "Nobody in the room has a tie to these cases." in page
    assert "Leaves:" not in page


def test_only_the_chair_of_the_category_and_the_office_print_it(house, cast, sign_in, cases):
    for person in (cast.council_member, cast.reviewer_1, cast.regional_lead, cast.auditor, cast.outsider):
        assert sign_in(person).get(address(house)).status_code == 403
    elsewhere = factories.make_person("Chair Elsewhere", "elsewhere@contoso.example")
    factories.grant(elsewhere, "technology_lead", category=house.office_tools)
    assert sign_in(elsewhere).get(address(house)).status_code == 403
    assert sign_in(cast.office_1).get(address(house, number=9)).status_code == 404


def test_a_name_that_is_hidden_from_a_chair_who_reviews_is_hidden_here(house, cast, sign_in, make_candidacy):
    house.score.hide_nominee = True
    house.score.save()
    mine = make_candidacy(house.score, cast.technology_lead, name="Vaira Paegle")
    page = sign_in(cast.technology_lead).get(address(house, number=2)).content.decode()
    assert "Vaira Paegle" not in page
    assert mine.key in page


def test_three_cases_take_as_many_statements_as_one(
    house, cast, sign_in, make_candidacy, django_assert_num_queries
):
    client = sign_in(cast.technology_lead)
    make_candidacy(house.council)
    with django_assert_num_queries(9):
        client.get(address(house))
    make_candidacy(house.council, name="Aija Two")
    make_candidacy(house.council, name="Bruno Three")
    with django_assert_num_queries(9):
        client.get(address(house))
