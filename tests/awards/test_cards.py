"""The picture beside a shared link: a name in any script is drawn, letter by letter."""

import functools
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from awards import cards
from tests.awards.test_papers import NAMES

CARD = cards.Card("MVP award", "", "Servers", "Holds it", (2001, 2003), 1999, 2004)
NAME_AREA = (0, 150, 1200, 290)


@functools.cache
def name_drawn(name: str, country: str = "") -> Image.Image:
    card = replace(CARD, name=name, country=country)
    return cards.picture_of(card).convert("L").crop(NAME_AREA)


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_in_every_script_is_drawn_to_its_last_letter(name: str) -> None:
    assert cards.can_be_set(name)
    assert differ(name_drawn(name), name_drawn(""))
    assert differ(name_drawn(name), name_drawn(name[:-1]))
    assert differ(name_drawn(name), name_drawn(name[1:]))


def test_a_letter_that_no_font_has_is_known_beforehand() -> None:
    assert not cards.can_be_set("ተስፋዬ")
    assert not differ(name_drawn("ተስፋዬ"), name_drawn(""))


def ink(name: str) -> list[int]:
    """The columns in which the name leaves anything."""
    blank, drawn = name_drawn(""), name_drawn(name)
    lines = ImageChops.difference(drawn, blank).resize((drawn.width, 1), Image.Resampling.BOX).tobytes()
    return [place for place, dark in enumerate(lines) if dark]


def test_arabic_begins_at_the_right() -> None:
    first, second, both = ink("محمد"), ink("الفاسي الفاسي"), ink("محمد الفاسي الفاسي")
    gap = max(range(1, len(both)), key=lambda n: both[n] - both[n - 1] if both[n] > both[-1] - 400 else 0)
    assert abs((both[-1] - both[gap]) - (first[-1] - first[0])) <= 3
    assert abs((both[gap - 1] - both[0]) - (second[-1] - second[0])) <= 3


def test_one_sign_of_han_has_the_shape_of_its_country() -> None:
    assert differ(name_drawn("直", "JP"), name_drawn("直", "CN"))


def test_a_long_name_stays_on_the_picture() -> None:
    drawn = name_drawn("霧沢部" * 60)
    assert not differ(drawn.crop((1125, 0, 1200, 140)), name_drawn("").crop((1125, 0, 1200, 140)))
