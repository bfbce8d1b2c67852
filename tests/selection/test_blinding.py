"""Names, addresses, links, employers and places are taken out of texts, in every script and whatever the accents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.blinding import COMMON, MARKS, Blinder, Subject, fold, hider, words_of


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Vaira Paegle", "Vaira Paegle and VAIRA, Paegle's", "[name] and [name], [name]'s"),
        ("Ann Li", "Li listens; Ann plans annual talks", "Li listens; [name] plans annual talks"),
        ("Ann Li", "Ask Ann Li", "Ask [name]"),
        ("Ágnes Kővári", "Ask ágnes, KOVARI or Kővári", "Ask [name], [name] or [name]"),
        ("Łukasz Żółtaniecki", "lukasz wrote; Zoltanieckiego answered", "[name] wrote; [name] answered"),
        ("折橋 拓海", "折橋さんと拓海", "[name]さんと[name]"),
        ("نور حداديني", "كتبت ونور الشرح", "كتبت و[name] الشرح"),
        ("Данило Чумаченко", "Дякую, Danilo CHUMACHENKO! Чумаченкові", "Дякую, [name]! [name]"),
        ("A.* (Bobby)", "A.* and Bobby, not AXX", "A.* and [name], not AXX"),
        ("", "Nobody", "Nobody"),
    ],
)
def test_a_name_and_its_parts_are_replaced(name: str, text: str, shown: str) -> None:
    assert hider([(name, "name")])(text) == shown


SOMEBODY = Subject(
    names=("Ilmārs Vītolbergs",),
    emails=("i.vitolbergs@cesis-networks.example", "ilmars77@mail.example"),
    links=("https://code.example/u/netzwerker",),
    employers=("Cēsis Secondary School",),
    places=("Cēsis", "Latvia"),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to i.vitolbergs@cesis-networks.example.", "Write to [address]."),
        ("See https://lists.example/1?x=2 and www.else.example", "See [link] and [link]"),
        ("The page lists.example/people/7 lists them", "The page [link] lists them"),
        ("Ask @netzwerker or @somebody.else today", "Ask [handle] or [handle] today"),
        ("netzwerker on the forum", "[name] on the forum"),
        ("At Cesis Secondary School in Cēsis", "At [employer] in [employer]"),
        ("A school for Latvians, a secondary one", "A school for [place], a secondary one"),
        ("Vitolbergs Ilmars Vītolbergs", "[name]"),
        ("ASP.NET and Node.js at 10.5 percent", "ASP.NET and Node.js at 10.5 percent"),
    ],
)
def test_what_else_tells_is_replaced_too(text: str, shown: str) -> None:
    assert Blinder(SOMEBODY).hide(text) == shown


def test_what_is_hidden_leaves_nothing_over_and_hides_again_as_itself() -> None:
    blinder = Blinder(SOMEBODY)
    text = "Vītolbergs of Cēsis Secondary School, ilmars77@mail.example, wrote it with @netzwerker."
    hidden = blinder.hide(text)
    assert blinder.leftovers(text) == [
        "Vītolbergs", "Cēsis Secondary School", "ilmars77@mail.example", "@netzwerker",
    ]  # fmt: skip
    assert blinder.leftovers(hidden) == []
    assert blinder.hide(hidden) == hidden


SCRIPTS = [
    "abcdefghijklmnopqrstuvwxyzäöüßçéèñøåłđšžřățığþæ",
    "абвгдежзийклмнопрстуфхцчшщыьэюяґєії",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "अआइईकखगघचछजझटठडढतथदधनपफबभमयरलवशषसह",
    "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหอฮ",
    "折橋拓海深瀬真由長見沢霧部律月暢",
    "장곡한결김이박최정강조윤",
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
]  # fmt: skip


def word(least: int, most: int = 10) -> st.SearchStrategy[str]:
    return st.sampled_from(SCRIPTS).flatmap(lambda letters: st.text(letters, min_size=least, max_size=most))


NAMES = st.lists(word(3), min_size=1, max_size=3).map(" ".join)
FIRMS = st.lists(word(4), min_size=1, max_size=3).map(" ".join)
EMAILS = st.from_regex(r"[a-z]{4,9}\.[a-z]{4,9}@[a-z]{3,9}\.example", fullmatch=True)
BETWEEN = st.sampled_from([" ", ", ", "\n", " – ", "’s ", "(", ") ", "/", "_", ": "])


def disguised(text: str, how: int) -> str:
    """The same word as people write it: shouting, without accents, decomposed."""
    if how == 0:
        return text.upper() if fold(text.upper())[0] == fold(text)[0] else text
    if how == 1:
        return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return unicodedata.normalize("NFD" if how == 2 else "NFC", text)


@given(
    NAMES,
    EMAILS,
    FIRMS,
    word(4),
    st.lists(st.tuples(st.integers(0, 99), BETWEEN, st.integers(0, 3)), max_size=30),
)
def test_no_telling_part_survives_in_any_text(
    name: str, email: str, firm: str, city: str, order: list[tuple[int, str, int]]
) -> None:
    subject = Subject(names=(name,), emails=(email,), employers=(firm,), places=(city,))
    words = [
        name,
        email,
        firm,
        city,
        *name.split(),
        *firm.split(),
        "helped",
        "many",
        "12",
        email.split("@")[0],
    ]
    text = "".join(disguised(words[pick % len(words)], how) + gap for pick, gap, how in order)
    blinder = Blinder(subject)
    hidden = blinder.hide(text)
    assert blinder.leftovers(hidden) == []
    left = fold(MARKS.sub(" ", hidden))[0]
    for kind, parts in words_of(subject).parts.items():
        for part in parts:
            survivors = [one for one in left.replace("_", " ").split() if one.strip("’'(),:–/") == part]
            assert survivors == [], (kind, part, text, hidden)
    assert email not in hidden


@given(st.text(max_size=60))
def test_folding_knows_where_each_letter_came_from(text: str) -> None:
    folded, places = fold(text)
    assert len(folded) == len(places)
    assert all(0 <= place < len(text) for place in places)
    assert list(places) == sorted(places)


@given(st.text(max_size=200))
def test_hiding_nobody_changes_nothing_but_addresses_links_and_handles(text: str) -> None:
    shown = Blinder(Subject()).hide(text)
    assert shown == text or any(sign in fold(text)[0] for sign in ("@", "/", "www."))


def test_words_that_say_nothing_by_themselves_stay() -> None:
    assert {"school", "works", "press", "united"} <= COMMON
    hide = Blinder(Subject(employers=("Danube Printing Works",), places=("United Kingdom",))).hide
    assert hide("The press works at a united school") == "The press works at a united school"
    assert hide("Danube Printing Works of the United Kingdom") == "[employer] of the [place]"
