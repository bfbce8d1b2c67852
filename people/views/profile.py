"""What somebody does with their own profile. The page that others see is the project's ``pages/person.py``."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common.errors import Outdated, RuleBroken
from common.uploads import was_refused
from common.windows import print_of
from people import actions
from people.actions.profiles import words_of
from people.forms import PhotoForm, ProfileForm
from people.models import Person
from people.permissions import can_edit_profile, get_person
from people.queries import photo_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit one's own profile; what was typed stays where something has to be put right."""
    person = get_person(request.user, slug, to=can_edit_profile)
    form = ProfileForm(request.POST or None, instance=copy(person))
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        links, seen = form.cleaned_data["links"], request.POST.get("seen")
        try:
            actions.edit_profile(
                person, by=person.user, fields=fields, links=links, visibility=form.settings, seen=seen
            )
        except Outdated as outdated:
            form.add_error(None, outdated.sentence)
            return _page(request, person, form=form, status=outdated.status)
        messages.success(request, _("Your profile is saved."))
        return redirect("person", person.slug)
    return _page(request, person, form=form)


@require_POST
def photo_change(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put a picture in the place of the one before."""
    person = get_person(request.user, slug, to=can_edit_profile)
    form = PhotoForm(request.POST, request.FILES, too_large=was_refused(request))
    if form.is_valid():
        try:
            actions.change_photo(person, form.cleaned_data["photo"].read(), by=request.user)
        except RuleBroken as broken:
            form.add_error("photo", broken.sentence)
        else:
            messages.success(request, _("Your photo is saved."))
            return redirect("people:profile_edit", person.slug)
    return _page(request, person, photo_form=form)


@require_POST
def photo_remove(request: SignedInRequest, slug: str) -> HttpResponse:
    person = get_person(request.user, slug, to=can_edit_profile)
    actions.remove_photo(person, by=request.user)
    messages.success(request, _("Your photo is removed."))
    return redirect("people:profile_edit", person.slug)


@require_POST
def profile_confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say that one's profile is right as it is."""
    person = get_person(request.user, slug, to=can_edit_profile)
    actions.confirm_profile(person, by=request.user)
    messages.success(request, _("Thank you. We ask again in a year."))
    return redirect("person", person.slug)


def _page(
    request: HttpRequest,
    person: Person,
    *,
    form: ProfileForm | None = None,
    photo_form: PhotoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form, photo_form = form or ProfileForm(instance=copy(person)), photo_form or PhotoForm()
    context = {"form": form, "photo_form": photo_form, "person": person, "photo": photo_of(person)}
    context["seen"] = print_of(words_of(person, form.Meta.fields))
    if status == 200 and (form.errors or photo_form.errors):
        status = 422
    return render(request, "people/edit.html", context, status=status)
