"""One's own log as a file to keep, or to import elsewhere."""

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from contributions.exporting import as_csv, as_json
from people.queries import person_of

_KINDS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json; charset=utf-8"),
}


@never_cache
@require_GET
def contribution_export(request: SignedInRequest, kind: str) -> HttpResponse:
    """The whole log; ``kind`` is csv or json."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    write, content_type = _KINDS[kind]
    headers = {"Content-Disposition": f'attachment; filename="contributions.{kind}"'}
    return HttpResponse(write(person), content_type=content_type, headers=headers)
