"""Demo mode: anybody on this machine signs in as anybody, in a database of invented people.

It exists only if three things hold: ``DEMO=1``, the mark that ``seed --demo`` writes into an empty database, and
an address that only this machine can reach. Without all three, and without none of the first two, no web or
worker process starts.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from common.models import DemoMarker
from mvp_program import database

listening_on: Sequence[str] = ()  # the web server writes down its addresses here, before it forks


def problem(*, demo: bool, marker: bool, hosts: Sequence[str]) -> str | None:
    """Say what keeps a process from starting; None if nothing does. No hosts: nobody knows them."""
    if not demo and not marker:
        return None
    if not demo:
        return "This database holds a demo site, where nobody is real. Start it with DEMO=1, or use another database."
    if not marker:
        return (
            "DEMO=1 lets anybody sign in as anybody, but this database is not a demo site: "
            "it lacks the mark that `manage.py seed --demo` writes into an empty database."
        )
    if not hosts or not all(is_loopback(host) for host in hosts):
        return (
            "DEMO=1 lets anybody sign in as anybody, so the site must listen to this machine only "
            f"(HOST=127.0.0.1), not to {', '.join(hosts) or 'an address that it does not know'}."
        )
    return None


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_unsafe_start(hosts: Sequence[str]) -> None:
    """Raise a sentence unless this process may serve this database on these addresses."""
    try:
        marker = DemoMarker.objects.exists()
    except ProgrammingError:
        raise ImproperlyConfigured("The database has no tables yet: run `manage.py migrate` first.") from None
    except OperationalError as error:
        raise ImproperlyConfigured(database.explain(error)) from None
    if sentence := problem(demo=settings.DEMO, marker=marker, hosts=hosts):
        raise ImproperlyConfigured(sentence)
