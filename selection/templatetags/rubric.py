"""The scale of a criterion, which every case of a stage shows again."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def scale(score: dict[str, Any]) -> SafeString:
    """One of ``ReviewForm.scores()`` as radio buttons with the anchors, drawn once for the same mark and words."""
    given = tuple(
        (name, str(score[name])) for name in ("name", "label", "weight", "lowest", "highest", "error")
    )
    return _scale(given, tuple(score["marks"]), get_language())


@lru_cache(maxsize=512)
def _scale(given: tuple[tuple[str, str], ...], marks: tuple[Any, ...], _language: str | None) -> SafeString:
    return render_to_string("selection/scale.html", {**dict(given), "marks": marks})
