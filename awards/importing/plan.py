"""What would happen to each record of a file, decided before anything is written.

A dry run prints the plan, an import carries it out (``writing.carry_out``). The rules of comparing:

* An empty field in the file empties nothing. Links are replaced as a whole where the file has any.
* Who has an account writes their own profile; of them a file changes awards and a death only. The same holds
  for people whom the office has merged.
* A file may end an award; one that ended, was revoked or given back here it never brings back.
* Who was erased stays erased.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from awards import states
from awards.importing.mappings import Mapping
from awards.importing.matching import Known, Somebody, people_of, recognise
from awards.importing.places import Places
from awards.importing.rows import Refused, Row, read_row
from awards.models import Award
from charter.countries import known_countries
from common import clock
from common.records import Fields
from people import names
from people.models import Person, PersonLink
from people.queries import kept_person

NEW, SAME, CHANGED, REFUSED = "new", "same", "changed", "refused"
_GONE = (states.RESIGNED, states.REVOKED)
_ONE_DAY = dt.timedelta(days=1)

Links = Sequence[tuple[str, str]]


@dataclass
class Fate:
    """What happens to one record, and why; ``fields`` are those that change."""

    line: int
    label: str
    kind: str
    fields: list[str] = field(default_factory=list)
    why: str = ""


@dataclass
class Plan:
    """Every fate in the order of the file, and the rows to write."""

    source: str
    places: Places
    fates: list[Fate] = field(default_factory=list)
    new_people: list[Person] = field(default_factory=list)
    changed_people: list[tuple[Person, list[str]]] = field(default_factory=list)
    links: list[tuple[Person, Links]] = field(default_factory=list)
    new_awards: list[Award] = field(default_factory=list)
    changed_awards: list[tuple[Award, list[str]]] = field(default_factory=list)
    absent: int = 0
    remarks: list[str] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(fate.kind == kind for fate in self.fates)


def make_plan(records: Iterable[Fields], mapping: Mapping) -> Plan:
    """Read the records, recognise their people, compare with the roster. Writes nothing."""
    plan = Plan(mapping.source, Places())
    rows = _read(records, mapping, plan)
    people, repeated = people_of(rows, mapping.source)
    for row, refused in repeated:
        plan.fates.append(_refusal(row.label, refused))
    roster = _Roster(mapping.source)
    recognise(people, roster.known.values())
    planner = _Planner(plan, roster, mapping)
    for somebody in people:
        planner.settle(somebody)
    plan.absent = len(roster.known) - sum(somebody.known is not None for somebody in people)
    plan.fates.sort(key=lambda fate: fate.line)
    return plan


def _read(records: Iterable[Fields], mapping: Mapping, plan: Plan) -> list[Row]:
    spellings = known_countries()
    rows: list[Row] = []
    for record in records:
        try:
            rows.append(_settled_area(read_row(record, mapping, spellings), plan.places))
        except Refused as refused:
            label = record.find(mapping.name)
            plan.fates.append(_refusal(label if isinstance(label, str) else "", refused))
    return rows


def _settled_area(row: Row, places: Places) -> Row:
    """From here on an area goes by its slug."""
    area = places.area(row.area, since=row.starts)
    return replace(row, area=replace(row.area, slug=area.slug))


def _refusal(label: str, refused: Refused) -> Fate:
    return Fate(refused.line, label[:80], REFUSED, why=refused.sentence)


class _Roster:
    """Who came from this source before, with everything that they hold."""

    def __init__(self, source: str) -> None:
        self.people: dict[str, Person] = {}
        self.links: dict[int, Links] = defaultdict(list)
        self.awards: dict[int, list[Award]] = defaultdict(list)  # of a person, from any source
        self.known: dict[str, Known] = {}
        of_source = Award.objects.filter(source=source)
        imported: dict[str, list[Award]] = defaultdict(list)
        for award in of_source.select_related("person__merged_into", "area").order_by("id"):
            imported[award.source_ref.partition("/")[0]].append(award)
        for award in Award.objects.filter(person__in=of_source.values("person")).select_related("area"):
            self.awards[award.person_id].append(award)
        for link in PersonLink.objects.filter(person__in=of_source.values("person")):
            self.links[link.person_id].append((link.kind, link.url))  # type: ignore[attr-defined]
        for reference, awards in imported.items():
            self._know(reference, awards)

    def _know(self, reference: str, awards: list[Award]) -> None:
        person = kept_person(awards[0].person)
        self.people[reference] = person
        self.known[reference] = Known(
            person_id=person.pk,
            reference=reference,
            name=person.name,
            city=person.city,
            years=frozenset(award.first_year for award in awards),
            countries=frozenset(str(award.country) for award in awards if award.country),
            links=frozenset(self.links[person.pk]),
            erased=person.erased_at is not None,
        )


class _Planner:
    """Decides about one person of the file after the other."""

    def __init__(self, plan: Plan, roster: _Roster, mapping: Mapping) -> None:
        self.plan, self.roster, self.mapping = plan, roster, mapping
        self.references = Counter(person.pk for person in roster.people.values())
        self.yesterday = clock.today() - _ONE_DAY

    def settle(self, somebody: Somebody) -> None:
        fates = {id(row): Fate(row.line, row.label, NEW) for row in somebody.rows}
        if somebody.known is None:
            person = self._new_person(somebody)
            held: list[Award] = []
        else:
            person = self.roster.people[somebody.known.reference]
            held = self.roster.awards[person.pk]
        if person.erased_at is not None:
            for fate in fates.values():
                fate.kind, fate.why = SAME, _("erased at their own request")
        else:
            self._awards(somebody, person, held, fates)
            self._profile(somebody, person, fates)
        self.plan.fates.extend(fates.values())

    # the person

    def _new_person(self, somebody: Somebody) -> Person:
        row = somebody.latest
        return Person(
            name=row.name,
            latin_name=row.latin_name,
            country=row.country,
            city=row.city,
            deceased=any(other.deceased for other in somebody.rows),
        )

    def _profile(self, somebody: Somebody, person: Person, fates: dict[int, Fate]) -> None:
        """A new person comes with the first award that goes in; of a known one the latest row tells."""
        row = somebody.latest
        if person.pk is None:
            if any(fate.kind == NEW for fate in fates.values()):
                names.set_name(person, row.name, row.latin_name)
                self.plan.new_people.append(person)
                self.plan.links.append((person, row.links))
            return
        fate = fates[id(row)]
        if fate.kind == REFUSED:
            return
        changes = self._profile_changes(somebody, person, row)
        shown = list(changes)
        if changes.keys() & {"name", "latin_name"}:
            names.set_name(person, row.name, row.latin_name or person.latin_name)
            changes.update(dict.fromkeys(names.NAME_FIELDS))
        for name in changes.keys() & {"country", "city", "deceased"}:
            setattr(person, name, changes[name])
        if "links" in changes:
            del changes["links"]
            self.plan.links.append((person, row.links))
        if changes:
            self.plan.changed_people.append((person, sorted(changes)))
        if shown:
            _mark(fate, shown)

    def _profile_changes(self, somebody: Somebody, person: Person, row: Row) -> dict[str, object]:
        died = any(other.deceased for other in somebody.rows) and not person.deceased
        changes: dict[str, object] = {"deceased": True} if died else {}
        if person.user_id is not None or self.references[person.pk] > 1:
            return changes
        said = {"name": row.name, "latin_name": row.latin_name, "city": row.city, "country": row.country}
        for name, value in said.items():
            if value and value != str(getattr(person, name)):
                changes[name] = value
        if row.links and sorted(row.links) != sorted(self.roster.links[person.pk]):
            changes["links"] = row.links
        return changes

    # the awards

    def _awards(self, somebody: Somebody, person: Person, held: list[Award], fates: dict[int, Fate]) -> None:
        left = {
            award.source_ref.partition("/")[2]: award for award in held if award.source == self.plan.source
        }
        pairs = [(row, left.pop(_award_part(row), None)) for row in somebody.rows]
        counting = [award for award in held if award.state not in _GONE]
        for row, found in sorted(pairs, key=lambda pair: pair[1] is None):
            fate = fates[id(row)]
            award = found or self._moved(row, left)
            if award is None:
                award = self._new_award(row, person, somebody.reference)
                changed = []
            else:
                fate.kind = SAME
                changed = self._award_changes(award, row, f"{somebody.reference}/{_award_part(row)}", fate)
            twin = next((other for other in counting if other is not award and _overlap(other, award)), None)
            if twin is not None and award.state not in _GONE and (fate.kind == NEW or changed):
                fate.kind, fate.fields = REFUSED, []
                fate.why = _("the term overlaps that of %(year)d for the same area.") % {
                    "year": twin.first_year
                }
            elif fate.kind == NEW:
                counting.append(award)
                self.plan.new_awards.append(award)
            elif changed:
                self.plan.changed_awards.append((award, changed))

    def _moved(self, row: Row, left: dict[str, Award]) -> Award | None:
        """An award of this area whose term meets the row's: the file has corrected its year."""
        for key, award in left.items():
            if award.area.slug == row.area.slug and _meet(award.starts, award.ends, row.starts, row.ends):
                return left.pop(key)
        return None

    def _new_award(self, row: Row, person: Person, reference: str) -> Award:
        award = Award(
            person=person, source=self.plan.source, source_ref=f"{reference}/{_award_part(row)}",
            note=row.note, citation=row.citation,
        )  # fmt: skip
        self._set_term(award, row)
        self._set_place(award, row)
        if row.ended and not self._is_over(award):
            self._end(award, row)
        return award

    def _award_changes(self, award: Award, row: Row, reference: str, fate: Fate) -> list[str]:
        """Give the award what the row says; return the columns to write. ``fate`` learns what people call them."""
        shown: list[str] = []
        columns: list[str] = []
        if award.state in _GONE:
            return columns
        if (award.first_year, award.area.slug) != row.award:
            shown += ["year"] * (award.first_year != row.year) + ["area"] * (award.area.slug != row.area.slug)
            self._set_term(award, row, keep_end=bool(award.end_reason))
            self._set_place(award, row)
            columns += ["starts", "ends", "first_year", "last_year", *_PLACE]
        elif row.award_country and row.award_country != str(award.country):
            self._set_place(award, row)
            shown.append("country")
            columns += ["country", "region_id"]
        if row.ended and row.ended != award.end_reason and (award.end_reason or not self._is_over(award)):
            self._end(award, row)
            shown.append("end")
            columns += ["ends", "last_year", "end_reason", "good_standing"]
        elif self.mapping.last_year and not award.end_reason and award.last_year != row.last_year:
            self._set_term(award, row)
            shown.append("last year")
            columns += ["ends", "last_year"]
        for name in ("note", "citation"):
            if getattr(row, name) and getattr(row, name) != getattr(award, name):
                setattr(award, name, getattr(row, name))
                shown.append(name)
                columns.append(name)
        if award.source_ref != reference:
            award.source_ref = reference
            shown = shown or ["reference"]
            columns.append("source_ref")
        if shown:
            _mark(fate, shown)
        return list(dict.fromkeys(columns))

    def _set_term(self, award: Award, row: Row, *, keep_end: bool = False) -> None:
        award.starts, award.first_year = row.starts, row.year
        if keep_end:
            award.ends = max(award.ends, row.starts) if award.ends else None
            award.last_year = max(award.last_year, row.year) if award.last_year else None
        else:
            award.ends, award.last_year = row.ends, row.last_year

    def _set_place(self, award: Award, row: Row) -> None:
        """Area, category, country and region as they were on the first day of the term."""
        award.area = self.plan.places.area(row.area, since=row.starts)
        award.area_name, award.category = self.plan.places.on(row.starts, award.area)
        award.category_name = award.category.name
        award.country = row.award_country or award.country
        award.region_id = self.plan.places.region_id(str(award.country), row.starts)

    def _is_over(self, award: Award) -> bool:
        return award.ends is not None and award.ends <= self.yesterday

    def _end(self, award: Award, row: Row) -> None:
        """The file says that the award ended, not when: the last day is the one before we learned of it."""
        learned_before = bool(award.end_reason)
        award.end_reason, award.good_standing = row.ended, row.good_standing
        if learned_before:
            return
        day = max(min(award.ends or self.yesterday, self.yesterday), award.starts)
        year = day.year - (day.month < self.mapping.starts_in_month)
        award.ends = day
        award.last_year = max(row.year, min(award.last_year or year, year))


_PLACE = ["area_id", "area_name", "category_id", "category_name", "country", "region_id"]


def _award_part(row: Row) -> str:
    """The part of ``source_ref`` that tells apart the awards of one person."""
    return f"{row.year}/{row.area.slug}"


def _mark(fate: Fate, shown: list[str]) -> None:
    if fate.kind == SAME:
        fate.kind = CHANGED
    if fate.kind == CHANGED:
        fate.fields += [name for name in shown if name not in fate.fields]


def _overlap(one: Award, other: Award) -> bool:
    return one.area.slug == other.area.slug and _meet(one.starts, one.ends, other.starts, other.ends)


def _meet(starts: dt.date, ends: dt.date | None, other_starts: dt.date, other_ends: dt.date | None) -> bool:
    return (ends is None or other_starts <= ends) and (other_ends is None or starts <= other_ends)
