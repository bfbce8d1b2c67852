"""Pages for everybody, asked for without signing in, with keys and slugs of rows that exist."""

from awards.models import Award
from charter.models import Area
from tests.bench.costs import Cost, Server, measure
from tests.bench.visitors import Visitor


def addresses() -> dict[str, str]:
    """What each page is called in the table → where it lies."""
    award = Award.objects.order_by("-first_year", "pk").select_related("person").first()
    area = Area.objects.order_by("pk").first()
    if award is None or area is None:
        raise SystemExit("The database of the measurements is empty: remove it and run `make bench` again.")
    return {
        "home": "/",
        "roster": "/roster/",
        "roster, area": f"/roster/?area={area.slug}",
        "roster, text": "/roster/?q=mar",
        "roster, deep": "/roster/?page=100",
        "profile": f"/people/{award.person.slug}/",
        "award": f"/awards/{award.key}/",
        "summits": "/summits/",
        "sign in": "/accounts/login/",
        "health": "/healthz",
    }


def costs(server: Server, *, requests: int) -> dict[str, Cost]:
    """Each page, one request after the other."""
    stranger = Visitor(server.port)
    return {
        name: measure(server, lambda _number, to=address: len(stranger.get(to)), requests=requests)  # type: ignore[misc]
        for name, address in addresses().items()
    }
