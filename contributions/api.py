"""One's own log, for programs: what the pages of the log do, by the same forms and actions."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.responses import Response
from pydantic import ConfigDict, Field

from accounts.api import BY_TOKEN, check_may_write, user_of
from charter.queries import area_keys
from common.dates import zone_of_reader
from contributions import actions, queries
from contributions.forms import ContributionForm
from contributions.models import Contribution
from people.models import Person
from people.queries import person_of

router = Router(tags=["Your contributions"], auth=BY_TOKEN)
ENTRIES_AT_MOST = 100
_FIELDS = {"date": "starts", "until": "ends", "link": "url"}  # name in the API → in the form
_NAMES = {field: name for name, field in _FIELDS.items()} | {
    "second_area": "more_areas",
    "third_area": "more_areas",
}


class ContributionOut(Schema):
    """One entry of your log. ``quantity``, ``second_quantity`` and ``reach`` mean what its type says."""

    key: str
    type: str
    title: str
    date: dt.date
    until: dt.date | None
    link: str
    area: str
    more_areas: list[str]
    quantity: int | None
    second_quantity: int | None
    reach: int | None
    hours: int | None
    role: str
    audience: str
    description: str
    private_note: str
    visibility: str
    high_impact: bool


class LogOut(Schema):
    contributions: list[ContributionOut]
    next: str | None = Field(description="Give it as `cursor` for the entries before; null at the end.")


class ContributionIn(Schema):
    """An entry. ``type`` is a code of /contribution-types, areas are slugs; dates are YYYY-MM-DD."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    date: dt.date
    until: dt.date | None = None
    link: str = ""
    area: str = ""
    more_areas: list[str] = Field([], max_length=2)
    quantity: int | None = None
    second_quantity: int | None = None
    reach: int | None = None
    hours: int | None = None
    role: str = ""
    audience: str = ""
    description: str = ""
    private_note: str = ""
    visibility: str = Field("everyone", description="office, holders or everyone")


class ContributionChange(ContributionIn):
    """What of an entry changes; what is left out stays."""

    type: str = ""
    title: str = ""
    date: dt.date | None = None  # type: ignore[assignment]


class TypeOut(Schema):
    """A kind of contribution. A number whose label is empty is not asked for."""

    code: str
    name: str
    quantity_label: str
    second_quantity_label: str
    reach_label: str
    link_required: bool


class Wrong(Schema):
    detail: str
    errors: dict[str, list[str]]


@router.get(
    "/contribution-types",
    response=list[TypeOut],
    auth=None,
    url_name="types",
    summary="Kinds of contributions",
)
def types(request: HttpRequest) -> Any:
    return queries.types_in_use()


@router.get("/me/contributions", response=LogOut, url_name="log", summary="Your log, the newest first")
def log(request: HttpRequest, cursor: str = "", limit: Query[int] = 50) -> Any:
    owner, most = _person(request), min(max(limit, 1), ENTRIES_AT_MOST)
    last = _entry(request, cursor, status=400) if cursor else None
    entries = queries.log_after(owner, last, most + 1)
    return {
        "contributions": _as_out(owner, entries[:most]),
        "next": entries[most - 1].key if len(entries) > most else None,
    }


@router.api_operation(
    ["POST"],
    "/me/contributions",
    response={201: ContributionOut, 422: Wrong},
    url_name="log",
    summary="Log a contribution",
)
def contribution_add(request: HttpRequest, given: ContributionIn) -> Any:
    """The same entry sent twice (type, title, link and day) is one."""
    check_may_write(request)
    owner = _person(request)
    form = _form(given.model_dump(), None)
    if not form.is_valid():
        return _wrong(form)
    entry = actions.log_contribution(owner, by=user_of(request), **form.facts())
    return Status(201, _as_out(owner, [entry])[0])


@router.get(
    "/me/contributions/{key}", response=ContributionOut, url_name="entry", summary="One entry of yours"
)
def contribution_get(request: HttpRequest, key: str) -> Any:
    return _as_out(_person(request), [_entry(request, key)])[0]


@router.patch(
    "/me/contributions/{key}",
    response={200: ContributionOut, 422: Wrong},
    url_name="entry",
    summary="Change an entry of yours",
)
def contribution_change(request: HttpRequest, key: str, given: ContributionChange) -> Any:
    check_may_write(request)
    owner, entry = _person(request), _entry(request, key)
    form = _form(_as_out(owner, [entry])[0] | given.model_dump(exclude_unset=True), entry)
    if not form.is_valid():
        return _wrong(form)
    actions.change_contribution(entry, by=user_of(request), **form.facts())
    return Status(200, _as_out(owner, [_entry(request, key)])[0])


@router.delete(
    "/me/contributions/{key}", response={204: None}, url_name="entry", summary="Delete an entry of yours"
)
def contribution_remove(request: HttpRequest, key: str) -> Any:
    """For two weeks it can be brought back on the page of your log."""
    check_may_write(request)
    actions.delete_contribution(_entry(request, key), by=user_of(request))
    return Status(204, None)


def _person(request: HttpRequest) -> Person:
    """Whose log it is. Days count by their clock from here on, as on their pages; ``ZoneMiddleware`` takes it back."""
    owner = person_of(user_of(request))
    if owner is None:
        raise HttpError(404, "This account has no log.")
    timezone.activate(zone_of_reader(owner.zone))
    return owner


def _entry(request: HttpRequest, key: str, *, status: int = 404) -> Contribution:
    entry = queries.contributions_visible_to(user_of(request)).filter(key=key[:14].replace("\0", "")).first()
    if entry is None:
        raise HttpError(status, "There is no such entry in your log.")
    return entry


def _form(given: dict[str, Any], entry: Contribution | None) -> ContributionForm:
    """The form of the log's page, filled in with what was sent. What it does not ask for is passed over."""
    slugs = [given["area"], *given["more_areas"]]
    keys = area_keys(slug for slug in slugs if slug)
    first, *more = [str(keys.get(slug, "unknown")) if slug else "" for slug in slugs]
    data = {_FIELDS.get(name, name): "" if value is None else value for name, value in given.items()}
    data |= {"area": first, "second_area": "", "third_area": ""}
    data |= dict(zip(("second_area", "third_area"), more, strict=False))
    return ContributionForm(data, instance=entry)


def _wrong(form: ContributionForm) -> HttpResponse:
    errors: dict[str, list[str]] = {}
    for name, sentences in form.errors.items():
        errors.setdefault(_NAMES.get(name, name), []).extend(map(str, sentences))
    return Response({"detail": "Something has to be put right.", "errors": errors}, status=422)


def _as_out(owner: Person, entries: Iterable[Contribution]) -> list[dict[str, Any]]:
    entries = list(entries)
    slugs = queries.more_area_slugs(entries)
    return [_out(entry, slugs.get(entry.pk, [])) for entry in entries]


def _out(entry: Contribution, more_areas: list[str]) -> dict[str, Any]:
    same = (
        "key", "title", "quantity", "second_quantity", "reach", "hours", "role", "audience", "description",
        "private_note", "visibility", "high_impact",
    )  # fmt: skip
    return {name: getattr(entry, name) for name in same} | {
        "type": entry.type.code,
        "date": entry.starts,
        "until": entry.ends,
        "link": entry.url,
        "area": entry.area.slug if entry.area else "",
        "more_areas": more_areas,
    }
