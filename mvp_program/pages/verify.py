"""Check an award: type its number or paste its address, read one verdict in words."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from awards.queries import award_with_person, viewer_of
from awards.standing import cannot_be_a_key, key_in, record_of
from charter.queries import program
from people import names

TYPED_AT_MOST = 300


@require_safe
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is recorded of who asks for what."""
    typed = names.clean(request.GET.get("id", ""))[:TYPED_AT_MOST]
    key, now = key_in(typed), program()
    award = award_with_person(request.user, key) if key and not cannot_be_a_key(key) else None
    record = record_of(award, program=now, viewer=viewer_of(request.user)) if award else None
    context = {"typed": typed, "record": record, "is_malformed": cannot_be_a_key(key), "program": now}
    return render(request, "awards/verify.html", context)
