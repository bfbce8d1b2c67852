"""``make messages``: find the texts of the public pages, the nominees' pages and their mail, and the catalogues.

Needs no GNU gettext. Texts of Python files are found in their syntax tree, those of templates as Django itself cuts
them out. New ones are added to ``locale/*/LC_MESSAGES/django.po`` without a translation, those that are gone are taken
out, and the ``.mo`` files are compiled. ``STAFF`` is what stays English: the selection, the office, the admin.
"""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polib
import yaml
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "es")
DATE_FORMATS = frozenset(
    ("j", "j M", "M Y", "l j F Y", "j F Y, H:i e", "j F, H:i e", "j F, H:i", "j M, H:i", "H:i e")
)  # texts that the filter "date" reads
PLURALS = "nplurals=2; plural=(n != 1);"
PACKAGES = (
    "common", "charter", "accounts", "people", "contributions", "awards", "nominations", "selection", "events", "mvp_program",
)  # fmt: skip
STAFF = (
    "*/admin.py", "*/migrations/*", "common/models.py", "common/verification.py",
    "mvp_program/api*.py", "mvp_program/templates/api/call.html",  # as the schema itself
    "mvp_program/admin*.py", "mvp_program/settings/environment.py", "mvp_program/templates/mail/bounced.txt",
    "mvp_program/seeding/*", "mvp_program/generating/*", "mvp_program/management/*", "mvp_program/embedded/*",
    "mvp_program/pages/styleguide*.py", "mvp_program/pages/demo.py", "mvp_program/pages/office.py",
    "mvp_program/pages/mail.py", "mvp_program/pages/duplicates.py", "mvp_program/pages/mail_hook.py",
    "mvp_program/checks.py", "mvp_program/demo.py", "mvp_program/bootstrap.py", "awards/importing/*",
    "charter/forms.py", "charter/actions.py", "charter/views/office.py",
    "accounts/actions.py", "people/actions/parting.py", "awards/actions/awards.py",
    "nominations/actions/joining.py", "nominations/actions/ties.py",
    "nominations/forms/office.py", "nominations/views/triage.py", "nominations/actions/triage.py",
    "events/forms/office.py", "events/views/office.py", "events/exporting.py", "events/actions/summits.py",
    "nominations/renewals.py", "nominations/views/renewals.py", "nominations/actions/renewals.py",
    "mvp_program/templates/admin/*", "mvp_program/templates/office/*", "mvp_program/templates/styleguide/*",
    "mvp_program/templates/demo/*", "mvp_program/templates/mail/selection/tasks.txt",
    "mvp_program/templates/mail/selection/reminder.txt",
    "mvp_program/templates/mail/selection/own_year.txt", "mvp_program/templates/mail/selection/history_head.txt",
    "mvp_program/templates/nominations/acts/merge.html", "mvp_program/templates/nominations/acts/undo_merge.html",
    "mvp_program/templates/nominations/acts/ineligible.html", "mvp_program/templates/nominations/acts/reopen.html",
)  # fmt: skip
SELECTION = (  # of the selection, what everybody or a nominee reads
    "selection/protocol_words.py", "selection/change_words.py", "selection/rule_words.py", "selection/emails.py",
    "selection/notice_emails.py",
    "selection/mail_kinds.py", "selection/apps.py",
    "selection/queries/public.py", "selection/queries/transparency.py", "selection/queries/released.py", "selection/views/protocol.py",
    "mvp_program/templates/selection/protocol*.html", "mvp_program/templates/mail/selection/*",
)  # fmt: skip
_CALLS = {
    "_": "m", "gettext": "m", "gettext_lazy": "m", "gettext_noop": "m", "ngettext": "mp", "ngettext_lazy": "mp",
    "pgettext": "cm", "pgettext_lazy": "cm", "npgettext": "cmp",
}  # fmt: skip
_IN_TEMPLATE = re.compile(r"\b(npgettext|ngettext|pgettext|gettext|_)\(")
_TEXT = re.compile(
    r"\s*u?('''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?",
    re.S,
)


class Text(NamedTuple):
    """One text to translate."""

    msgid: str
    plural: str = ""
    context: str = ""


@cache
def found() -> dict[Text, list[str]]:
    """Each text that is in reach of translators, with the files where it stands."""
    texts: dict[Text, list[str]] = {}
    for path in sources():
        read = texts_of_python if path.suffix == ".py" else texts_of_template
        for text in read(path.read_text(encoding="utf-8")):
            places = texts.setdefault(text, [])
            if (place := str(path.relative_to(ROOT))) not in places:
                places.append(place)
    for text, place in texts_of_seeds():
        texts.setdefault(text, []).append(place)
    return _plurals_first(texts)


