"""Admin of who someone is. Addresses follow from what their owners confirm and are only read here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import Button, RecordAdmin, beside, whoever_enters
from common.errors import RuleBroken
from people import actions, names
from people.models import (
    Address,
    DataExport,
    Deletion,
    Employer,
    LikePair,
    MailChoice,
    Merge,
    OldSlug,
    Person,
    PersonLink,
    Photo,
    SoughtName,
    Tombstone,
)
from people.queries import can_still_be_undone, people_visible_to


class FindsPeople(RecordAdmin):
    """Searches people as the roster does; ``person_at`` is the path from a row to its person."""

    person_at = ""
    exact = ["key"]  # what else is looked up, as a whole
    search_fields = ["pk"]  # shows the field; the search is below

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        words = names.query_words(term)
        named = (
            Q(*((f"{self.person_at}search_text__contains", word) for word in words))
            if words
            else Q(pk__in=())
        )
        for path in self.exact:
            named |= Q((f"{path}__iexact", term))
        return queryset.filter(named), False


class OtherPersonForm(forms.Form):
    other = forms.CharField(
        label=_("key of the row that is the same human"), max_length=12,
        help_text=_("What hangs on that row moves here; its profile address leads here from then on."),
    )  # fmt: skip


class PartForm(forms.Form):
    reason = forms.CharField(
        label=_("how you know that they are two people"), max_length=2000, widget=forms.Textarea,
        help_text=_("What moved goes back, as far as it is still there. What came since stays where it is."),
    )  # fmt: skip


class EmployerForm(forms.Form):
    name = forms.CharField(
        label=_("employer from today"), max_length=160, required=False, help_text=_("Empty: none.")
    )


class EraseForm(forms.Form):
    key = forms.CharField(
        label=_("key of this person, once more"), max_length=12,
        help_text=_("Their profile, addresses and account go for good. Awards stay, without the name."),
    )  # fmt: skip


def _erase(person: Person, user: Any, answers: dict[str, Any]) -> None:
    if answers["key"].strip().upper() != person.key:
        raise RuleBroken(gettext("This is not the key of this person. Nothing was erased."))
    actions.erase_person(person, by=user)


def _merge(person: Person, user: Any, answers: dict[str, Any]) -> None:
    absorbed = people_visible_to(user).filter(key=answers["other"].strip().upper()).first()
    if absorbed is None:
        raise RuleBroken(gettext("There is no person with this key."))
    actions.merge_persons(person, absorbed, by=user)


@admin.register(Person)
class PersonAdmin(FindsPeople):
    visible_to = people_visible_to
    editable = [
        "name", "latin_name", "short_name", "country", "city", "headline", "biography", "languages",
        "mail_language", "zone", "listed", "deceased", "deceased_on", "left_for_organiser_on",
    ]  # fmt: skip
    secret = ["search_text", "sort_key"]
    exact = ["key", "slug", "user__email"]
    buttons = [
        Button(
            "employer", _("change employer"),
            lambda person, user, answers: actions.change_employer(person, answers["name"], by=user),
            form=EmployerForm,
        ),
        Button("merge", _("merge with another row"), _merge, form=OtherPersonForm,
               offered=lambda person: person.merged_into_id is None),
        Button("erase", _("erase"), _erase, form=EraseForm),
    ]  # fmt: skip
    list_display = ["name", "key", "country", "city", "user", "merged_into"]
    list_select_related = ["user", "merged_into"]
    list_filter = ["listed", "deceased"]

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """With a name goes all that is computed from it; a place is written as on the profile's own form."""
        obj.city = names.clean(obj.city)
        names.set_name(obj, obj.name, obj.latin_name)
        changed = [name for name in form.changed_data if name in self.editable]
        obj.save(update_fields=[*changed, *names.NAME_FIELDS])


