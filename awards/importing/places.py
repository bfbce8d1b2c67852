"""Areas, categories and regions of the site, read once; areas that a file brings along are made on the way."""

import datetime as dt
from collections import defaultdict

from awards.importing.mappings import AreaChoice
from charter.models import Area, AreaName, Category, RegionCountry
from people.names import romanise


class Places:
    """Answers for a whole file. What is new is unsaved and lies in ``new_categories`` and ``new_areas``."""

    def __init__(self) -> None:
        self.new_categories: list[Category] = []
        self.new_areas: list[Area] = []
        self._categories = {category.slug: category for category in Category.objects.all()}
        self._areas = {area.slug: area for area in Area.objects.select_related("category")}
        self._by_name = {_spoken(area.name): area for area in self._areas.values()}
        self._names: dict[int, list[AreaName]] = defaultdict(list)
        for name in AreaName.objects.select_related("area__category", "category").order_by("starts"):
            self._names[name.area_id].append(name)
            self._by_name.setdefault(_spoken(name.name), self._areas[name.area.slug])
        self._regions: dict[str, list[RegionCountry]] = defaultdict(list)
        for row in RegionCountry.objects.all():
            self._regions[str(row.country)].append(row)

    def area(self, choice: AreaChoice, *, since: dt.date) -> Area:
        """The area meant, by its slug or else by any of its names; a new one begins with its first award."""
        key = _spoken(choice.name)
        area = self._areas.get(choice.slug) if choice.slug else self._by_name.get(key)
        if area is None:
            area = self._new_area(choice, since)
            self._by_name.setdefault(key, area)
        elif area.pk is None:
            area.starts = min(area.starts, since)
        return area

    def _new_area(self, choice: AreaChoice, since: dt.date) -> Area:
        area = Area(
            slug=choice.slug or self._free_slug(choice.name),
            name=choice.name,
            category=self._category(choice),
            starts=since,
        )
        self._areas[area.slug] = area
        self.new_areas.append(area)
        return area

    def _free_slug(self, name: str) -> str:
        base = romanise(name).replace(" ", "-")[:60].strip("-") or "area"
        slug, number = base, 1
        while slug in self._areas:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _category(self, choice: AreaChoice) -> Category:
        category = self._categories.get(choice.category_slug)
        if category is None:
            category = Category(slug=choice.category_slug, name=choice.category_name)
            self._categories[category.slug] = category
            self.new_categories.append(category)
        return category

    def on(self, day: dt.date, area: Area) -> tuple[str, Category]:
        """What the area was called that day, and its category; before its first name that one."""
        names = self._names.get(area.pk, []) if area.pk else []
        for name in names:
            if name.starts <= day and (name.ends is None or day <= name.ends):
                return name.name, name.category
        if names and day < names[0].starts:
            return names[0].name, names[0].category
        return area.name, area.category

    def region_id(self, country: str, day: dt.date) -> int | None:
        """The region to which a country belonged that day."""
        for row in self._regions.get(country, []):
            if row.starts <= day and (row.ends is None or day <= row.ends):
                return row.region_id
        return None


def _spoken(name: str) -> str:
    """A name as it is compared. Signs count: C# is not C++."""
    return " ".join(name.casefold().split())
