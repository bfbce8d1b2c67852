"""Search, order, filters, pages: what may not be seen may not be asked about either."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from common import outbox
from nominations.models import AccessLink, Conflict, Nomination
from people import names
from selection import actions
from selection.models import Candidacy, Review
from tests import factories
from tests.admin.conftest import address
from tests.filling import fill_tables, our_models
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, hand_in

HIDDEN_COLUMNS = [
    ("selection/candidacy", "mean__gte=4"),
    ("selection/candidacy", "median__lt=5"),
    ("selection/candidacy", "rank=1"),
    ("selection/candidacy", "proposed__startswith=a"),
    ("selection/candidacy", "state__exact=forward"),
    ("selection/review", "draft__comment__startswith=S"),
    ("selection/review", "draft__icontains=sound"),
    ("nominations/nomination", "draft__sent__name__startswith=T"),
    ("nominations/accesslink", "key__startswith=A"),
    ("common/outboxmail", "keys__code__startswith=A"),
    ("common/outboxmail", "cause__contains=invitation"),
    ("common/outboxmail", "message_id__contains=%40"),
    ("accounts/user", "password__startswith=p"),
    ("common/historytext", "salt__startswith=0"),
    ("nominations/invitationstop", "digest__startswith=0"),
    ("people/person", "search_text__contains=a"),
]


@pytest.mark.parametrize(("table", "question"), HIDDEN_COLUMNS)
def test_a_filter_over_a_hidden_column_is_refused(house, cast, sign_in, table, question):
    """By how many rows remain, ``?keys__code__startswith=`` would spell a code to sign in letter by letter."""
    fill_tables(house, cast, number=1)
    assert sign_in(cast.office_1).get(f"/admin/{table}/?{question}").status_code == 400


@pytest.mark.deep
def test_every_link_of_every_filter_beside_a_list_still_works(house, cast, sign_in):
    fill_tables(house, cast, number=1)
    client, asked = sign_in(cast.office_1), 0
    for model in our_models():
        page = address(model, "changelist")
        for link in sorted(set(re.findall(r'href="(\?[^"]+)"', client.get(page).content.decode()))):
            assert client.get(page + link.replace("&amp;", "&")).status_code == 200, page + link
            asked += 1
    assert asked > 60


def test_a_link_of_a_filter_beside_a_list_still_works(house, cast, sign_in):
    fill_tables(house, cast, number=1)
    client = sign_in(cast.office_1)
    asked = [
        "stands=open",
        "stage__kind__exact=score",
        f"stage__cycle__id__exact={house.cycle.pk}",
        "q=Nominee",
    ]
    assert [client.get(f"/admin/selection/candidacy/?{query}").status_code for query in asked] == [200] * 4


def test_no_list_is_ordered_by_a_column_that_is_hidden(house, cast, sign_in):
    """``?o=`` counts the columns of the list; none of them may sort by what it does not show."""
    secret = {"mean", "median", "lowest", "highest", "sd", "rank", "reviews_in", "proposed", "by_rule"}
    shown = admin.site._registry[Candidacy]
    for name in shown.list_display:
        assert not isinstance(name, str) or name not in secret
        assert not getattr(getattr(shown, str(name), None), "admin_order_field", None)
    for model, records in admin.site._registry.items():
        assert not set(records.secret) & set(map(str, records.list_display)), model


def test_what_a_stage_made_of_a_case_is_not_told_where_ones_own_review_is_missing(
    house, cast, sign_in, make_candidacy, submit
):
    """Nor in the records: state, place on the reserve and the filter over states."""
    factories.grant(cast.office_1, Role.REVIEWER)
    one = make_candidacy(house.score, cast.reviewer_1, cast.office_1)
    submit(one, cast.reviewer_1, 4, 4, 4, 4)
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    for person, told in ((cast.office_2, True), (cast.office_1, False)):
        client = sign_in(person)
        page = client.get(f"/admin/selection/candidacy/{one.pk}/change/").content.decode()
        fields = [f"field-{name}" in page for name in ("state", "reserve_order", "left_at", "mean")]
        assert fields == [told] * 4
        for question, there in (("", True), ("?stands=forward", told)):
            found = client.get(f"/admin/selection/candidacy/{question}").context["cl"].result_list
            assert bool(found) == there
        assert ("went forward</td>" in client.get("/admin/selection/candidacy/").content.decode()) == told


def test_each_list_asks_first_who_asks_and_then_for_what(house, cast, sign_in):
    """In the SQL of search and filter stands the tie: nothing is found first and taken away afterwards."""
    case = fill_tables(house, cast, number=1)
    Conflict.objects.create(nomination=case.nomination, person=cast.office_2, kind="family")
    client = sign_in(cast.office_2)
    for model, column in ((Nomination, "state__exact"), (Candidacy, "stands"), (Review, "state__exact")):
        with CaptureQueriesContext(connection) as queries:
            found = client.get(address(model, "changelist"), {"q": "Nominee", column: "in_review"})
        assert found.status_code == 200
        table = f'FROM "{model._meta.db_table}"'
        own = [q["sql"] for q in queries if table in q["sql"] and "LIKE" in q["sql"]]
        assert own, model
        assert all("nominations_conflict" in sql for sql in own), model


@pytest.mark.parametrize("words", ["Ilmārs", "vitolbergs", "ilmars@community.example"])
def test_a_search_counts_only_what_may_be_seen(cast, sign_in, make_case, words):
    """Counts of pages and "1 result" come from the same rows as the list."""
    names.set_name(cast.nominee, cast.nominee.name)
    cast.nominee.save()
    tied = make_case("Ilmārs Vītolbergs", nominee=cast.nominee, nominee_email="ilmars@community.example")
    Conflict.objects.create(nomination=tied, person=cast.office_2, kind="family")
    for person, count in ((cast.office_1, 1), (cast.office_2, 0)):
        found = sign_in(person).get("/admin/nominations/nomination/", {"q": words}).context["cl"]
        assert (found.result_count, found.paginator.count, len(found.result_list)) == (count,) * 3


def test_autocomplete_answers_nobody(house, cast, sign_in):
    """It searches by its own rules, so no form of ours uses it and its address is shut for all."""
    asked = "/admin/autocomplete/?app_label=nominations&model_name=support&field_name=nomination&term=Nominee"
    fill_tables(house, cast, number=1)
    assert [sign_in(one).get(asked).status_code for one in (cast.office_1, cast.auditor)] == [403, 403]


def test_pages_past_the_end_and_odd_numbers_tell_nothing(cast, sign_in, make_candidacy, house):
    tied = [make_candidacy(house.score, name=f"Tied {n}") for n in range(3)]
    for one in tied:
        Conflict.objects.create(nomination=one.nomination, person=cast.technology_lead, kind="family")
    client = sign_in(cast.technology_lead)
    pages = [client.get(f"/board/?page={page}") for page in ("1", "2", "-1", "99", "x", "last")]
    texts = {re.sub(r'value="[^"]{64}"', "", page.content.decode()) for page in pages}
    assert {page.status_code for page in pages} == {200}
    assert len(texts) == 1


def test_board_and_desk_ignore_a_field_that_they_do_not_know(cast, sign_in, canary_board):
    """A hidden field in the address acts as absent: the same page, the same order, whatever is asked."""
    client = sign_in(cast.reviewer_1)

    def order(query):
        return re.findall(r"Case (?:High|Low|Own)", client.get(f"/board/{query}").content.decode())

    usual = order("")
    for query in (
        "?o=-mean",
        "?sort=mean",
        "?sort=-mean",
        "?mean__gte=4",
        "?order_by=rank",
        "?q=spread%3A%3E2",
    ):
        assert order(query) == usual


@kept_fixture
def canary_board(house, cast):
    """The chair has a task on two cases and has handed in none of them; a third case is seen in full."""
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD)
    high = enter(house, cast, house.score, cast.reviewer_1, cast.reviewer_2, name="Case High")
    low = enter(house, cast, house.score, cast.reviewer_1, cast.reviewer_2, name="Case Low")
    own = enter(house, cast, house.score, cast.reviewer_2, name="Case Own")
    for one, mark in ((high, 5), (low, 1), (own, 3)):
        hand_in(one, cast.reviewer_2, mark, mark, mark, mark)
    return high, low, own


def test_hidden_means_change_no_order(cast, sign_in, canary_board):
    """Means of two cases swapped: the page of whoever may not see them stays the same byte for byte."""
    client = sign_in(cast.reviewer_1)

    def page():
        return re.sub(r'value="[^"]{64}"|X-Request-ID.*', "", client.get("/board/").content.decode())

    before = page()
    high, low, _own = canary_board
    Candidacy.objects.filter(pk=high.pk).update(mean="1.0000")
    Candidacy.objects.filter(pk=low.pk).update(mean="5.0000")
    assert page() == before


def test_links_in_a_list_of_mail_and_of_links_hold_no_key(house, cast, sign_in):
    fill_tables(house, cast, number=1)
    outbox.post("account_login_code", to="someone@community.example", cause="code", keys={"code": "QQ-77"})
    client = sign_in(cast.office_1)
    pages = [
        client.get(f"/admin/{table}/").content.decode()
        for table in ("common/outboxmail", "nominations/accesslink")
    ]
    keys = [*AccessLink.objects.values_list("key", flat=True), "QQ-77"]
    assert [key for key in keys for page in pages if key in page] == []
    for page in pages:
        for link in re.findall(r'href="([^"]+)"', page):
            assert not {"key", "keys", "token"} & set(dict(parse_qsl(urlsplit(link).query)))
