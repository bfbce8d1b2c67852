"""Which records are one person, and who of the people known from this source that is. Pure functions.

Two rows are one person where the mapping's ``same_when`` fields agree, unless they contradict each other: two
people of one name. Somebody known is found again by the digest of those fields, kept with each award; failing
that by the name of today and a year in common, or by their links: so a corrected name or year is a change and no
second person.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from awards.importing.rows import Refused, Row, link_key
from common.keys import keyed_digest
from people.names import fold


@dataclass(frozen=True)
class Known:
    """Somebody who came from this source before. ``reference`` is the digest, with a number for namesakes."""

    person_id: int
    reference: str
    name: str
    city: str
    years: frozenset[int]
    countries: frozenset[str]
    links: frozenset[tuple[str, str]]
    erased: bool = False

    @property
    def digest(self) -> str:
        return self.reference.partition(".")[0]

    @property
    def link_keys(self) -> frozenset[str]:
        return frozenset(link_key(url) for _kind, url in self.links)


@dataclass
class Somebody:
    """The rows of one person in the file, and who that is."""

    digest: str
    rows: list[Row] = field(default_factory=list)
    known: Known | None = None
    reference: str = ""

    @property
    def latest(self) -> Row:
        """The row that says how the person is today: that of the last year."""
        return max(self.rows, key=lambda row: (row.year, -row.line))

    @property
    def years(self) -> frozenset[int]:
        return frozenset(row.year for row in self.rows)

    @property
    def link_keys(self) -> frozenset[str]:
        return frozenset().union(*(row.link_keys for row in self.rows))


def digest_of(source: str, identity: str) -> str:
    """What is kept of the identifying fields: a keyed digest, so that an erased name is not kept with it."""
    return keyed_digest("roster", f"{source}\x1f{identity}", length=24)


def people_of(rows: Iterable[Row], source: str) -> tuple[list[Somebody], list[tuple[Row, Refused]]]:
    """The people of a file in its order, and the rows that repeat another one."""
    people: list[Somebody] = []
    repeated: list[tuple[Row, Refused]] = []
    namesakes: dict[str, list[Somebody]] = defaultdict(list)
    for row in rows:
        of_this_name = namesakes[row.identity]
        somebody = next((one for one in of_this_name if not _contradicts(one, row)), None)
        if somebody is None:
            somebody = Somebody(digest_of(source, row.identity))
            of_this_name.append(somebody)
            people.append(somebody)
        twin = next((other for other in somebody.rows if other.award == row.award), None)
        if twin is None:
            somebody.rows.append(row)
        else:
            repeated.append((row, Refused(row.line, _repeats(twin))))
    return people, repeated


def _repeats(twin: Row) -> str:
    return _("the same person, year and area as on line %(line)d.") % {"line": twin.line}


def _contradicts(somebody: Somebody, row: Row) -> bool:
    """True if nobody can be both: in one year of two countries, or with other addresses at the same places."""
    return any(_two_people(other, row) for other in somebody.rows if other.year == row.year)


def _two_people(one: Row, other: Row) -> bool:
    if one.link_keys & other.link_keys:
        return False
    if one.award_country and other.award_country and one.award_country != other.award_country:
        return True
    kinds = {kind for kind, _url in one.links} & {kind for kind, _url in other.links}
    return bool(kinds)


def recognise(people: Sequence[Somebody], known: Iterable[Known]) -> None:
    """Say of each person in the file who that is, and under which reference they go from now on."""
    left: dict[str, list[Known]] = defaultdict(list)
    for one in sorted(known, key=lambda one: (len(one.reference), one.reference)):
        left[one.digest].append(one)
    numbers = {one.reference for group in left.values() for one in group}
    for digest, namesakes in _by_digest(people).items():
        _pair(namesakes, left[digest])
    _find_elsewhere([one for one in people if one.known is None], [one for g in left.values() for one in g])
    for somebody in people:
        somebody.reference = _reference(somebody, numbers)
        numbers.add(somebody.reference)


def _by_digest(people: Iterable[Somebody]) -> dict[str, list[Somebody]]:
    groups: dict[str, list[Somebody]] = defaultdict(list)
    for somebody in people:
        groups[somebody.digest].append(somebody)
    return groups


def _pair(namesakes: list[Somebody], known: list[Known]) -> None:
    """One and one are the same. Of several each goes to whom it is nearest to; ``known`` keeps who is left."""
    if len(namesakes) == len(known) == 1:
        namesakes[0].known = known.pop()
        return
    pairs = sorted(
        (
            (_nearness(somebody, one), -place, somebody, one)
            for somebody in namesakes
            for place, one in enumerate(known)
        ),
        key=lambda pair: pair[:2],
        reverse=True,
    )
    for nearness, _place, somebody, one in pairs:
        if nearness and somebody.known is None and one in known:
            somebody.known = one
            known.remove(one)


def _nearness(somebody: Somebody, one: Known) -> int:
    rows = somebody.rows
    return (
        100 * len(somebody.link_keys & one.link_keys)
        + 10 * any(row.award_country in one.countries for row in rows if row.award_country)
        + 5 * any(fold(row.city) == fold(one.city) for row in rows if row.city)
        + any(row.year in one.years for row in rows)
    )


def _find_elsewhere(people: Sequence[Somebody], known: Sequence[Known]) -> None:
    """Look for a corrected name or year among those whom the file does not name; only where it is unique."""
    by_clue: dict[tuple[str, object], set[Known]] = defaultdict(set)
    for one in known:
        if not one.erased:
            for clue in _clues(one.name, one.years, one.link_keys):
                by_clue[clue].add(one)
    claims: dict[Known, list[Somebody]] = defaultdict(list)
    for somebody in people:
        clues = _clues(somebody.latest.name, somebody.years, somebody.link_keys)
        maybe: set[Known] = set().union(*(by_clue.get(clue, set()) for clue in clues))
        found = [one for one in maybe if _is_same(somebody, one)]
        if len(found) == 1:
            claims[found[0]].append(somebody)
    for one, claimants in claims.items():
        if len(claimants) == 1:
            claimants[0].known = one


def _clues(name: str, years: Iterable[int], links: Iterable[str]) -> list[tuple[str, object]]:
    """Two that are the same share the name and a year, or the name and a link, or a link and a year."""
    key = fold(name)
    return [
        *((key, year) for year in years),
        *((key, link) for link in links),
        *((link, year) for link in links for year in years),
    ]


def _is_same(somebody: Somebody, one: Known) -> bool:
    """Same name; or another name, and most of the links of the kinds that both have agree.

    A couple may share a website and a year: one link alone says little.
    """
    if fold(somebody.latest.name) == fold(one.name):
        return True
    here = {kind: link_key(url) for row in somebody.rows for kind, url in row.links}
    there = {kind: link_key(url) for kind, url in one.links}
    both = here.keys() & there.keys()
    return 2 * sum(here[kind] == there[kind] for kind in both) > len(both)


def _reference(somebody: Somebody, taken: set[str]) -> str:
    """The digest of the identity, for a second namesake with ``.2``."""
    if somebody.known and somebody.known.digest == somebody.digest:
        return somebody.known.reference
    number = 1
    while (reference := somebody.digest if number == 1 else f"{somebody.digest}.{number}") in taken:
        number += 1
    return reference
