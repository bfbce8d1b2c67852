"""Words that stand nowhere else in every hidden fact; every page, file, header and mail as every role: none is
found where it may not be. New addresses come in through the access matrix and by their links, new columns of a
case fail here until ``facts.py`` says who may read them. Each address once, and each view behind it once, is read by
the walk of ``tests/test_access.py``; what stands behind any link, here."""

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from common import delivery, registry
from common.models import OutboxMail
from nominations.models import Nomination
from tests.access_matrix import MATRIX, ROLES
from tests.access_tables import admin_rows
from tests.selection.leaks.canary import STAFF, STARTS, Canaries, Crawl, columns_of_cases, records
from tests.selection.leaks.facts import FACTS, SAY_NOTHING, hide_the_nominee, plant
from tests.spread import all_of_them
from tests.test_mails import keys_for
from tests.world import World, make_world

# Kind of letter → who reads it. A kind that is not here may say nothing that is hidden from anybody.
READERS = {
    "digest": "nominator",
    "nominations.accepted": "nominator",
    "nominations.case_completed": "nominator",
    "nominations.ended": "nominator",
    "nominations.confirm": "outsider",
    "nominations.resume": "outsider",
    "nominations.endorsement": "endorser",
    "selection.supporter": "nominator",
    "selection.tasks": "reviewer",
    "selection.reminder": "reviewer",
}


@pytest.fixture
def world(house, cast) -> World:
    return make_world(house, cast)


def addresses(world: World, role: str) -> list[str]:
    """The start pages and every address of the access matrix, those that refuse a role included; in ``make test``
    those that let it in, as ``tests/test_access.py`` reads the others."""
    rows = {name: row for name, row in MATRIX.items() if not row.posts_only and name != "account_logout"}
    if not all_of_them():
        return [
            *STARTS,
            *(reverse(n, args=row.args(world)) for n, row in rows.items() if row.get[role] == 200),
        ]
    found = [*STARTS, *(reverse(name, args=row.args(world)) for name, row in rows.items())]
    if role in STAFF:
        found += records(
            Nomination.objects.filter(nominee_email__endswith=".example").values_list("pk", flat=True)
        )
        opened = {name: row for name, row in admin_rows().items() if row.get["office"] == 200}
        found += [reverse(name, args=row.args(world)) for name, row in opened.items()]
    return found


def crawl(world: World, canaries: Canaries, sign_in, role: str) -> Crawl:
    client = sign_in(world.people[role])
    client.raise_request_exception = False
    looks = Crawl(role, client, canaries, variants=5 if all_of_them() else 1)
    return looks.look(addresses(world, role))


def test_every_text_and_number_of_a_case_says_who_may_read_it():
    assert set(columns_of_cases()) == set(FACTS) | set(SAY_NOTHING)


@pytest.mark.deep
@pytest.mark.parametrize("role", ROLES)
def test_no_role_meets_a_word_behind_any_link(world, sign_in, role):
    look = crawl(world, plant(world), sign_in, role)
    assert "\n".join(look.leaks) == ""


def test_a_stage_without_names_has_none_on_any_page_of_its_reviewers(world, sign_in):
    """Name, address, employer and links of the nominee, wherever they stand, typed by others in any text too."""
    canaries = plant(world)
    hide_the_nominee(world, canaries)
    look = crawl(world, canaries, sign_in, "reviewer")
    assert "\n".join(look.leaks) == ""
    assert any("statement" in fact for fact in look.met)


def test_no_letter_and_no_header_of_it_says_what_its_reader_may_not_know(world):
    canaries = plant(world)
    leaks: dict[str, None] = {}
    for kind in sorted(registry.mails):
        with transaction.atomic():
            look = Crawl(_reader(kind), None, canaries)
            look.read(kind, _letter(kind, world))
            leaks |= look.leaks
            transaction.set_rollback(True)  # what this kind needed does not stand in the next
    assert "\n".join(leaks) == ""


def _letter(kind: str, world: World) -> HttpResponse:
    """Its body and headers, as an answer."""
    mail = OutboxMail(
        kind=kind, to="reader@mail.example", keys=keys_for(kind, world), language="en",
        message_id="<0123456789abcdef@mvp-program.example>", cause="cause",
    )  # fmt: skip
    message = delivery.message_of(mail, delivery.write(mail), None)
    whole = HttpResponse(f"{message.body}\n{message.alternatives}")
    for name, value in message.message().items():
        whole.headers[f"X-{name}"] = str(value).replace("\n", " ")
    return whole


def _reader(kind: str) -> str:
    if kind.startswith("account_"):
        return "outsider"
    return READERS.get(kind, "nominee" if kind.startswith(("nominations.", "selection.")) else "outsider")


# It can fail


def leaky(request: HttpRequest) -> HttpResponse:
    case = Nomination.objects.get(nominee_email__startswith="qx", nominee__user__isnull=False)
    page = f'<a href="/leaky/more/">more</a> {case.candidacies.all()[0].mean:.2f}'
    return HttpResponse(page, headers={"X-Case": case.nominee_name.upper()})


def leaky_more(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        Nomination.objects.filter(nominee_email__startswith="qx").values_list("nominee_email")
    )


urlpatterns = [
    path("leaky/", leaky, name="leaky"),
    path("leaky/more/", leaky_more, name="leaky_more"),
    path("", include("mvp_program.urls")),
]


def test_a_planted_leak_is_found_and_named(world, sign_in, settings):
    """In a page, in a header, behind a link; the office may see all of it, the other reviewers nothing."""
    canaries = plant(world)
    settings.ROOT_URLCONF = __name__
    look = Crawl("reviewer_elsewhere", sign_in(world.people["reviewer_elsewhere"]), canaries).look(
        ["/leaky/"]
    )
    said = sorted(leak.split(" saw ")[0] + leak.split(": ", 1)[1] for leak in look.leaks)
    assert said == [
        "reviewer_elsewhere at /leaky/ (headers)nominations.Nomination.nominee_name, case 1",
        "reviewer_elsewhere at /leaky/more/nominations.Nomination.nominee_email, case 1",
        "reviewer_elsewhere at /leaky/more/nominations.Nomination.nominee_email, case 9",
        "reviewer_elsewhere at /leaky/selection.Candidacy.mean, case 1",
    ]
    assert not Crawl("office", sign_in(world.people["office"]), canaries).look(["/leaky/"]).leaks
