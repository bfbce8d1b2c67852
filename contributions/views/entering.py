"""One more entry, on any page that has the form for it: a line is read, the fields of a type or a linked page asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from common.dates import reader_today
from contributions.forms import ContributionForm, LineForm
from contributions.permissions import get_contribution
from contributions.proposing import Note, fill_from_page
from contributions.queries import contributions_visible_to, kinds_for_lines
from contributions.quick import Line, read_line
from people.queries import person_of

COPIED = [
    "title", "url", "ends", "area", "description", "quantity", "second_quantity", "hours", "role", "audience",
    "private_note", "visibility",
]  # fmt: skip


NEXT_LINE = "#id_line"  # where the next one is typed


@dataclass
class NewEntry:
    """What the page shows of it, and, once it says enough, the ``facts`` to log.

    ``read``: what a line said, checked; its errors say what the form still needs, ``doubts`` what may be meant otherwise.
    ``note``: what came of reading the linked page; ``read_now``: it is read as soon as the page is there.
    """

    form: ContributionForm | None = None
    line: LineForm = field(default_factory=LineForm)
    read: ContributionForm | None = None
    doubts: list[str] = field(default_factory=list)
    note: Note | None = None
    read_now: bool = False
    status: int = 200
    facts: dict[str, Any] | None = None


def blank_entry(request: SignedInRequest, *, asks: str) -> NewEntry:
    """The line alone; the form too where the address asks for one: of a type, or as a copy of an entry."""
    if copied := request.GET.get("copy"):
        latest = contributions_visible_to(request.user).first() if copied == "last" else None
        row = latest or get_contribution(request.user, copied)
        facts = {name: getattr(row, name if name != "area" else "area_id") for name in COPIED}
        more = dict(zip(("second_area", "third_area"), row.more_areas.all(), strict=False))
        initial = {**facts, **more, "type": row.type.code, "starts": reader_today()}
    elif "type" in request.GET:
        initial = {"type": request.GET["type"], "starts": reader_today()}
    else:
        return NewEntry()
    return NewEntry(ContributionForm(initial=initial, asks=asks))


def entry_sent(request: SignedInRequest, *, asks: str) -> NewEntry:
    """What came in: a line, a form, or a form that asks for other fields (``go``). ``asks``: where its form asks."""
    if request.POST.get("go") in ("type", "read"):
        initial, note = typed_so_far(request)
        return NewEntry(ContributionForm(initial=initial, asks=asks), note=note)
    if "line" in request.POST:
        return _of_line(request, asks)
    form = ContributionForm(request.POST, asks=asks)
    return NewEntry(form, facts=form.facts()) if form.is_valid() else NewEntry(form, status=422)


def asked_for_part(request: SignedInRequest) -> bool:
    """Does htmx want the fields alone?"""
    return request.POST.get("go") in ("type", "read") and request.headers.get("HX-Request") == "true"


def fields_part(request: SignedInRequest, entry: NewEntry) -> HttpResponse:
    """The fields anew, with all that was typed."""
    return render(request, "contributions/fields.html", {"form": entry.form, "note": entry.note})


def say_at_line(request: SignedInRequest, said: str, *, level: int = messages.SUCCESS) -> None:
    """What became of an entry, said where the next one is typed."""
    messages.add_message(request, level, said, extra_tags="at-line")


def typed_so_far(request: SignedInRequest) -> tuple[dict[str, Any], Note | None]:
    """What was typed; with ``go=read``, also what the linked page says where nothing was typed."""
    typed: dict[str, Any] = request.POST.dict()
    if request.POST.get("go") != "read":
        return typed, None
    return fill_from_page(typed, person=person_of(request.user))


def _of_line(request: SignedInRequest, asks: str) -> NewEntry:
    """A line that says enough is an entry; of any other a form is made, filled in as far as it goes."""
    typed = LineForm(request.POST)
    if not typed.is_valid():
        return NewEntry(line=typed, status=422)
    line = read_line(typed.cleaned_data["line"], kinds=kinds_for_lines(), today=reader_today())
    said = {
        "type": line.code,
        "title": line.title,
        "url": line.url,
        "starts": (line.starts or reader_today()).isoformat(),
        "visibility": "everyone",
        **line.numbers,
    }
    proposal, form = ContributionForm(initial=said, asks=asks), ContributionForm(said, asks=asks)
    if line.url and not line.title:
        return NewEntry(proposal, read_now=True)
    doubts = list(_doubts(line))
    if doubts or not form.is_valid():
        return NewEntry(proposal, line=typed, read=form, doubts=doubts)
    return NewEntry(form, facts=form.facts())


def _doubts(line: Line) -> Iterator[str]:
    """What a line may have meant otherwise."""
    if line.guessed:
        yield _("The type is a guess from a word of the title.")
    if line.no_day:
        yield _("“%(text)s” is no day that can be read for certain; below stands today.") % {
            "text": line.no_day
        }
