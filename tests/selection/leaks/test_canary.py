"""Words that stand nowhere else in every hidden fact; every page, file, header and mail as every role: none is
found where it may not be. New addresses come in through the access matrix and by their links, new columns of a
case fail here until ``facts.py`` says who may read them."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from common import delivery, registry
from common.models import OutboxMail
from nominations.models import Nomination
from tests.access_matrix import MATRIX, ROLES, admin_rows
from tests.selection.leaks.canary import Canaries, Crawl, columns_of_cases, path_to_case
from tests.selection.leaks.facts import FACTS, SAY_NOTHING, hide_the_nominee, plant
from tests.test_mails import keys_for
from tests.world import World, make_world

STARTS = ["/me/", "/review/", "/board/", "/office/", "/admin/"]
STAFF = ["office", "office_tied", "auditor"]

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


def addresses(world: World, role: str, *, all_of_them: bool) -> list[str]:
    """Where a role begins: its start pages and the addresses of the access matrix that let it in; what is open to
    everybody is read once, unless ``all_of_them`` are."""
    rows = {name: row for name, row in MATRIX.items() if not row.posts_only}
    wanted = [
        reverse(name, args=row.args(world))
        for name, row in rows.items()
        if all_of_them or (row.get[role] == 200 and (role == "anonymous" or row.get["anonymous"] != 200))
    ]
    wanted = [address for address in wanted if "logout" not in address]
    return [*STARTS, *wanted, *(_records(world, all_of_them=all_of_them) if role in STAFF else [])]


def _records(world: World, *, all_of_them: bool) -> list[str]:
    """Every list of the admin, and the forms of the rows that hang on a case."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        found += [
            reverse(f"{name}_change", args=[pk]) for pk in _rows_of(model, world, all_of_them=all_of_them)
        ]
    if all_of_them:
        found += [
            reverse(name, args=row.args(world))
            for name, row in admin_rows().items()
            if row.get["office"] == 200
        ]
    return found


def _rows_of(model: type[Model], world: World, *, all_of_them: bool) -> list[int]:
    where = path_to_case(model)
    if where is None:
        return []
    cases = [world.case.nomination.pk]
    if all_of_them:
        cases += Nomination.objects.filter(nominee_email__endswith=".example").values_list("pk", flat=True)
    return list(model._default_manager.filter(**{f"{where}__in": cases}).values_list("pk", flat=True)[:20])


def crawl(world: World, canaries: Canaries, sign_in, role: str, *, deep: bool) -> Crawl:
    client = sign_in(world.people[role])
    client.raise_request_exception = False
    looks = Crawl(role, client, canaries, variants=5 if deep else 1, follow=deep or role not in STAFF)
    return looks.look(addresses(world, role, all_of_them=deep))


def test_every_text_and_number_of_a_case_says_who_may_read_it():
    assert set(columns_of_cases()) == set(FACTS) | set(SAY_NOTHING)


def test_no_role_meets_a_word_that_is_not_for_it(world, sign_in):
    canaries = plant(world)
    looks = [crawl(world, canaries, sign_in, role, deep=False) for role in ROLES]
    assert "\n".join(leak for look in looks for leak in look.leaks) == ""
    met = set().union(*(look.met for look in looks))
    assert len(met) > 40  # the words are there, where they may be
    assert sum(len(look.asked) for look in looks) > 300


@pytest.mark.deep
@pytest.mark.parametrize("role", ROLES)
def test_no_role_meets_a_word_behind_any_link(world, sign_in, role):
    look = crawl(world, plant(world), sign_in, role, deep=True)
    assert "\n".join(look.leaks) == ""


def test_a_stage_without_names_has_none_on_any_page_of_its_reviewers(world, sign_in):
    """Name, address, employer and links of the nominee, wherever they stand, typed by others in any text too."""
    canaries = plant(world)
    hide_the_nominee(world, canaries)
    look = crawl(world, canaries, sign_in, "reviewer", deep=True)
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
