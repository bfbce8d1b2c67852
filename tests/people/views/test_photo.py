"""The photo of a profile: uploaded, shown to those it is for, removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.models import HistoryRow
from people.actions import change_photo, erase_person
from people.models import Person, Photo
from tests.cast import Cast
from tests.people.test_photos import file


def upload(client, person, content: bytes):
    photo = SimpleUploadedFile("me.jpg", content, "image/jpeg")
    return client.post(f"/people/{person.slug}/edit/photo/", {"photo": photo})


def test_a_holder_uploads_a_photo_and_everyone_sees_it(cast: Cast, sign_in) -> None:
    response = upload(sign_in(cast.holder), cast.holder, file())
    assert response["Location"] == f"/people/{cast.holder.slug}/edit/"
    photo = Photo.objects.get(person=cast.holder)
    address = f"/people/{cast.holder.slug}/photo/{photo.digest}.jpg"
    assert f'src="{address}"' in sign_in(None).get(f"/people/{cast.holder.slug}/").text
    shown = sign_in(None).get(address)
    assert (shown["Content-Type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert shown["Cache-Control"].startswith("public")
    assert HistoryRow.objects.filter(key=cast.holder.key, verb="change_photo").count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no picture", "no JPEG, PNG or WebP"), (b"x" * 5_300_000, "larger than 5 MB"), (b"", "empty")],
)
def test_what_is_no_photo_is_said_in_words(cast: Cast, sign_in, content: bytes, words: str) -> None:
    response = upload(sign_in(cast.holder), cast.holder, content)
    assert response.status_code == 422
    assert words in response.text
    assert not Photo.objects.exists()


def test_a_new_photo_takes_the_place_of_the_one_before(cast: Cast, sign_in) -> None:
    first = change_photo(cast.holder, file(), by=cast.holder.user)
    change_photo(cast.holder, file(size=(900, 300)), by=cast.holder.user)
    assert Photo.objects.filter(person=cast.holder).count() == 1
    change_photo(cast.holder, file(mode="L"), by=cast.holder.user)
    assert sign_in(None).get(f"/people/{cast.holder.slug}/photo/{first.digest}.jpg").status_code == 404


def test_a_photo_for_holders_is_not_handed_to_strangers(cast: Cast, sign_in) -> None:
    photo = change_photo(cast.holder, file(), by=cast.holder.user)
    Person.objects.filter(pk=cast.holder.pk).update(visibility={"photo": "holders"})
    address = f"/people/{cast.holder.slug}/photo/{photo.digest}.jpg"
    assert sign_in(None).get(address).status_code == 404
    assert address not in sign_in(None).get(f"/people/{cast.holder.slug}/").text
    shown = sign_in(cast.holder).get(address)
    assert (shown.status_code, shown["Cache-Control"][:7]) == (200, "private")


def test_a_photo_is_removed_by_its_owner_alone(cast: Cast, sign_in) -> None:
    change_photo(cast.holder, file(), by=cast.holder.user)
    address = f"/people/{cast.holder.slug}/edit/photo/remove/"
    assert sign_in(cast.outsider).post(address).status_code == 404
    assert sign_in(cast.office_1).post(address).status_code == 403
    assert Photo.objects.exists()
    sign_in(cast.holder).post(address)
    assert not Photo.objects.exists()


def test_erasing_somebody_takes_the_photo_along(cast: Cast) -> None:
    change_photo(cast.holder, file(), by=cast.holder.user)
    erase_person(cast.holder, by=cast.office_1.user)
    assert not Photo.objects.exists()
