"""What the office fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import LineField, ProseField

LONGEST_TEXT = 60_000


class ContentForm(forms.Form):
    """The text of one page in one language. ``shown``: the number of the version that it was begun from."""

    title = LineField(label=_("Title"), max_length=120)
    lead = LineField(label=_("What the page is about, in a sentence"), max_length=300, required=False)
    body = ProseField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        rows=24,
        help_text=_(
            "Markdown: # heading, ## smaller heading, **strong**, - list, 1. numbered list, [words](address), "
            "tables with |. HTML is shown as it is typed."
        ),
    )
    note = LineField(
        label=_("What changed"),
        max_length=200,
        required=False,
        help_text=_("For those who compare versions later."),
    )
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