ROWS = {  # file of seeds → the fields whose words nominees and nominators read
    "contribution_types": ("name", "quantity", "second_quantity", "reach"),
    "stages": ("public_name",),
    "reason_codes": ("sentence",),
    "agreements": ("title",),
    "program": ("tagline", "lead", "signer_role", "signer_note"),
}


def texts_of_seeds() -> Iterator[tuple[Text, str]]:
    """Names of rows, which pages show by ``common.languages.named``."""
    for name, fields in ROWS.items():
        path = ROOT / "seeds" / f"{name}.yaml"
        words = [row[field] for row in rows_of(path) for field in fields if row.get(field)]
        for word in dict.fromkeys(words):
            yield Text(word, context="row"), f"seeds/{path.name}"


def rows_of(path: Path) -> list[dict[str, str]]:
    """All mappings of a file of seeds, however deep."""
    found: list[dict[str, str]] = []
    waiting = [yaml.safe_load(path.read_text(encoding="utf-8"))]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            found.append(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and in_reach(str(path.relative_to(ROOT))):
                yield path


def in_reach(place: str) -> bool:
    if place.startswith(("selection/", "mvp_program/templates/selection/")):
        return any(fnmatch(place, pattern) for pattern in SELECTION)
    return not any(fnmatch(place, pattern) for pattern in STAFF)


def texts_of_python(code: str) -> Iterator[Text]:
    nodes = list(ast.walk(ast.parse(code)))
    names_of_tables = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").startswith("verbose_name")
    }  # only the admin shows them
    names = {  # what this file calls them
        alias.asname: alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }
    for node in nodes:
        if isinstance(node, ast.Call) and id(node) not in names_of_tables:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            kinds = _CALLS.get(names.get(name, name), "")
            values = [arg.value for arg in node.args[: len(kinds)] if isinstance(arg, ast.Constant)]
            said = [value for value in values if isinstance(value, str)]
            if kinds and len(said) == len(kinds):
                yield _text(kinds, said)


def texts_of_template(source: str) -> Iterator[Text]:
    code = templatize(source)
    for call in _IN_TEMPLATE.finditer(code):
        values, place = [], call.end()
        while (part := _TEXT.match(code, place)) is not None:
            values.append(ast.literal_eval(part[1]))
            place = part.end()
        kinds = _CALLS[call[1]]
        if len(values) >= len(kinds):
            yield _text(kinds, values[: len(kinds)])


def _text(kinds: str, values: list[str]) -> Text:
    by = dict(zip(kinds, values, strict=True))
    return Text(by["m"], by.get("p", ""), by.get("c", ""))


def _plurals_first(texts: dict[Text, list[str]]) -> dict[Text, list[str]]:
    """One text with and without a plural is one entry of the catalogue."""
    with_plural = {(text.context, text.msgid): text for text in texts if text.plural}
    joined: dict[Text, list[str]] = {}
    for text, places in texts.items():
        joined.setdefault(with_plural.get((text.context, text.msgid), text), []).extend(places)
    return {text: places for text, places in joined.items() if text.msgid}


def catalogue(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> polib.POFile:
    path = catalogue(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = polib.POFile(wrapwidth=110)
    file.metadata = {
        "Language": language, "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit", "Plural-Forms": PLURALS,
    }  # fmt: skip
    return file


def key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def follow(file: polib.POFile, texts: dict[Text, list[str]]) -> None:
    """Let a catalogue hold exactly these texts, in the order of the files; translations stay."""
    known = {key(entry): entry for entry in file}
    same_words = {(entry.msgctxt or "", entry.msgid): entry for entry in file}
    del file[:]
    for text, places in sorted(texts.items(), key=lambda pair: (pair[1][0], pair[0])):
        entry = known.get(text) or _new(text, same_words.get((text.context, text.msgid)))
        entry.occurrences = [(place, "") for place in places]
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        file.append(entry)


def _new(text: Text, before: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context or None)
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = {0: "", 1: ""}
    elif before is not None and before.msgid_plural:
        entry.msgstr = before.msgstr_plural[0]
    return entry


def main() -> None:
    from tests import pseudo  # it reads this file

    texts = found()
    for language in LANGUAGES:
        file = read(language)
        follow(file, texts)
        path = catalogue(language)
        file.save(str(path))
        file.save_as_mofile(str(path.with_suffix(".mo")))
        open_ones = file.untranslated_entries()
        print(f"{language}: {len(file)} texts, {len(open_ones)} without a translation")
        for entry in open_ones[:20]:
            print(f"   {entry.occurrences[0][0]}: {entry.msgid!r}")
    pseudo.write(texts)


if __name__ == "__main__":
    main()
