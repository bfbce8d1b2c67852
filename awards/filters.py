"""The roster's address: what its query string asks, and the same as filters, chips and hints of the page.

Anything may stand in a query string. What is not known is left out and named in a hint.
"""

from collections.abc import Container, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as lazy

from awards import roster
from awards.facets import QUESTIONS
from awards.lines import country_names
from awards.loading import Loaded
from awards.models import Award
from awards.search import Search
from common.languages import language_names, named, names_version
from people import names
from people.models import Visibility

ANSWERS_AT_MOST = 30  # of one question
OPTIONS_AT_FIRST = 7  # the others lie folded below them
TEXT_AT_MOST = 200

TITLES = {
    "area": lazy("Technology"),
    "category": lazy("Award category"),
    "region": lazy("Region"),
    "country": lazy("Country"),
    "year": lazy("Award year"),
    "tenure": lazy("Years held"),
    "standing": lazy("Standing"),
    "language": lazy("Language"),
}
OPEN_AT_FIRST = ("area", "region", "year", "tenure")
TENURE_LABELS = {
    "first-year": lazy("First year"),
    "2-to-4-years": lazy("2 to 4 years"),
    "5-to-9-years": lazy("5 to 9 years"),
    "10-years-or-more": lazy("10 years or more"),
}
STANDING_LABELS = {
    "holders": lazy("Hold it now"),
    "alumni": lazy("Alumni"),
    "in-memoriam": lazy("In memoriam"),
}
SORT_LABELS = {
    "current": lazy("Holders first, by name"),
    "name": lazy("Name"),
    "years": lazy("Most years held"),
    "newest": lazy("Newest first"),
}
VIEWS = ("list", "map")
VIEW_LABELS = {"list": lazy("List"), "map": lazy("Map")}
IN_OWN_ORDER = ("category", "year", "tenure", "standing")
MORE_LABEL = ngettext_lazy("%(number)s more", "%(number)s more", "number")
MORE_LABELS = {
    "area": ngettext_lazy("%(number)s more technology", "%(number)s more technologies", "number"),
    "country": ngettext_lazy("%(number)s more country", "%(number)s more countries", "number"),
    "year": ngettext_lazy("%(number)s earlier year", "%(number)s earlier years", "number"),
}


@dataclass(frozen=True)
class Facet:
    """One question of the page: ``options`` and ``rest`` are ``{value, label, count, checked}``."""

    name: str
    title: str
    is_open: bool
    options: list[dict[str, Any]]
    rest: list[dict[str, Any]]
    more: str


class KnownValues(forms.MultipleChoiceField):
    """Values of one question: those that are known, each once; ``unknown`` are the others."""

    widget = forms.MultipleHiddenInput
    unknown: tuple[str, ...] = ()
    known: Container[str] = ()

    def clean(self, value: Any) -> tuple[str, ...]:
        typed = list(dict.fromkeys(value or ()))[:ANSWERS_AT_MOST]
        self.unknown = tuple(word for word in typed if word and word not in self.known)
        return tuple(word for word in typed if word in self.known)


class SearchText(forms.CharField):
    """Text of a search: cut, without control characters, never refused."""

    def clean(self, value: Any) -> str:
        return names.clean(str(value or "")[: 4 * TEXT_AT_MOST])[:TEXT_AT_MOST]


class OneOf(forms.CharField):
    """One of a few words, else the first of them."""

    def __init__(self, *, among: Sequence[str], **given: Any) -> None:
        super().__init__(**given)
        self.among = among

    def clean(self, value: Any) -> str:
        return value if value in self.among else self.among[0]