@admin.register(Merge)
class MergeAdmin(FindsPeople):
    """What moved is a list of keys: what counts is who, when, and whether it was undone."""

    visible_to = beside(Merge, "kept", people_visible_to)
    secret = ["moved", "accounts", "twins"]
    person_at = "kept__"
    exact = ["kept__key", "absorbed__key"]
    buttons = [
        Button("undo", _("undo"), lambda merge, user, answers: actions.undo_merge(merge, by=user, **answers),
               form=PartForm, offered=can_still_be_undone),
    ]  # fmt: skip
    list_display = ["at", "kept", "absorbed", "undone_at"]
    list_select_related = ["kept", "absorbed"]
    ordering = ["-at", "-id"]


@admin.register(LikePair)
class LikePairAdmin(FindsPeople):
    """Read only: decided at /office/duplicates/."""

    visible_to = beside(LikePair, "first", people_visible_to)
    person_at = "first__"
    exact = ["first__key", "second__key"]
    list_display = ["__str__", "score", "same_employer", "same_country", "dismissed_at"]
    list_select_related = ["first", "second"]
    ordering = ["-id"]


@admin.register(SoughtName)
class SoughtNameAdmin(FindsPeople):
    visible_to = beside(SoughtName, "person", people_visible_to)
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person"]
    list_select_related = ["person"]
    ordering = ["-person_id"]


@admin.register(Address)
class AddressAdmin(FindsPeople):
    visible_to = beside(Address, "person", people_visible_to)
    person_at = "person__"
    exact = ["email", "person__key"]
    list_display = ["email", "person", "primary", "confirmed_at", "bounced_at"]
    list_select_related = ["person"]
    ordering = ["email"]


@admin.register(MailChoice)
class MailChoiceAdmin(FindsPeople):
    visible_to = beside(MailChoice, "person", people_visible_to)
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person", "group", "when", "chosen_at"]
    list_select_related = ["person"]
    ordering = ["-id"]


@admin.register(Employer)
class EmployerAdmin(FindsPeople):
    visible_to = beside(Employer, "person", people_visible_to)
    person_at = "person__"
    exact = ["name", "person__key"]
    list_display = ["name", "person", "starts", "ends"]
    list_select_related = ["person"]
    ordering = ["name", "id"]


@admin.register(Photo)
class PhotoAdmin(FindsPeople):
    visible_to = staticmethod(lambda user: beside(Photo, "person", people_visible_to)(user).defer("content"))
    secret = ["content"]  # shown on the profile
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person", "digest", "changed_at"]
    list_select_related = ["person"]


@admin.register(PersonLink)
class PersonLinkAdmin(FindsPeople):
    visible_to = beside(PersonLink, "person", people_visible_to)
    editable = ["kind", "url", "position"]
    may_delete = True
    person_at = "person__"
    exact = ["url", "person__key"]
    list_display = ["url", "kind", "person"]
    list_select_related = ["person"]
    list_filter = ["kind"]
    ordering = ["-id"]


@admin.register(OldSlug)
class OldSlugAdmin(FindsPeople):
    visible_to = beside(OldSlug, "person", people_visible_to)
    person_at = "person__"
    exact = ["slug", "person__key"]
    list_display = ["slug", "person"]
    list_select_related = ["person"]
    ordering = ["slug"]


@admin.register(Tombstone)
class TombstoneAdmin(RecordAdmin):
    visible_to = whoever_enters(Tombstone)
    list_display = ["__str__", "erased_on"]
    ordering = ["-erased_on"]


@admin.register(Deletion)
class DeletionAdmin(RecordAdmin):
    visible_to = whoever_enters(Deletion)
    list_display = ["at", "mode"]
    list_filter = ["mode"]
    ordering = ["-at"]


exports_visible_to = beside(DataExport, "person", people_visible_to)


@admin.register(DataExport)
class DataExportAdmin(FindsPeople):
    visible_to = staticmethod(lambda user: exports_visible_to(user).defer("content"))
    secret = ["key", "content"]
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person", "asked_at", "made_at", "ends_at"]
    list_select_related = ["person"]
    ordering = ["-asked_at", "-id"]
