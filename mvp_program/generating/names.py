"""Invents names, cities and employers from ``seeds/names.yaml``: in the scripts that people write themselves."""

import random
from dataclasses import dataclass
from typing import Any

from mvp_program.generating.chance import Weighted
from mvp_program.seeding.reading import Entry, read_entry


@dataclass(frozen=True)
class Name:
    """A name as its owner writes it; ``latin`` is empty where it is in Latin letters already."""

    written: str
    latin: str = ""


@dataclass(frozen=True)
class Country:
    """What one needs to invent somebody from there."""

    cultures: Weighted[str]
    cities: list[str]
    languages: list[str]


LONGER = (
    0.75  # of the family names of a crowd have a part more: there are not a million different ones otherwise
)


class Names:
    """Draws names, each once in a country as long as there are new ones. In a crowd names come again."""

    def __init__(self, chance: random.Random, *, crowd: bool = False) -> None:
        file = read_entry("names").only("cultures", "countries", "employers")
        self._chance = chance
        self._cultures = file.entry("cultures")
        self._employers = file.entry("employers")
        self._crowd = crowd
        self._used: set[str] = set()
        self.countries = {code: _country(row) for code, row in file.entry("countries").items()}

    def name(self, country: str) -> Name:
        if self._crowd:
            return self._invent(self._cultures.entry(self.countries[country].cultures.draw(self._chance)))
        for _attempt in range(20):
            culture = self._cultures.entry(self.countries[country].cultures.draw(self._chance))
            name = self._invent(culture)
            if name.written not in self._used:
                break
        self._used.add(name.written)
        return name

    def city(self, country: str) -> str:
        return self._chance.choice(self.countries[country].cities)

    def employer(self) -> str:
        first, last = (self._chance.choice(self._employers.texts(part)) for part in ("start", "end"))
        return f"{first} {last}"

    def _invent(self, culture: Entry) -> Name:
        gender = self._chance.choice("fm")
        given = self._pick(culture["given"], gender)
        if "family" in culture:
            family = self._pick(culture["family"], gender)
        else:
            start, end = self._pick(culture["start"], gender), self._pick(culture["end"], gender)
            middle = ("", "")
            if self._crowd and self._chance.random() < LONGER:
                more = self._pick(culture["start"], gender)
                middle = (_inside(more[0]), _inside(more[1]))
            family = (start[0] + middle[0] + end[0], start[1] + middle[1] + end[1])
        written = (
            family[0] + culture.get("join", " ") + given[0]
            if culture.get("order") == "family_first"
            else f"{given[0]} {family[0]}"
        )
        latin = f"{given[1]} {family[1]}"
        is_latin = given[0] == given[1] and family[0] == family[1]
        return Name(written, "" if is_latin else latin)

    def _pick(self, options: Any, gender: str) -> tuple[str, str]:
        """``native|Latin`` as a pair; a plain word is both."""
        word = self._chance.choice(options[gender] if isinstance(options, dict) else options)
        written, _bar, latin = word.partition("|")
        return written, latin or written


def _inside(part: str) -> str:
    """The beginning of a name as it stands within one: ``van Hol`` → ``hol``."""
    return part.split()[-1].split("’")[-1].strip("-").lower()


def _country(row: Entry) -> Country:
    row.only("names", "cities", "languages")
    cultures = row.entry("names")
    return Country(
        Weighted(list(cultures), [float(cultures[name]) for name in cultures]),
        row.texts("cities"),
        row.texts("languages"),
    )
