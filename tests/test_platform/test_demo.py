"""Demo mode exists only with DEMO=1, the mark in the database and an address of this machine alone."""

import itertools

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from common.models import DemoMarker
from mvp_program import demo

LOCAL, OPEN = ["127.0.0.1"], ["0.0.0.0"]
STARTS = {
    # demo, marker, hosts
    (True, True, "local"),  # a demo
    (False, False, "local"),  # an ordinary site behind a proxy
    (False, False, "open"),  # an ordinary site
    (False, False, "unknown"),  # the same, served by another server than gunicorn
}


@pytest.mark.parametrize(
    ("on", "marker", "where"),
    list(itertools.product([True, False], [True, False], ["local", "open", "unknown"])),
)
def test_every_combination_of_the_three(on: bool, marker: bool, where: str) -> None:
    hosts = {"local": LOCAL, "open": OPEN, "unknown": []}[where]
    sentence = demo.problem(demo=on, marker=marker, hosts=hosts)
    assert (sentence is None) == ((on, marker, where) in STARTS)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"])
def test_addresses_of_this_machine(host: str) -> None:
    assert demo.is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "", "192.168.1.5", "localhost.awards.example", "awards.example", "/run/web.sock"],
)
def test_addresses_that_others_reach(host: str) -> None:
    assert not demo.is_loopback(host)


def test_one_open_address_among_local_ones_is_enough_to_refuse() -> None:
    assert "0.0.0.0" in str(demo.problem(demo=True, marker=True, hosts=LOCAL + OPEN))


@pytest.mark.django_db
def test_a_marked_database_is_not_served_without_demo() -> None:
    DemoMarker.objects.create()
    with pytest.raises(ImproperlyConfigured, match="Start it with DEMO=1"):
        demo.refuse_unsafe_start(LOCAL)


@pytest.mark.django_db
def test_an_unmarked_database_is_not_served_as_a_demo(settings: Settings) -> None:
    settings.DEMO = True
    with pytest.raises(ImproperlyConfigured, match="not a demo site"):
        demo.refuse_unsafe_start(LOCAL)


@pytest.mark.django_db
@pytest.mark.as_app
def test_an_ordinary_site_starts_with_the_applications_rights() -> None:
    demo.refuse_unsafe_start(OPEN)
