"""The catalogues hold every text in reach, translated, with the same placeholders, and are compiled as they stand."""

import re
from collections import Counter

import polib
import pytest

from tests.messages import (
    DATE_FORMATS,
    LANGUAGES,
    Text,
    catalogue,
    found,
    key,
    read,
    texts_of_python,
    texts_of_template,
)

PLACEHOLDERS = re.compile(r"%\([a-z_]+\)[0-9]*[a-zA-Z]|%%|\{[a-z_]+\}")
TAGS = re.compile(r"</?[a-z]+[^>]*>")


@pytest.fixture(scope="module", params=LANGUAGES)
def file(request: pytest.FixtureRequest) -> polib.POFile:
    return read(request.param)


def strings(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each original with its translation."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def test_every_text_in_reach_is_in_the_catalogue_and_no_other(file: polib.POFile) -> None:
    """If it fails: make messages, then translate what it names."""
    there, wanted = {key(entry) for entry in file}, set(found())
    assert sorted(wanted - there) == []
    assert sorted(there - wanted) == []


def test_every_text_is_translated(file: polib.POFile) -> None:
    assert [entry.msgid for entry in file if not all(said for _words, said in strings(entry))] == []


def test_a_translation_has_the_placeholders_and_tags_of_its_original(file: polib.POFile) -> None:
    wrong = [(words, said) for entry in file for words, said in strings(entry) if not same_parts(words, said)]
    assert wrong == []


def same_parts(words: str, said: str) -> bool:
    return all(Counter(part.findall(words)) == Counter(part.findall(said)) for part in (PLACEHOLDERS, TAGS))


def test_a_translation_begins_and_ends_as_its_original(file: polib.POFile) -> None:
    """No lost line break at an end, no lost colon before a link of a mail: letters are cut by them."""
    wrong = [
        (words, said)
        for entry in file
        for words, said in strings(entry)
        if (said and (words[-1:] == ":") != (said[-1:] == ":") and not words.endswith(","))
        or (said.strip() != said and words.strip() == words)
    ]
    assert wrong == []


def test_the_format_of_a_date_is_translated_by_a_format(file: polib.POFile) -> None:
    formats = [entry for entry in file if entry.msgid in DATE_FORMATS]
    assert {entry.msgid for entry in formats} <= DATE_FORMATS
    for entry in formats:
        plain = re.sub(r"\\.", "", entry.msgstr)
        assert not set(re.findall(r"[A-Za-z]", plain)) - set("jbFMYlHie"), entry.msgstr


def test_the_compiled_catalogue_is_the_one_that_is_read(file: polib.POFile) -> None:
    """If it fails: make messages."""
    compiled = polib.mofile(str(catalogue(file.metadata["Language"]).with_suffix(".mo")))
    said = {key(entry): entry.msgstr or entry.msgstr_plural for entry in compiled}
    assert said == {key(entry): entry.msgstr or entry.msgstr_plural for entry in file}


def test_both_plurals_of_a_language_are_used(file: polib.POFile) -> None:
    from django.utils import translation
    from django.utils.translation import ngettext

    with translation.override(file.metadata["Language"]):
        one, three = (ngettext("%(number)s entry", "%(number)s entries", number) for number in (1, 3))
    assert one != three
    assert "entr" not in three.replace("entrada", "")


def test_texts_of_python_are_found() -> None:
    code = (
        "from django.utils.translation import gettext_lazy as late\n"
        "title = _('One ' 'word') + late('Later')\n"
        "days = f\"{ngettext('%(n)s day', '%(n)s days', n)} {other('no')}\""
    )
    assert set(texts_of_python(code)) == {Text("Later"), Text("One word"), Text("%(n)s day", "%(n)s days")}


def test_texts_of_templates_are_found() -> None:
    source = (
        '{% load i18n %}{% translate "It’s here" as here %}{{ day|date:_("j M") }}'
        "{% blocktranslate count number=n with name=a.b %}{{ name }}: 100% of {{ number }} day{% plural %}"
        "{{ name }}: {{ number }} days{% endblocktranslate %}<p>Don't</p>"
    )
    assert set(texts_of_template(source)) == {
        Text("It’s here"),
        Text("j M"),
        Text("%(name)s: 100%% of %(number)s day", "%(name)s: %(number)s days"),
    }
