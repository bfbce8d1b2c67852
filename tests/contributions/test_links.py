"""Links are tried in the background: politely, and what they answer is shown."""

import datetime as dt
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer

import pytest
from django.test import Client

from common import clock
from common.fetching import Guard
from contributions import actions
from contributions.actions import links
from contributions.linkchecks import look
from contributions.models import Contribution
from people.models import Person
from tests.cast import Cast, House
from tests.common.test_fetching import LOCAL, Misbehaving, serving
from tests.factories import ContributionFactory

SignIn = Callable[[Person | None], Client]
LOOSE = Guard(resolve=lambda host, port: ["127.0.0.1"], allows=LOCAL.allows, ports=None)


class Site(Misbehaving):
    def say_gone(self) -> None:
        self._send(status=404)

    def say_down(self) -> None:
        self._send(status=503)

    def say_keep_out(self) -> None:
        self._send(status=403)

    def say_no_head(self) -> None:
        self._send(status=501 if self.command == "HEAD" else 200)


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with serving(Site) as server:
        yield server


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    server.seen.clear()
    return f"http://good.site:{server.server_port}"


@pytest.fixture
def entry(cast: Cast, house: House, site: str) -> Callable[..., Contribution]:
    return lambda path, **facts: ContributionFactory(person=cast.holder, url=site + path, **facts)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/page", "answers"),
        ("/no_head", "answers"),
        ("/to?/page", "answers"),
        ("/gone", "gone"),
        ("/down", "fails"),
        ("/garbage", "fails"),
        ("/keep_out", "unknown"),
        ("/to?http://10.0.0.1/", "unknown"),
    ],
)
def test_what_a_link_does(path: str, said: str, site: str) -> None:
    assert look(site + path, guard=Guard(resolve=_one_inside, allows=LOCAL.allows, ports=None)) == said


def _one_inside(host: str, port: int) -> list[str]:
    return ["127.0.0.1"] if host == "good.site" else [host]


def test_names_that_belong_to_nobody_are_not_asked() -> None:
    assert look("https://articles.example/1", guard=LOOSE) == "unknown"
    assert look("no address at all", guard=LOOSE) == "unknown"


def test_what_is_gone_is_shown_at_once_and_what_fails_after_a_second_time(
    entry: Callable[..., Contribution], cast: Cast, sign_in: SignIn
) -> None:
    gone, down, well = entry("/gone"), entry("/down"), entry("/page")
    assert actions.check_links(guard=LOOSE, pause=0) == 3
    answers = dict(Contribution.objects.values_list("pk", "link_answers"))
    assert answers == {gone.pk: False, down.pk: None, well.pk: True}
    page = sign_in(cast.holder).get("/me/contributions/?gap=dead").content.decode()
    assert "1 link does not answer" in page
    assert page.count('class="log-row"') == 1
    with clock.at(clock.now() + dt.timedelta(days=8)):
        actions.check_links(guard=LOOSE, pause=0)
    down.refresh_from_db()
    assert (down.link_answers, down.link_failures, down.link_failing_since) == (False, 2, clock.today())


def test_no_link_is_tried_twice_a_week_in_whatever_log_it_stands(
    entry: Callable[..., Contribution], cast: Cast, server: ThreadingHTTPServer
) -> None:
    first = entry("/page")
    actions.check_links(guard=LOOSE, pause=0)
    second = ContributionFactory(person=cast.outsider, url=first.url)
    with clock.at(clock.now() + dt.timedelta(days=6)):
        assert actions.check_links(guard=LOOSE, pause=0) == 0
    second.refresh_from_db()
    assert second.link_answers is True
    assert len(server.seen) == 1


@pytest.mark.parametrize(("failures", "days"), [(1, 7), (2, 14), (3, 28), (9, 28)])
def test_what_keeps_failing_is_tried_less_often(
    failures: int, days: int, entry: Callable[..., Contribution]
) -> None:
    entry("/down", link_failures=failures, link_checked_at=clock.now() - dt.timedelta(days=days - 1))
    assert actions.check_links(guard=LOOSE, pause=0) == 0
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert actions.check_links(guard=LOOSE, pause=0) == 1


def test_a_host_gets_few_questions_with_pauses_between(
    entry: Callable[..., Contribution], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(links.time, "sleep", pauses.append)
    for number in range(8):
        entry(f"/page?{number}")
    assert actions.check_links(guard=LOOSE) == 5
    assert pauses == [2.0] * 4


def test_without_a_net_no_link_is_called_dead(entry: Callable[..., Contribution], cast: Cast) -> None:
    for number in range(6):
        ContributionFactory(person=cast.holder, url=f"https://host-{number}.site/")
    nowhere = Guard(resolve=lambda host, port: [])
    assert actions.check_links(guard=nowhere, pause=0) == 4
    assert not Contribution.objects.exclude(link_checked_at=None).exists()


def test_old_links_are_left_in_peace(entry: Callable[..., Contribution]) -> None:
    entry("/page", starts=dt.date(2004, 1, 1))
    assert actions.check_links(guard=LOOSE, pause=0) == 0


def test_the_log_says_what_a_reviewer_would_miss_with_the_way_to_it(
    entry: Callable[..., Contribution], cast: Cast, sign_in: SignIn
) -> None:
    entry("/page", reach=None, title="Without reach")
    ContributionFactory(person=cast.holder, url="", title="Without link")
    client = sign_in(cast.holder)
    page = client.get("/me/contributions/").content.decode()
    for said in ("1 entry says no reach", "1 entry has no link", "Links have not been tried yet"):
        assert said in page
    for gap, title in (("reach", "Without reach"), ("link", "Without link")):
        assert f"?gap={gap}#log-head" in page
        rows = client.get(f"/me/contributions/?gap={gap}").content.decode()
        assert (rows.count('class="log-row"'), f"<bdi>{title}" in rows) == (1, True)
