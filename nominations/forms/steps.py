"""What each step of a nomination asks."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from charter.models import Cycle
from charter.queries import areas_to_choose_from
from common.fields import LineField, LinkField, LongChoiceField, LongSelect, ProseField, set_on
from common.languages import named
from nominations import eligibility
from people.models import Person
from people.queries import confirmed_address_of, normalise_email

LINKS_AT_MOST, LINKS_SHOWN = 8, 3

RELATIONS = {
    "helped": (_("They helped me or people I know"), _("In a forum, a user group, a project")),
    "together": (_("We organise or write together"), ""),
    "work": (_("We work for the same employer"), _("Allowed, and reviewers are told")),
    "family": (_("We are family or partners"), _("Please ask somebody else to nominate")),
    "self": (_("It is me"), ""),
}

LINK_KINDS = {
    "list": _("Newsgroup or list"),
    "article": _("Article or guide"),
    "talk": _("Talk or user group"),
    "code": _("Code"),
    "other": _("Something else"),
}

EMPLOYEE = {
    "no": (_("No"), ""),
    "yes": (_("Yes"), _("Employees cannot be nominated")),
    "unsure": (_("I am not sure"), _("We will ask them")),
}

ADULT = {
    "yes": (_("Yes, as far as I know"), ""),
    "no": (_("No"), _("They can be nominated once they are 18")),
    "unsure": (_("I am not sure"), _("We will ask them")),
}

_with_hint = lazy(format_html, SafeString)


def _hinted(choices: Mapping[str, tuple[Any, Any]]) -> list[tuple[str, Any]]:
    """Choices whose words have a quiet second line."""
    line = '{}<span class="choice__hint">{}</span>'
    return [
        (value, _with_hint(line, words, hint) if hint else words) for value, (words, hint) in choices.items()
    ]


class AboutForm(forms.Form):
    """Who nominates. Somebody who is signed in cannot be somebody else."""

    name = LineField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("Your email"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    employer = LineField(
        label=_("Employer"),
        max_length=160,
        required=False,
        help_text=_("Keeps your colleagues from reviewing this case"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = LongChoiceField(label=_("Country"), widget=LongSelect(attrs={"autocomplete": "country"}))
    relation = forms.ChoiceField(
        label=_("How do you know the person?"), choices=_hinted(RELATIONS), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, cycle: Cycle, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_on(self, "country", choices=country_choices())
        self.fields["employer"].required = cycle.different_employer_required
        if not cycle.self_nomination:
            relations = {value: words for value, words in RELATIONS.items() if value != "self"}
            set_on(self, "relation", choices=_hinted(relations))
        if person is not None and (address := confirmed_address_of(person)):
            works = person.employers.filter(ends=None).order_by("-id").first()
            known = {"employer": works.name if works else "", "country": str(person.country)}
            self.initial = {**known, **self.initial, "name": person.name, "email": address}
            for name in ("name", "email"):
                self.fields[name].disabled = True

    def clean_relation(self) -> str:
        relation = str(self.cleaned_data["relation"])
        if relation == "family":
            raise forms.ValidationError(_("Please ask somebody else to nominate a member of your family."))
        return relation


class PersonForm(forms.Form):
    """Who is nominated, and why."""

    nominee_name = LineField(
        label=_("Full name"),
        max_length=200,
        help_text=_("As they write it, accents included"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    nominee_email = forms.EmailField(
        label=_("Email"),
        help_text=_("We ask for their consent before any review"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write the whole address, such as name@example.org.")},
    )
    area = LongChoiceField(
        label=_("Technology"),
        help_text=_("One per nomination, the one they help with most"),
        error_messages={
            "invalid_choice": _(
                "This technology is no longer open for nominations. Please choose another one."
            )
        },
    )
    nominee_country = LongChoiceField(label=_("Country"), help_text=_("Where they live now"))
    employee = forms.ChoiceField(
        label=_("Does this person work for the company that makes the technology?"),
        choices=_hinted(EMPLOYEE),
        widget=forms.RadioSelect,
    )
    adult = forms.ChoiceField(
        label=_("Is this person 18 or older?"),
        choices=_hinted(ADULT),
        widget=forms.RadioSelect,
        required=False,
    )
    statement = ProseField(
        label=_("Your statement"),
        help_text=_("The last 12 months, in your own words. One example says more than a list."),
    )

    def __init__(
        self, *args: Any, cycle: Cycle, person: Person | None, answers: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cycle, self.person, self.answers = cycle, person, answers
        set_on(self, "area", choices=area_choices())
        set_on(self, "nominee_country", choices=country_choices())
        self.fields["statement"].widget.attrs["maxlength"] = cycle.statement_longest

    def clean_statement(self) -> str:
        statement = str(self.cleaned_data["statement"])
        if len(statement) < self.cycle.statement_shortest:
            raise forms.ValidationError(
                _("Write at least %(least)s characters; these are %(now)s.")
                % {"least": self.cycle.statement_shortest, "now": len(statement)}
            )
        if len(statement) > self.cycle.statement_longest:
            raise forms.ValidationError(
                _("Write at most %(most)s characters; these are %(now)s.")
                % {"most": self.cycle.statement_longest, "now": len(statement)}
            )
        return statement

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = {"email": self.answers.get("email"), "relation": self.answers.get("relation")}
        for obstacle in eligibility.answers_obstacles(self.cycle, {**known, **cleaned}, self.person):
            if obstacle.field in self.fields and obstacle.field not in self.errors:
                self.add_error(obstacle.field, obstacle.sentence)
        return cleaned


class LinkForm(forms.Form):
    """One public link; a row without an address is no row."""

    url = LinkField(label=_("Link"))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(LINK_KINDS.items()), required=False)

    def has_changed(self) -> bool:
        return bool((self.data.get(self.add_prefix("url")) or "").strip())


class LinkRows(BaseFormSet):
    """At least one link, none twice."""

    def clean(self) -> None:
        given = [form.cleaned_data["url"] for form in self.forms if form.is_valid() and form.has_changed()]
        if not given and not any(self.errors):
            raise forms.ValidationError(_("Add at least one public link: reviewers open every one."))
        for form in self.forms:
            url = form.cleaned_data.get("url") if form.is_valid() and form.has_changed() else None
            if url and given.count(url) > 1:
                given.remove(url)
                form.add_error("url", _("This link is in the list already."))


class EndorserForm(forms.Form):
    """Somebody who can vouch; an empty row is no row."""

    name = LineField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    relation = LineField(
        label=_("How do they know the person’s work?"),
        max_length=160,
        error_messages={"required": _("A few words, such as “met at the Riga user group”.")},
    )

    def has_changed(self) -> bool:
        return any((self.data.get(self.add_prefix(name)) or "").strip() for name in self.fields)


class SecondForm(EndorserForm):
    """The second nominator, where a cycle asks for one. They write by a link, after the nominee has accepted."""

    prefix = "second"

    def __init__(self, *args: Any, answers: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if sentence := _taken(self.answers).get(normalise_email(email)):
            raise forms.ValidationError(sentence)
        return email


class EndorserRows(BaseFormSet):
    """Nobody vouches for themselves, or twice."""

    def __init__(self, *args: Any, answers: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers

    def clean(self) -> None:
        taken = _taken(self.answers)
        second = self.answers.get("second")
        if isinstance(second, dict) and second.get("email"):
            taken[normalise_email(str(second["email"]))] = _("This person is the second nominator.")
        for form in self.forms:
            email = form.cleaned_data.get("email") if form.is_valid() and form.has_changed() else None
            if email and (sentence := taken.get(normalise_email(email))):
                form.add_error("email", sentence)
            elif email:
                taken[normalise_email(email)] = _("This person is in the list already.")


def _taken(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Addresses of people who cannot vouch, and what to say."""
    return {
        normalise_email(str(answers.get("nominee_email") or "")): _("This is the nominee’s own address."),
        normalise_email(str(answers.get("email") or "")): _("This is your own address."),
    }


class CheckForm(forms.Form):
    """The last word before sending."""

    true = forms.BooleanField(
        label=_("What I wrote is true, and I am not paid to write it"),
        error_messages={"required": _("Please confirm that what you wrote is true.")},
    )
    named = forms.BooleanField(
        label=_("They may know that it was me"),
        help_text=_("If not, the invitation says “somebody who knows your work”. The office always knows."),
        required=False,
    )


def area_choices() -> list[tuple[str, Any]]:
    """Open areas by category."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for category, slug, name in areas_to_choose_from():
        groups.setdefault(named(category), []).append((slug, named(name)))
    return [("", _("Choose…")), *sorted(groups.items())]


def country_choices() -> tuple[tuple[str, str], ...]:
    return _countries_in(get_language() or "")


@lru_cache(maxsize=16)
def _countries_in(language: str) -> tuple[tuple[str, str], ...]:
    """Codes and names as this language sorts them; translating and sorting 249 costs more than all else in a step."""
    return (("", gettext("Choose…")), *((country.code, str(country.name)) for country in countries))
