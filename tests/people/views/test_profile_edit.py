"""Editing one's own profile."""

import pytest

from common.models import HistoryRow
from people import visibility
from people.models import Person
from tests.cast import Cast

TYPED = {
    "headline": "Patient answers",
    "biography": "First line.\r\n\r\nThird line.",
    "city": "Budapest",
    "country": "HU",
    "languages": ["hu", "en"],
    "links": "https://github.com/agnes\nhttps://agnes.example/",
    "listed": "on",
    **{f"see_{part}": "everyone" for part in visibility.PARTS},
}


def edit(client, person, **changes):
    return client.post(f"/people/{person.slug}/edit/", {**TYPED, **changes})


def test_a_holder_writes_their_profile(cast: Cast, sign_in) -> None:
    response = edit(sign_in(cast.holder), cast.holder, see_city="holders")
    assert response["Location"] == f"/people/{cast.holder.slug}/"
    cast.holder.refresh_from_db()
    assert (cast.holder.headline, cast.holder.biography) == ("Patient answers", "First line.\n\nThird line.")
    assert cast.holder.visibility == {"city": "holders"}
    assert [(link.kind, link.host) for link in cast.holder.links.all()] == [
        ("github", "github.com"),
        ("website", "agnes.example"),
    ]


def test_history_keeps_which_fields_changed_and_not_their_text(cast: Cast, sign_in) -> None:
    edit(sign_in(cast.holder), cast.holder)
    row = HistoryRow.objects.get(kind="person", key=cast.holder.key, verb="edit_profile")
    assert "biography" in row.codes["fields"]
    assert "Patient" not in str(row.codes)


def test_saving_the_same_twice_changes_nothing_more(cast: Cast, sign_in) -> None:
    edit(sign_in(cast.holder), cast.holder)
    edit(sign_in(cast.holder), cast.holder)
    assert HistoryRow.objects.filter(key=cast.holder.key, verb="edit_profile").count() == 1


def test_nobody_edits_another_profile(cast: Cast, sign_in) -> None:
    assert edit(sign_in(cast.outsider), cast.holder).status_code == 404
    assert edit(sign_in(cast.office_1), cast.holder).status_code == 403
    assert edit(sign_in(None), cast.holder)["Location"].startswith("/accounts/login/")
    cast.holder.refresh_from_db()
    assert cast.holder.headline == ""


def test_looking_at_the_form_changes_nothing(cast: Cast, sign_in) -> None:
    response = sign_in(cast.holder).get(f"/people/{cast.holder.slug}/edit/")
    assert response.status_code == 200
    assert not HistoryRow.objects.filter(key=cast.holder.key).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "x" * 161),
        ("headline", "a\x00b"),
        ("biography", "x" * 3001),
        ("city", "y" * 10_000),
        ("country", "XX"),
        ("languages", ["klingon"]),
        ("links", "javascript:alert(1)"),
        ("links", "\n".join(f"https://a.example/{n}" for n in range(9))),
        ("links", "https://a.example/" + "x" * 500),
        ("see_city", "friends"),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_typed(cast: Cast, sign_in, field: str, value) -> None:
    response = edit(sign_in(cast.holder), cast.holder, **{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Patient answers" in response.text or field == "headline"
    cast.holder.refresh_from_db()
    assert cast.holder.biography == ""


def test_direction_marks_are_dropped(cast: Cast, sign_in) -> None:
    edit(sign_in(cast.holder), cast.holder, headline="\u202eevil\u202c", city="Pécs\u200f")
    cast.holder.refresh_from_db()
    assert (cast.holder.headline, cast.holder.city) == ("evil", "Pécs")


def test_who_writes_in_another_script_gives_a_latin_form_by_which_lists_are_sorted(
    cast: Cast, sign_in
) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(name="نادية الحرازي", sort_key="lhrzy ndyh")
    client = sign_in(cast.holder)
    assert edit(client, cast.holder, latin_name="نادية").status_code == 422
    assert edit(client, cast.holder, latin_name="Nadia al-Ḥarāzī", short_name="Nadia").status_code == 302
    cast.holder.refresh_from_db()
    assert (cast.holder.sort_key, cast.holder.called) == ("harazi al nadia", "Nadia")
    assert "nadia" in cast.holder.search_text
