"""Which part of one's log is shown. What cannot be read in an address shows everything."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.languages import named
from contributions.queries import Counts
from people.models import Visibility


class LogFilter(forms.Form):
    """Year, type and who sees it, each with the number of entries beside it."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Type"), required=False)
    seen = forms.ChoiceField(label=_("Who sees it"), required=False)
    gap = forms.ChoiceField(
        label=_("What is missing"),
        required=False,
        choices=[
            ("", _("Show all")),
            ("reach", _("Reach")),
            ("link", _("Link")),
            ("dead", _("An answer from its link")),
        ],
    )

    def __init__(self, data: Any, counts: Counts) -> None:
        super().__init__(data)
        years: Any = self.fields["year"]
        years.choices = [("", _("All years")), *((y, f"{y} ({n})") for y, n in counts.years.items())]
        kinds: Any = self.fields["kind"]
        kinds.choices = [
            ("", _("All types")),
            *((code, f"{named(name)} ({n})") for code, name, n in counts.types),
        ]
        seen: Any = self.fields["seen"]
        seen.choices = [("", _("All")), *Visibility.choices]

    def chosen(self) -> dict[str, Any]:
        """``{"year": 2004, "kind": "article", "seen": "", "gap": ""}``."""
        self.is_valid()
        return {"year": None, "kind": "", "seen": "", "gap": ""} | getattr(self, "cleaned_data", {})
