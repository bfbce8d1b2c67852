"""Marks in a copy without names, drawn so that one sees what was taken out."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from selection.blinding import ADDRESS, EMPLOYER, HANDLE, LINK, MARKS, NAME, PLACE

register = template.Library()


@register.filter(needs_autoescape=True)
def marked(text: str, autoescape: bool = True) -> SafeString:
    """``[name]`` and the like in the reader's language, each as a mark of its own; everything else is escaped."""
    if "[" not in text:
        return escape(text)
    words = {
        NAME: _("name"), ADDRESS: _("address"), LINK: _("link"), HANDLE: _("handle"), EMPLOYER: _("employer"),
        PLACE: _("place"),
    }  # fmt: skip
    shown = MARKS.sub(lambda found: f'<span class="redact">[{escape(words[found[1]])}]</span>', escape(text))
    return mark_safe(shown)
