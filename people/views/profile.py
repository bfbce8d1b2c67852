"""What somebody does with their own profile. The page that others see is the project's ``pages/person.py``."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people import actions
from people.forms import ProfileForm
from people.permissions import can_edit_profile, get_person


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit one's own profile; what was typed stays where something has to be put right."""
    person = get_person(request.user, slug, to=can_edit_profile)
    form = ProfileForm(request.POST or None, instance=copy(person))
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        actions.edit_profile(
            person, by=person.user, fields=fields, links=form.cleaned_data["links"], visibility=form.settings
        )
        messages.success(request, _("Your profile is saved."))
        return redirect("person", person.slug)
    return render(
        request, "people/edit.html", {"form": form, "person": person}, status=422 if form.errors else 200
    )
