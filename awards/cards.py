"""The picture that stands beside a link to somebody's page: name, technology and the ribbon of award years. Pure.

1200 × 630 pixels, as Open Graph has it. The site's own fonts have Latin letters; those of the papers draw other scripts, shaped and
from right to left where that is how they are written.
"""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from awards.papers import fonts
from common import ribbon

SIZE = (1200, 630)
_MARGIN, _WIDTH = 80, 1040
_PAPER, _INK, _MUTED = "#f6f7f9", "#14202e", "#5b6877"
_STRIPES = {"gap": "#dfe5eb", "held": "#1b4a9b", "first": "#5284da", "fifth": "#b8790a"}
_WEIGHTS = {"gelasio": 500, "public-sans": 450}
_FEATURES = ["-kern"]  # Public Sans kerns a dash between spaces almost shut
_FONTS = Path(__file__).resolve().parent.parent / "mvp_program" / "static" / "fonts"


@dataclass(frozen=True)
class Card:
    """What is drawn; ``name`` may be empty. ``country`` (ISO code) says which shapes of Han it has."""

    program: str
    name: str
    line: str
    standing: str
    years: tuple[int, ...]
    first_year: int
    current: int
    country: str = ""


def draw(card: Card) -> bytes:
    """A PNG of few colours: it is fetched once by whoever shows the link."""
    file = io.BytesIO()
    picture_of(card).quantize(128).save(file, "PNG", optimize=True)
    return file.getvalue()


def picture_of(card: Card) -> Image.Image:
    picture = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    _ribbon(pen, card)
    _text(pen, (_MARGIN, 78), card.program, "public-sans", 34, _MUTED)
    if card.name:
        country = fonts.country_of(card.name, card.country)
        _text(pen, (_MARGIN, 160), card.name, "gelasio", 92, _INK, country)
    _text(pen, (_MARGIN, 300), card.line, "public-sans", 40, _MUTED)
    _text(pen, (_MARGIN, 366), card.standing, "public-sans", 34, _INK)
    return picture


def can_be_set(text: str) -> bool:
    """Some font has every letter of it."""
    return all(letter.isspace() or _font_of(letter, "gelasio", 20, "") is not None for letter in text)


def _ribbon(pen: ImageDraw.ImageDraw, card: Card) -> None:
    years = ribbon.every_year(card.years, start=card.first_year, current=card.current)
    step = _WIDTH / len(years)
    gap = 4 if len(years) < 40 else 2
    for place, year in enumerate(years):
        left = _MARGIN + place * step
        pen.rectangle((left, 450, left + step - gap, 530), fill=_STRIPES[year.kind])
    _text(pen, (_MARGIN, 546), str(years[0].year), "public-sans", 26, _MUTED)
    last = str(years[-1].year)
    _text(
        pen, (_MARGIN + _WIDTH - int(_length(last, "public-sans", 26)), 546), last, "public-sans", 26, _MUTED
    )


def _text(
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    family: str,
    size: int,
    ink: str,
    country: str = "",
) -> None:
    """One line, smaller where it is too long, cut where it is far too long. All its fonts stand on one line."""
    while size > 28 and _length(text, family, size, country) > _WIDTH:
        size -= 4
    while text and _length(text, family, size, country) > _WIDTH:
        text = text[:-2].rstrip() + "…"
    left, top = place
    line = top + _font(family, "latin", size).getmetrics()[0]
    for run, font in _runs(text, family, size, country):
        pen.text((left, line), run, font=font, fill=ink, features=_FEATURES, anchor="ls")
        left += int(font.getlength(run, features=_FEATURES))


def _length(text: str, family: str, size: int, country: str = "") -> float:
    return sum(font.getlength(run, features=_FEATURES) for run, font in _runs(text, family, size, country))


def _runs(text: str, family: str, size: int, country: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Parts that one font file can set; letters that none has are left out. A space stays with the word before it, so that
    two words of Arabic are one part and stand in their order."""
    runs: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for letter in text:
        if letter.isspace() and runs:
            runs[-1] = (runs[-1][0] + letter, runs[-1][1])
            continue
        font = _font_of(letter, family, size, country)
        if font is None:
            continue
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + letter, font)
        else:
            runs.append((letter, font))
    return runs


@cache
def _font(family: str, part: str, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_FONTS / f"{family}-{part}-wght-normal.woff2"), size)
    font.set_variation_by_axes([_WEIGHTS[family]])
    return font


@cache
def _other_font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A font of another script at the weight of names; its width stays as it is."""
    font = ImageFont.truetype(str(path), size)
    axes = font.get_variation_axes()
    weight = _WEIGHTS["gelasio"]
    font.set_variation_by_axes(
        [weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes]
    )
    return font


@cache
def _missing(family: str, part: str) -> bytes:
    """What a font draws for what it has not."""
    return bytes(_font(family, part, 20).getmask("\U0010fffd"))


@cache
def _part_of(letter: str, family: str) -> str:
    for part in ("latin", "latin-ext"):
        if letter.isspace() or bytes(_font(family, part, 20).getmask(letter)) != _missing(family, part):
            return part
    return ""


def _font_of(letter: str, family: str, size: int, country: str) -> ImageFont.FreeTypeFont | None:
    if part := _part_of(letter, family):
        return _font(family, part, size)
    path = fonts.file_for(letter, country)
    return _other_font(path, size) if path else None
