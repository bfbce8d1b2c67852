"""Contributions in pages."""

from django import template

from contributions import words
from contributions.models import ContributionFacts

register = template.Library()


@register.filter
def metrics(facts: ContributionFacts) -> list[str]:
    return words.metrics(facts)


@register.filter
def misses_reach(facts: ContributionFacts) -> bool:
    return words.misses_reach(facts)
