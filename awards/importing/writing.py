"""Carries out a plan, in a fixed number of statements whatever its size, and records history."""

from collections.abc import Iterable, Sequence

from awards.bulk import copy_awards
from awards.importing.plan import Plan
from awards.models import Award
from charter.models import Area, AreaName, Category
from common import history
from common.actor import Actor
from common.history import Event
from people.models import Person, PersonLink
from people.queries import take_slugs

_BATCH = 2000


def carry_out(plan: Plan, *, by: Actor | None) -> None:
    """Write everything that a plan holds. The caller has opened the transaction."""
    _write_areas(plan)
    _write_people(plan)
    _write_links(plan)
    _write_awards(plan)
    history.record_many(_events(plan, by))


def _write_areas(plan: Plan) -> None:
    """Only areas that an award needs: those of refused records stay out."""
    needed = {id(award.area): award.area for award in _awards(plan) if award.area.pk is None}
    categories = {id(area.category): area.category for area in needed.values() if area.category.pk is None}
    Category.objects.bulk_create(categories.values())
    Area.objects.bulk_create(needed.values())
    AreaName.objects.bulk_create(
        AreaName(area=area, name=area.name, category=area.category, starts=area.starts)
        for area in needed.values()
    )


def _write_people(plan: Plan) -> None:
    if plan.new_people:
        slugs = take_slugs([(person.name, person.latin_name) for person in plan.new_people])
        for person, slug in zip(plan.new_people, slugs, strict=True):
            person.slug = slug
        Person.objects.bulk_create(plan.new_people, batch_size=_BATCH)
    columns = sorted({name for _person, names in plan.changed_people for name in names})
    if columns:
        people = [person for person, _names in plan.changed_people]
        Person.objects.bulk_update(people, columns, batch_size=_BATCH)


def _write_links(plan: Plan) -> None:
    PersonLink.objects.filter(person__in=[person.pk for person, _links in plan.links]).delete()
    PersonLink.objects.bulk_create(
        [
            PersonLink(person=person, kind=kind, url=url, position=position)
            for person, links in plan.links
            for position, (kind, url) in enumerate(links)
        ],
        batch_size=_BATCH,
    )


def _write_awards(plan: Plan) -> None:
    for award in plan.new_awards:
        award.person_id = award.person.pk
    moved = [award for award, columns in plan.changed_awards if "area_id" in columns]
    for award in (*plan.new_awards, *moved):  # places that were made just now have their keys by now
        award.area_id, award.category_id = award.area.pk, award.category.pk
    if plan.new_awards:
        copy_awards(plan.new_awards)
    columns = sorted({name for _award, names in plan.changed_awards for name in names})
    if columns:
        Award.objects.bulk_update(
            [award for award, _names in plan.changed_awards], columns, batch_size=_BATCH
        )


def _awards(plan: Plan) -> Sequence[Award]:
    return [*plan.new_awards, *(award for award, _columns in plan.changed_awards)]


def _events(plan: Plan, by: Actor | None) -> Iterable[Event]:
    source = {"source": plan.source}
    for person in plan.new_people:
        yield Event("person", person.key, "import", by, codes=source)
    for person, columns in plan.changed_people:
        yield Event("person", person.key, "import_changes", by, codes={**source, "fields": columns})
    new = {person.pk for person in plan.new_people}
    for person, _links in plan.links:
        if person.pk not in new:
            yield Event("person", person.key, "import_changes", by, codes={**source, "fields": ["links"]})
    for award in plan.new_awards:
        codes = {**source, "years": [award.first_year, award.last_year], "end_reason": award.end_reason}
        yield Event("award", award.key, "import", by, new=award.state, codes=codes)
    for award, columns in plan.changed_awards:
        codes = {**source, "fields": columns}
        yield Event("award", award.key, "import_changes", by, award.state, award.state, codes)
