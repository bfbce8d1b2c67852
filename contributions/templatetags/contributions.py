"""Contributions in pages."""

from collections.abc import Iterable

from django import template
from django.contrib.messages.storage.base import Message

from contributions import words
from contributions.models import ContributionFacts

register = template.Library()


@register.filter
def metrics(facts: ContributionFacts) -> list[str]:
    return words.metrics(facts)


@register.filter
def misses_reach(facts: ContributionFacts) -> bool:
    return words.misses_reach(facts)


@register.filter
def at_line(messages: Iterable[Message] | None) -> list[Message]:
    """What became of the entries before, to be said where the next one is typed."""
    return [one for one in messages or [] if one.extra_tags == "at-line"]