class RosterField(django_filters.Filter):
    """Names a field of the form; what was found comes from memory, so nothing else of it is ever used."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> "RosterField":
        return copy(self)  # each request copies all of them


class AnswersFilter(RosterField):
    field_class = KnownValues


class TextFilter(RosterField):
    field_class = SearchText


class OneOfFilter(RosterField):
    field_class = OneOf


class RosterFilter(django_filters.FilterSet):
    """The roster's address, with ``view`` list or map. Answers may be repeated."""

    q = TextFilter()
    area = AnswersFilter()
    category = AnswersFilter()
    region = AnswersFilter()
    country = AnswersFilter()
    year = AnswersFilter()
    tenure = AnswersFilter()
    standing = AnswersFilter()
    language = AnswersFilter()
    sort = OneOfFilter(among=tuple(SORT_LABELS))
    view = OneOfFilter(among=VIEWS)

    def __init__(self, data: QueryDict, *, viewer: Visibility, loaded: Loaded) -> None:
        super().__init__(data, queryset=Award.objects.none())
        self.program, self.labels = loaded.program, labels_of(loaded)
        for question, labels in self.labels.items():
            self.form.fields[question].known = labels
        self.form.is_valid()
        asked = self.form.cleaned_data
        self.view = asked["view"]
        self.search = Search(
            viewer=viewer,
            loaded=loaded,
            text=asked["q"],
            sort=asked["sort"],
            answers={question: asked[question] for question in QUESTIONS},
        )

    def get_form_class(self) -> type[forms.Form]:
        """The same one each time: making a class costs more than filling it."""
        return _form_class()

    @property
    def unknown(self) -> list[str]:
        """What the address asks for and nobody knows, cut to what a hint can say."""
        fields = [self.form.fields[question] for question in QUESTIONS]
        return [word[:40] for field in fields for word in map(names.clean, field.unknown) if word][:5]

    def address(
        self, question: str = "", answers: Iterable[str] = (), *, of: str = "awards:roster", **others: str
    ) -> str:
        """The roster's address with the answers to one question replaced; back to its first page."""
        query = self.query(question, answers, **others)
        return f"{reverse(of)}?{query.urlencode()}" if query else reverse(of)

    def query(self, question: str = "", answers: Iterable[str] = (), **others: str) -> QueryDict:
        """What is asked as a query string says it; what is not known is left out."""
        query = QueryDict(mutable=True)
        for name, value in {**dict([*self._text(), *self._order(), *self._view()]), **others}.items():
            if value:
                query[name] = value
        for name, values in {**self.search.answers, question: tuple(answers)}.items():
            if name and values:
                query.setlist(name, list(values))
        return query

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        return list(SORT_LABELS.items())

    @property
    def answered(self) -> int:
        """How many answers are chosen."""
        return sum(map(len, self.search.answers.values()))

    @property
    def address_of_holders(self) -> str:
        return self.address("standing", ["holders"])

    @property
    def address_of_csv(self) -> str:
        return self.address(of="awards:roster_csv", view="")

    def address_in(self, country: str) -> str:
        """The list of those who were found in one country."""
        return self.address("country", [country], view="")

    def views(self) -> list[dict[str, Any]]:
        """The tabs: list and map."""
        return [
            {
                "label": VIEW_LABELS[view],
                "href": self.address(view=view if view != VIEWS[0] else ""),
                "current": view == self.view,
            }
            for view in VIEWS
        ]

    def years(self) -> list[tuple[str, bool]]:
        """Every award year, the newest first, and whether it alone is chosen."""
        return [(year, self.search.answers["year"] == (year,)) for year in self.labels["year"]]

    @property
    def has_one_year(self) -> bool:
        """At most one year is chosen, so that it can be switched; several are changed one by one."""
        return len(self.search.answers["year"]) < 2

    def ways_out(self, instead: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
        """For a search that found nobody: each question that may be dropped, or the text, and how many that finds."""
        return [
            {"title": TITLES[question], "href": self.address(question), "people": people}
            if question
            else {"title": self.search.text, "href": self.address(q=""), "people": people}
            for question, people in instead
        ]

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        """What the search line carries along: answers, order and view."""
        return [*self._answers(), *self._order(), *self._view()]

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        return [*self._text(), *self._order(), *self._view()]

    @property
    def kept_by_sort(self) -> list[tuple[str, str]]:
        return [*self._text(), *self._answers(), *self._view()]

    @property
    def kept_by_years(self) -> list[tuple[str, str]]:
        return [kept for kept in [*self.kept_by_sort, *self._order()] if kept[0] != "year"]

    def _view(self) -> list[tuple[str, str]]:
        return [("view", self.view)] if self.view != VIEWS[0] else []

    def _text(self) -> list[tuple[str, str]]:
        return [("q", self.search.text)] if self.search.text else []

    def _order(self) -> list[tuple[str, str]]:
        return [("sort", self.search.sort)] if self.search.sort != "current" else []

    def _answers(self) -> list[tuple[str, str]]:
        return [(question, answer) for question, answers in self.search.answers.items() for answer in answers]

    def chips(self) -> list[dict[str, str]]:
        """One for each answer and for the text; following it takes that one away."""
        here, pieces = reverse("awards:roster"), self.query().urlencode().split("&")
        first = len(pieces) - self.answered  # the answers stand last
        chips = []
        for place, (question, answer) in enumerate(self._answers(), start=first):
            others = "&".join(pieces[:place] + pieces[place + 1 :])
            label = str(self.labels[question][answer])
            chips.append({"label": label, "href": f"{here}?{others}" if others else here})
        if self.search.text:
            chips.append({"label": f"“{self.search.text}”", "href": self.address(q="")})
        return chips

    def facets(self, counts: dict[str, dict[str, int]]) -> list[Facet]:
        """The questions of the page in their order; those with nothing to choose are left out.

        Where nothing was counted, all that anybody ever answered can be chosen.
        """
        facets = [self._facet(question, counts.get(question)) for question in TITLES]
        return [facet for facet in facets if facet.options]

    def _facet(self, question: str, counts: dict[str, int] | None) -> Facet:
        chosen, labels = self.search.answers[question], self.labels[question]
        known = roster.everybodys_counts(self.search)[question] if counts is None else counts
        answers = [answer for answer in labels if answer in known or answer in chosen]
        if question not in IN_OWN_ORDER:
            answers.sort(key=lambda answer: -known.get(answer, 0))
        numbers = dict.fromkeys(answers) if counts is None else {a: counts.get(a, 0) for a in answers}
        options = [
            {"value": a, "label": labels[a], "count": numbers[a], "checked": a in chosen} for a in answers
        ]
        first = [o for place, o in enumerate(options) if place < OPTIONS_AT_FIRST or o["checked"]]
        rest = [o for o in options[OPTIONS_AT_FIRST:] if not o["checked"]]
        is_open = question in OPEN_AT_FIRST or bool(chosen)
        more = MORE_LABELS.get(question, MORE_LABEL) % {"number": len(rest)}
        return Facet(question, str(TITLES[question]), is_open, first, rest, more)


@cache
def _form_class() -> type[forms.Form]:
    fields = {name: one.field for name, one in RosterFilter.base_filters.items()}
    return type("RosterForm", (forms.Form,), fields)


def labels_of(loaded: Loaded) -> dict[str, dict[str, Any]]:
    """Question → answer → what a page calls it, in the language of the page."""
    language = get_language() or "en"
    kept, key = loaded.remembered, ("labels", language, names_version(language))
    if key not in kept:
        words, now = loaded.words, loaded.program
        kept[key] = {
            "area": {slug: named(area.name) for slug, area in words.areas.items()},
            "category": {slug: named(category.name) for slug, category in words.categories.items()},
            "region": {slug: named(region.name) for slug, region in words.regions.items()},
            "country": country_names(language),
            "year": {str(year): str(year) for year in range(now.current_year, now.first_year - 1, -1)},
            "tenure": {name: str(label) for name, label in TENURE_LABELS.items()},
            "standing": {name: str(label) for name, label in STANDING_LABELS.items()},
            "language": language_names(language),
        }
    return kept[key]
