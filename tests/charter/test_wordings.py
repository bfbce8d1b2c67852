"""What rows are called in other languages: the office writes it, pages and mail show it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from accounts.models import AgreementSignature
from charter.models import Area, Wording
from charter.wordings import forget_wordings
from common import clock
from common.languages import named
from nominations.forms.steps import area_choices
from people.models import Person
from tests.cast import Cast, House

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


def test_the_words_of_the_office_come_before_those_of_the_catalogue() -> None:
    with translation.override("de"):
        assert named("Blog post") == "Blogbeitrag"
        Wording.objects.create(language="de", original="Blog post", words="Netznotiz")
        forget_wordings()
        assert named("Blog post") == "Netznotiz"
    with translation.override("es"):
        assert named("Blog post") == "Entrada de blog"


def test_a_name_that_changed_is_shown_in_its_own_words_until_it_is_translated(house: House) -> None:
    Wording.objects.create(language="de", original=house.networking.name, words="Netze")
    with translation.override("de"):
        assert named(house.networking.name) == "Netze"
        assert named("Networking and Wires") == "Networking and Wires"


def test_names_are_read_once_for_many(django_assert_num_queries: Callable[..., object]) -> None:
    with translation.override("de"), django_assert_num_queries(1):
        assert [named(f"Thing {number}") for number in range(50)][-1] == "Thing 49"
    with translation.override("en"), django_assert_num_queries(0):
        named("Thing")


def test_one_language_has_one_wording_of_a_name() -> None:
    Wording.objects.create(language="de", original="Networking", words="Netze")
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.create(language="de", original="Networking", words="Netzwerke")


def test_a_nominator_chooses_among_areas_in_their_language(house: House) -> None:
    area = Area.objects.get(pk=house.networking.pk)
    Wording.objects.create(language="de", original=area.name, words="Netze")
    Wording.objects.create(language="de", original=area.category.name, words="Server")
    with translation.override("de"):
        choices = [(group, name) for group, rows in area_choices()[1:] for _slug, name in rows]
    assert ("Server", "Netze") in choices


def test_the_office_changes_a_wording_in_the_records(cast: Cast, sign_in: SignIn) -> None:
    wording = Wording.objects.create(language="de", original="Networking", words="Netz")
    with translation.override("de"):
        assert named("Networking") == "Netz"
    form = {"language": "de", "original": "Networking", "words": "Netze"}
    page = f"/admin/charter/wording/{wording.pk}/change/"
    assert sign_in(cast.office_1).post(page, form).status_code == 302
    with translation.override("de"):
        assert named("Networking") == "Netze"


def test_an_agreement_is_read_in_ones_own_language(cast: Cast, house: House, sign_in: SignIn) -> None:
    Wording.objects.create(
        language="de", original=house.conduct.body, words="# Kodex\n\nSeien Sie **freundlich**."
    )
    AgreementSignature.objects.create(user=cast.nominee.user, agreement=house.conduct, signed_at=clock.now())
    Person.objects.filter(pk=cast.nominee.pk).update(mail_language="de")
    page = sign_in(Person.objects.get(pk=cast.nominee.pk)).get("/me/").content.decode()
    assert "<strong>freundlich</strong>" in page
    Wording.objects.all().delete()
    forget_wordings()
    page = sign_in(Person.objects.get(pk=cast.nominee.pk)).get("/me/").text
    assert "Diese Fassung wurde nie übersetzt" in page
    assert '<div lang="en" dir="ltr">' in page
