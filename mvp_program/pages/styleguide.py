"""The style guide: every component in every state, with content of many scripts.

It is for those who build pages, so its samples are not translated.
"""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict

from common import clock
from mvp_program.pages import styleguide_samples


class SampleForm(forms.Form):
    """One field of each kind, bound to answers of which some are wrong."""

    name = forms.CharField(label="Full name", help_text="As they write it", max_length=200)
    email = forms.EmailField(label="Email", help_text="We ask for their consent before any review")
    area = forms.ChoiceField(
        label="Technology",
        choices=[("", "Choose one"), ("exchange", "Exchange Server"), ("access", "Access")],
    )
    cycle = forms.CharField(
        label="Cycle", help_text="Set by the program office", disabled=True, required=False
    )
    link = forms.URLField(label="Link", required=False, assume_scheme="https")
    file = forms.FileField(label="File", required=False)
    statement = forms.CharField(
        label="Statement", widget=forms.Textarea(attrs={"rows": 3}), min_length=150, max_length=1500
    )
    employee = forms.ChoiceField(
        label="Do they work for the company that makes the technology?",
        choices=[("no", "No"), ("yes", "Yes"), ("unsure", "I am not sure")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="I need",
        choices=[("captions", "Live captions"), ("visa", "A visa letter")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="What I wrote is true", help_text="And I am not paid to write it")


def _sample_form() -> SampleForm:
    answers = {
        "name": "Ilmārs Vītolbergs",
        "email": "ilmars@example",
        "statement": "She waits for the real question.",
        "needs": ["captions"],
    }
    return SampleForm(answers, initial={"cycle": "2005 cycle"}, files=MultiValueDict())


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Says nothing about anybody and asks nothing of the database."""
    year = clock.now().year
    holders = styleguide_samples.HOLDERS
    context = {
        **styleguide_samples.samples(),
        "now": clock.now(),
        "year": year,
        "people": styleguide_samples.people(year),
        "form": _sample_form(),
        "rows_form": SampleForm(auto_id="rows_%s"),
        "quick_form": SampleForm(auto_id="quick_%s"),
        "page": Paginator(range(279), 10).get_page(request.GET.get("page")),
        "young_program": [*zip(range(1993, 2005), holders, strict=True)],
        "grown_program": [(1993 + n, holders[min(n, 11)] + 60 * max(n - 11, 0)) for n in range(year - 1992)],
        "months": [4, 7, 6, 9, 8, 12, 11, 14, 10, 13, 16, 15],
    }
    response = render(request, "styleguide/index.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
