"""Who gets into the admin, and what they may do there."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from accounts.models import Role, User
from charter.models import Region
from common import history
from common.models import HistoryRow
from nominations.models import Nomination
from people.models import Person
from tests.admin.conftest import SignIn, address
from tests.cases import Case
from tests.cast import Cast, House
from tests.filling import our_models

OUTSIDE = [
    "nominator", "nominee", "regional_lead", "reviewer_1", "technology_lead", "council_member", "holder",
    "outsider",
]  # fmt: skip


def test_a_stranger_is_asked_to_sign_in_where_everybody_does(cast: Cast, sign_in: SignIn) -> None:
    for page in (reverse("admin:index"), address(Nomination, "changelist")):
        assert sign_in(None).get(page).headers["Location"] == f"/accounts/login/?next={page}"


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_but_office_and_auditor_gets_in(cast: Cast, case: Case, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(cast, who))
    pages = [reverse("admin:index"), address(Person, "changelist"), address(case.nomination, "change")]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


@pytest.mark.parametrize("door", ["login", "logout", "password_change", "password_change_done"])
def test_the_admin_has_no_doors_of_its_own(door: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{door}")


def test_who_lost_the_role_is_out_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    assert client.get(reverse("admin:index")).status_code == 200
    cast.office_1.user.grants.all().delete()
    assert client.get(reverse("admin:index")).status_code == 403


def test_the_auditor_reads_and_changes_nothing(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.auditor)
    page = address(cast.nominee, "change")
    response = client.get(page)
    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    assert client.post(page, {"name": "Somebody Else"}).status_code == 403
    assert client.get(address(Region, "add")).status_code == 403
    assert client.post(address(case.nomination, "do", case.nomination.pk, "withdraw")).status_code == 403
    cast.nominee.refresh_from_db()
    assert cast.nominee.name == "Ilmārs Vītolbergs"


def test_no_state_and_no_field_beside_those_named_can_be_edited() -> None:
    for model in our_models():
        record = admin.site._registry[model]
        assert not {"state", "state_before", "password", "erased_at", "released_at"} & set(record.editable), (
            model
        )
        if any(field.name == "state" for field in model._meta.fields):
            assert not record.may_add, model


def test_a_state_that_is_posted_along_is_not_taken(cast: Cast, case: Case, sign_in: SignIn) -> None:
    data = {"citation": "For a checklist.", "note": "", "state": "revoked", "good_standing": ""}
    sign_in(cast.office_1).post(address(case.award, "change"), data)
    case.award.refresh_from_db()
    assert (case.award.citation, case.award.state) == ("For a checklist.", "granted")


def test_an_edit_is_noted_in_the_history_with_its_fields_and_no_words(
    cast: Cast, house: House, sign_in: SignIn
) -> None:
    sign_in(cast.office_1).post(
        address(house.networking.category, "change"), {"name": "Servers!", "slug": "servers", "position": 1}
    )
    row = HistoryRow.objects.get(kind="category", verb="edit_record")
    assert (row.key, row.codes) == ("servers", {"fields": ["name"]})
    assert not admin.models.LogEntry.objects.exists()


def test_with_a_name_goes_all_that_is_computed_from_it(cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in(cast.office_1), address(cast.nominee, "change")
    form = client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if name in form.fields and value is not None}
    client.post(page, {**data, "languages": "", "name": "Ilmārs Liepa", "city": " Rī\u202ega\t Torņakalns "})
    cast.nominee.refresh_from_db()
    assert (cast.nominee.sort_key, cast.nominee.slug) == ("liepa ilmars", "ilmars")
    assert cast.nominee.city == "Rīga Torņakalns"


def test_a_role_is_granted_and_ended_by_the_actions(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    data = {"user": cast.outsider.user.pk, "role": Role.AUDITOR, "starts": "2004-01-01", "reason": "Needed."}
    client.post(reverse("admin:accounts_rolegrant_add"), data)
    grant = cast.outsider.user.grants.get()
    assert HistoryRow.objects.filter(kind="user", verb="grant_role").count() == 1
    client.post(address(grant, "do", grant.pk, "end"))
    assert not User.objects.get(pk=cast.outsider.user.pk).holds(Role.AUDITOR)
    list_of_history = reverse("admin:common_historyrow_changelist")
    assert "older: without" not in client.get(list_of_history).content.decode()
    history.record("user", "a", "grant_role", by=None, codes={"role": Role.AUDITOR})  # as the first ones were
    assert "older: without" in client.get(list_of_history).content.decode()


def test_secrets_are_not_shown(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    link = case.nomination.access_links.first()
    assert link.key not in client.get(address(link, "change")).content.decode()
    User.objects.filter(pk=cast.nominee.user.pk).update(password="pbkdf2$secret")
    assert "pbkdf2" not in client.get(address(cast.nominee.user, "change")).content.decode()


def test_the_history_of_a_record_is_the_list_of_all_narrowed_down(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    response = sign_in(cast.office_1).get(address(case.nomination, "history"), follow=True)
    assert response.status_code == 200
    assert [row.verb for row in response.context["cl"].result_list] == ["enter_review"]
