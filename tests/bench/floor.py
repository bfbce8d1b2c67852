"""The floor of every ratio: a Django view without middleware, one SELECT by primary key on a persistent
connection, and a template of about 10 kB with a loop of 60 rows.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from charter.models import Region

PAGE = Engine().from_string(
    "<!doctype html><title>{{ name }}</title><table>"
    "{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.text }}</td></tr>{% endfor %}</table>"
)
ROWS = [
    {"name": f"Row {number}", "text": "A sentence of some length & with a sign. " * 3} for number in range(60)
]


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    region = Region.objects.order_by("pk").get(pk=int(request.GET["pk"]))
    return HttpResponse(PAGE.render(Context({"name": region.name, "rows": ROWS})))


urlpatterns = [path("floor/", floor)]
