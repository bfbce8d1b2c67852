"""Which font prints which sign. A sign that none of them holds would be an empty box, and nobody would be told."""

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from anyascii import anyascii
from fontTools.ttLib import TTFont

_PACKAGES = ("fontpkg_noto_serif", "justmytype_intl_rtl", "justmytype_intl_south_asia", "justmytype_intl_cjk")
_HAN = {
    "JP": "Noto Sans JP",
    "KR": "Noto Sans KR",
    "TW": "Noto Sans TC",
    "HK": "Noto Sans TC",
    "MO": "Noto Sans TC",
}
_OTHERS = (
    "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil",
    "Noto Sans Telugu",
)  # fmt: skip
_ALL_HAN = ("Noto Sans SC", "Noto Sans JP", "Noto Sans TC", "Noto Sans KR")
_KANA, _HANGUL = range(0x3040, 0x3100), range(0xAC00, 0xD7B0)


def folders() -> list[Path]:
    """Where typst looks for fonts: ours, then those of the packages."""
    ours = Path(__file__).resolve().parent / "fonts"
    places = [find_spec(name) for name in _PACKAGES]
    return [ours, *(Path(str(place.origin)).parent for place in places if place and place.origin)]


def families_for(name: str, country: str) -> list[str]:
    """The fonts after those of the site, for a name. One sign of Han has a shape for each country: kana and Hangul say which,
    else the country does, else it is the one of the mainland."""
    first = _HAN.get(country_of(name, country), "Noto Sans SC")
    return [*_OTHERS, first, *(family for family in _ALL_HAN if family != first)]


def unprintable(text: str) -> set[str]:
    """The signs of a text that no font holds; joiners and spaces need none."""
    wanted = {ord(sign) for sign in text if not sign.isspace() and sign not in "\u200c\u200d"}
    for path in _files():
        wanted -= _signs_in(path)
        if not wanted:
            break
    return {chr(sign) for sign in wanted}


def printable(text: str) -> str:
    """The text with signs that no font holds in Latin letters."""
    missing = unprintable(text)
    return "".join(anyascii(sign) if sign in missing else sign for sign in text) if missing else text


@lru_cache(maxsize=10_000)
def file_for(sign: str, country: str) -> Path | None:
    """The file that draws a sign, for who cannot name families: of those with Han the one for the country."""
    wanted = _HAN.get(country, "Noto Sans SC").replace(" ", "")
    han = {family.replace(" ", "") for family in _ALL_HAN}

    def place(path: Path) -> tuple[bool, bool]:
        family = path.name.partition("[")[0]
        return family in han, family != wanted

    upright = (path for path in _files() if "-Italic" not in path.name)
    return next((path for path in sorted(upright, key=place) if ord(sign) in _signs_in(path)), None)


def country_of(name: str, country: str) -> str:
    """Whose shapes of Han a name is set in: kana and Hangul say which, else the country does."""
    signs = {ord(sign) for sign in name}
    if signs & set(_KANA):
        return "JP"
    return "KR" if signs & set(_HANGUL) else country


@cache
def _files() -> tuple[Path, ...]:
    """The small ones first: few names need the ten thousands of signs of the large ones."""
    found = (path for folder in folders() for path in folder.rglob("*.[to]tf"))
    return tuple(sorted(found, key=lambda path: path.stat().st_size))


@lru_cache
def _signs_in(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
