"""The roster's address: what its query string asks, and the same as filters, chips and hints of the page.

Anything may stand in a query string. What is not known is left out and named in a hint.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.conf.locale import LANG_INFO
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as lazy

from awards import roster
from awards.lines import country_names
from awards.models import Award
from awards.queries import viewer_of
from charter.queries import program
from people import names

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
    "language": lazy("Language"),
}
OPEN_AT_FIRST = ("area", "region", "year", "tenure")
TENURE_LABELS = {
    "first-year": lazy("First year"),
    "2-to-4-years": lazy("2 to 4 years"),
    "5-to-9-years": lazy("5 to 9 years"),
    "10-years-or-more": lazy("10 years or more"),
}
SORT_LABELS = {
    "current": lazy("Holders first, by name"),
    "name": lazy("Name"),
    "years": lazy("Most years held"),
    "newest": lazy("Newest first"),
}
IN_OWN_ORDER = ("category", "year", "tenure")
MORE_LABEL = lazy("%(number)s more")
MORE_LABELS = {
    "area": lazy("%(number)s more technologies"),
    "country": lazy("%(number)s more countries"),
    "year": lazy("%(number)s earlier years"),
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

    def clean(self, value: Any) -> tuple[str, ...]:
        typed = list(dict.fromkeys(value or ()))[:ANSWERS_AT_MOST]
        self.unknown = tuple(word for word in typed if word and not self.valid_value(word))
        return tuple(word for word in typed if word and self.valid_value(word))


class SearchText(forms.CharField):
    """Text of a search: cut, without control characters, never refused."""

    def clean(self, value: Any) -> str:
        return names.clean(str(value or ""))[:TEXT_AT_MOST]


class SortField(forms.ChoiceField):
    def clean(self, value: Any) -> str:
        return value if value in SORT_LABELS else "current"


class AnswersFilter(django_filters.Filter):
    field_class = KnownValues


class TextFilter(django_filters.Filter):
    field_class = SearchText


class SortFilter(django_filters.Filter):
    field_class = SortField


class RosterFilter(django_filters.FilterSet):
    """``?q=&category=&area=&region=&country=&year=&tenure=&language=&sort=``; answers may be repeated."""

    q = TextFilter()
    area = AnswersFilter()
    category = AnswersFilter()
    region = AnswersFilter()
    country = AnswersFilter()
    year = AnswersFilter()
    tenure = AnswersFilter()
    language = AnswersFilter()
    sort = SortFilter()

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        super().__init__(data, queryset=Award.objects.none())
        self.program, words = program(), roster.vocabulary()
        self.labels: dict[str, dict[str, Any]] = {
            "area": {slug: area.name for slug, area in words.areas.items()},
            "category": {slug: category.name for slug, category in words.categories.items()},
            "region": {slug: region.name for slug, region in words.regions.items()},
            "country": country_names(get_language() or "en"),
            "year": {
                str(y): str(y) for y in range(self.program.current_year, self.program.first_year - 1, -1)
            },
            "tenure": TENURE_LABELS,
            "language": language_names(get_language() or "en"),
        }
        for question, labels in self.labels.items():
            self.form.fields[question].choices = list(labels.items())
        self.form.is_valid()
        asked = self.form.cleaned_data
        self.search = roster.Search(
            user=user,
            viewer=viewer_of(user),
            current=self.program.current_year,
            words=words,
            text=asked["q"],
            sort=asked["sort"],
            answers={question: asked[question] for question in roster.QUESTIONS},
        )

    def filter_queryset(self, queryset: QuerySet[Award]) -> QuerySet[Award]:
        return roster.matching(self.search)

    @property
    def unknown(self) -> list[str]:
        """What the address asks for and nobody knows, cut to what a hint can say."""
        fields = [self.form.fields[question] for question in roster.QUESTIONS]
        return [word[:40] for field in fields for word in map(names.clean, field.unknown) if word][:5]

    def address(self, question: str = "", answers: Iterable[str] = (), **others: str) -> str:
        """The roster's address with the answers to one question replaced; back to its first page."""
        query = QueryDict(mutable=True)
        for name, value in {**dict(self.kept_by_filters), **others}.items():
            if value:
                query[name] = value
        for name, values in {**self.search.answers, question: tuple(answers)}.items():
            if name and values:
                query.setlist(name, list(values))
        return f"{reverse('awards:roster')}?{query.urlencode()}" if query else reverse("awards:roster")

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        return list(SORT_LABELS.items())

    @property
    def answered(self) -> int:
        """How many answers are chosen."""
        return sum(map(len, self.search.answers.values()))

    @property
    def address_of_holders(self) -> str:
        return self.address("year", [str(self.program.current_year)])

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        """What the search line carries along: answers and order."""
        return [*self._answers(), *self._order()]

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        return [*self._text(), *self._order()]

    @property
    def kept_by_sort(self) -> list[tuple[str, str]]:
        return [*self._text(), *self._answers()]

    def _text(self) -> list[tuple[str, str]]:
        return [("q", self.search.text)] if self.search.text else []

    def _order(self) -> list[tuple[str, str]]:
        return [("sort", self.search.sort)] if self.search.sort != "current" else []

    def _answers(self) -> list[tuple[str, str]]:
        return [(question, answer) for question, answers in self.search.answers.items() for answer in answers]

    def chips(self) -> list[dict[str, str]]:
        """One for each answer and for the text; following it takes that one away."""
        chips = [
            {
                "label": str(self.labels[question][answer]),
                "href": self.address(question, (a for a in answers if a != answer)),
            }
            for question, answers in self.search.answers.items()
            for answer in answers
        ]
        if self.search.text:
            chips.append({"label": f"“{self.search.text}”", "href": self.address(q="")})
        return chips

    def facets(self, counts: dict[str, dict[str, int]]) -> list[Facet]:
        """The questions of the page in their order; those with nothing to choose are left out."""
        facets = [self._facet(question, counts[question]) for question in TITLES]
        return [facet for facet in facets if facet.options]

    def _facet(self, question: str, counts: dict[str, int]) -> Facet:
        chosen, labels = self.search.answers[question], self.labels[question]
        answers = {answer: counts.get(answer, 0) for answer in labels if answer in counts or answer in chosen}
        order = list(answers) if question in IN_OWN_ORDER else sorted(answers, key=lambda a: -answers[a])
        options = [
            {"value": a, "label": labels[a], "count": answers[a], "checked": a in chosen} for a in order
        ]
        first = [o for place, o in enumerate(options) if place < OPTIONS_AT_FIRST or o["checked"]]
        rest = [o for o in options if o not in first]
        is_open = question in OPEN_AT_FIRST or bool(chosen)
        more = MORE_LABELS.get(question, MORE_LABEL) % {"number": len(rest)}
        return Facet(question, str(TITLES[question]), is_open, first, rest, more)


@lru_cache(maxsize=16)
def language_names(language: str) -> dict[str, str]:
    """Language code → its name in a language."""
    with override(language):
        codes = [code for code, info in LANG_INFO.items() if "name" in info]
        return {code: str(get_language_info(code)["name_translated"]) for code in codes}
