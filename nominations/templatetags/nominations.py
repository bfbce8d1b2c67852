"""Nominations in pages."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Mapping[str, Any], key: str) -> Any:
    """``values[key]``, or nothing."""
    return values.get(key)
