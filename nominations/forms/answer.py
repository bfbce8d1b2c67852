"""The invitation's answers, the corrections, and the endorser's text."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from charter.models import Agreement
from charter.queries import agreements_for_acceptance
from common.fields import LineField, LongChoiceField, ProseField, set_on
from common.languages import named
from nominations.actions.endorsements import LONGEST, SHORTEST
from nominations.forms.steps import country_choices


class AcceptForm(forms.Form):
    """What accepting needs: the agreements in force, one attestation, and who may learn the outcome."""

    attested = forms.BooleanField(
        error_messages={
            "required": _("Please say that you are 18 or older and do not work for the organiser.")
        }
    )
    may_learn = forms.BooleanField(required=False)

    def __init__(self, *args: Any, organiser: str, nominator: str, renewal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = agreements_for_acceptance()
        for agreement in self.agreements:
            self.fields[self._name(agreement)] = forms.BooleanField(
                label=_("I agree to: %(title)s, version %(version)s")
                % {"title": named(agreement.title), "version": agreement.version},
                error_messages={"required": _("Please agree to it, or choose another answer.")},
            )
        self.fields["attested"].label = _("I do not work for %(organiser)s, and I am 18 or older") % {
            "organiser": organiser
        }
        self.fields["may_learn"].label = format_html(
            "{}", _("%(nominator)s may learn the outcome") % {"nominator": nominator}
        )
        if renewal:
            del self.fields["may_learn"]
        self.order_fields(map(self._name, self.agreements))  # as they stand on the page
        for field in self.fields.values():
            field.widget.attrs["form"] = "accept"

    def signed(self) -> list[Agreement]:
        """The agreements that were ticked."""
        return [agreement for agreement in self.agreements if self.cleaned_data.get(self._name(agreement))]

    def with_texts(self) -> list[tuple[Any, Agreement]]:
        """Each agreement's box with its text."""
        return [(self[self._name(agreement)], agreement) for agreement in self.agreements]

    @staticmethod
    def _name(agreement: Agreement) -> str:
        return f"agreement_{agreement.kind}"


class CorrectionForm(forms.Form):
    """What the nominee may set right about themselves."""

    name = LineField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    country = LongChoiceField(label=_("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_on(self, "country", choices=country_choices())


class AddressForm(forms.Form):
    """Where the nominee can be reached."""

    email = forms.EmailField(
        label=_("Email"),
        help_text=_("We ask for their consent before any review"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write the whole address, such as name@example.org.")},
    )


class EndorsementForm(forms.Form):
    """What an endorser has seen."""

    statement = ProseField(
        label=_("What have you seen yourself?"),
        help_text=_("Three sentences are enough: what they did, when, and whom it helped."),
        min_length=SHORTEST,
        max_length=LONGEST,
    )
    employer = LineField(
        label=_("Where do you work?"),
        help_text=_("In this cycle one nominator must work for another employer than the nominee."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def __init__(self, *args: Any, asks_employer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_employer:
            del self.fields["employer"]


class NoteForm(forms.Form):
    """A reason, or a few words."""

    note = ProseField(label=_("Reason"), max_length=2000, required=False, rows=3)


class EndorserForm(forms.Form):
    """Whom to ask."""

    name = LineField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    relation = LineField(label=_("How do they know your work?"), max_length=160)
