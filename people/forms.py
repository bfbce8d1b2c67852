"""What somebody writes about themselves."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from common.fields import LineField
from common.languages import language_names, site_languages
from common.mail_groups import WHEN, Group, Reader
from people import names, visibility
from people.models import Person, Visibility
from people.photos import BYTES_AT_MOST

LINKS_AT_MOST = 8
_is_link = URLValidator(schemes=["http", "https"])


def language_choices() -> list[tuple[str, str]]:
    """Every language with a name, by its name in the reader's language."""
    named = language_names(get_language() or "en").items()
    return sorted(named, key=lambda choice: names.fold(choice[1]))


class LinksField(forms.CharField):
    """Addresses of web pages, one a line."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        links = list(dict.fromkeys(filter(None, (line.strip() for line in text.splitlines()))))
        if len(links) > LINKS_AT_MOST:
            raise ValidationError(_("At most %(number)s links.") % {"number": LINKS_AT_MOST})
        for link in links:
            try:
                _is_link(link)
            except ValidationError:
                message = _("“%(link)s” is no address of a web page; it begins with https://")
                raise ValidationError(message % {"link": link[:60]}) from None
            if len(link) > 500:
                raise ValidationError(_("A link has at most 500 characters."))
        return links


class MailForm(forms.Form):
    """How somebody wants their mail: each group that may be chosen."""

    def __init__(self, *args: Any, groups: list[Group], reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in groups:
            self.fields[group.key] = forms.ChoiceField(
                label=group.label,
                help_text=group.about,
                choices=[(when, WHEN[when]) for when in WHEN if when in group.choices],
                initial=reader.wants(group),
            )
        self.groups = [group.key for group in groups]

    @property
    def when(self) -> list[forms.BoundField]:
        return [self[key] for key in self.groups]

    @property
    def choices(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.groups}


class ProfileForm(forms.ModelForm):
    """One's own profile: what it says, and who sees which part."""

    links = LinksField(label=_("Links"), required=False, help_text=_("One address a line, at most 8."))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=language_choices,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    biography = forms.CharField(
        label=_("About"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 8})
    )

    class Meta:
        model = Person
        fields = (
            "latin_name", "short_name", "headline", "biography", "city", "country", "languages", "listed", "hidden",
        )  # fmt: skip
        labels = {"short_name": _("How we address you")}
        help_texts = {
            "latin_name": _("If you write your name in another script. Lists are sorted by it."),
            "short_name": _("In mail and on your own pages; empty: your whole name."),
            "headline": _("What you do for others, in one line."),
            "listed": _("Without it your page still opens, but search engines are asked to leave it out."),
            "hidden": _(
                "Your page closes and the roster leaves you out. Your awards can still be checked by their numbers."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["links"].initial = "\n".join(link.url for link in self.instance.links.all())
        for part, label in visibility.PARTS.items():
            self.fields[f"see_{part}"] = forms.ChoiceField(
                label=label,
                choices=visibility.visibility_choices(),
                initial=visibility.setting(self.instance, part),
            )
        self.order_fields(
            ["latin_name", "short_name", "headline", "biography", "city", "country", "languages", "links"]
        )

    def clean_latin_name(self) -> str:
        name = names.clean(self.cleaned_data["latin_name"])
        if not names.is_latin(name):
            raise ValidationError(_("Write it in Latin letters; accents are fine."))
        return name

    def clean_short_name(self) -> str:
        return names.clean(self.cleaned_data["short_name"])

    def clean_headline(self) -> str:
        return names.clean(self.cleaned_data["headline"])

    def clean_city(self) -> str:
        return names.clean(self.cleaned_data["city"])

    def clean_biography(self) -> str:
        return "\n".join(map(names.clean, self.cleaned_data["biography"].splitlines())).strip()

    @property
    def who_sees(self) -> list[forms.BoundField]:
        return [self[f"see_{part}"] for part in visibility.PARTS]

    @property
    def content(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("see_")]

    @property
    def settings(self) -> dict[str, str]:
        """Part → who sees it; what everyone sees needs no word."""
        chosen = {part: self.cleaned_data[f"see_{part}"] for part in visibility.PARTS}
        return {part: value for part, value in chosen.items() if value != Visibility.EVERYONE}


def language_settings() -> list[tuple[str, str]]:
    return [("", gettext("As my browser asks; mail in English")), *site_languages()]


def zone_choices() -> list[tuple[str, Any]]:
    """Time zones by continent; nothing for the program's own."""
    by_continent: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        continent, _slash, city = zone.partition("/")
        if continent in CONTINENTS:
            by_continent.setdefault(continent, []).append((zone, city.replace("_", " ").replace("/", ", ")))
    return [("", gettext("The program’s")), ("UTC", "UTC"), *by_continent.items()]


CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


class SettingsForm(forms.Form):
    """In which language and whose time the program speaks to somebody."""

    language = forms.ChoiceField(
        label=_("Language of pages and mail"), choices=language_settings, required=False
    )
    zone = forms.ChoiceField(label=_("Time zone of pages and mail"), choices=zone_choices, required=False)


class AddressForm(forms.Form):
    """One more address."""

    email = forms.EmailField(
        label=_("Another email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class PhotoForm(forms.Form):
    """A picture for one's profile. What is in the file, the action looks at."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_(
            "JPEG, PNG or WebP, at most 5 MB. We keep the square in its middle and nothing else of the file."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large

    def clean(self) -> None:
        file = self.cleaned_data.get("photo")
        if self.too_large or (file is not None and file.size > BYTES_AT_MOST):
            self.errors.pop("photo", None)
            self.add_error("photo", ValidationError(_("The file is larger than 5 MB.")))


class EraseForm(forms.Form):
    """The word that says that somebody means it, in the language of the page or in English."""

    word = forms.CharField(max_length=40)

    def clean_word(self) -> str:
        word = self.cleaned_data["word"].strip().casefold()
        if word not in (gettext("erase").casefold(), "erase"):
            raise ValidationError(_("This is not the word."))
        return str(word)


class TokenForm(forms.Form):
    """A token for the API."""

    name = LineField(
        label=_("What is it for?"),
        max_length=60,
        help_text=_("So that you know later which one to revoke, for example: my blog’s script."),
    )
    may_write = forms.BooleanField(
        label=_("It may change my log of contributions"),
        required=False,
        help_text=_("Without it the token only reads."),
    )
