"""Settings: a value that makes no sense stops the start with a sentence, not a traceback."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from mvp_program import checks
from mvp_program.settings import environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "mvp_program.settings.prod",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "awards.example",
    "SITE_URL": "https://awards.example",
    "SIGNING_KEY_FILE": "/run/secrets/signing-key.pem",
}


def check(**variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py check`` in an environment of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_its_variables_and_warns_of_one_role_for_everything() -> None:
    done = check(**PRODUCTION, DATABASE_URL="postgresql://web@db.example/awards")
    assert done.returncode == 0
    assert "web and worker own the tables" in done.stderr


@pytest.mark.deep
def test_production_starts_with_a_database_of_its_own() -> None:
    done = check(**PRODUCTION, DATABASE_URL="")
    assert done.returncode == 0
    assert "web and worker own the tables" not in done.stderr


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"SITE_URL": ""}, "SITE_URL is not set"),
        ({"SIGNING_KEY_FILE": ""}, "SIGNING_KEY_FILE is not set"),
        ({"SIGNING_KEY": "abc"}, "SIGNING_KEY must be a key in PEM"),
        ({"DEMO": "1"}, "the production settings have no demo"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like postgresql://"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_production_stops_with_one_sentence(wrong: dict[str, str], sentence: str) -> None:
    done = check(**{**PRODUCTION, **wrong})
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("value", ["yes", "true", "2"])
def test_a_flag_is_0_or_1(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", value)
    with pytest.raises(ImproperlyConfigured, match=r"DEMO is .* but must be one of: 0, 1"):
        environment.flag("DEMO")


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1", "80 80", "٨٠٨٠", "9" * 20])
def test_a_port_is_a_number_in_range(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(ImproperlyConfigured, match="must be a number from 1 to 65535"):
        environment.number("PORT", 8000, at_least=1, at_most=65535)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", " ")
    assert environment.number("PORT", 8000, at_least=1, at_most=65535) == 8000


@pytest.mark.parametrize("value", ["Middle-earth/Shire", "../../etc/passwd", "/etc/localtime"])
def test_a_time_zone_is_known(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", value)
    with pytest.raises(ImproperlyConfigured, match="no time zone"):
        environment.time_zone("TIME_ZONE", "UTC")


@pytest.mark.parametrize(
    "value", ["awards.example", "ftp://awards.example", "https://awards.example/mvp", "https://"]
)
def test_the_site_has_an_address_without_a_path(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        environment.site_url(value)


def test_the_mail_server_is_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://office%40awards.example:p%2Fw@mail.example:587?tls=1")
    server = environment.mail_server("EMAIL_URL", otherwise="none")
    assert (server.host, server.port, server.tls, server.ssl) == ("mail.example", 587, True, False)
    assert (server.user, server.password) == ("office@awards.example", "p/w")


@pytest.mark.parametrize(
    "value", ["mail.example", "http://mail.example", "smtp://", "smtp://h:x", "smtp://h?ssl=1"]
)
def test_a_wrong_mail_server_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        environment.mail_server("EMAIL_URL", otherwise="none")


def test_without_a_mail_server_no_mail_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert environment.mail_server("EMAIL_URL", otherwise="none").backend == "none"


def test_no_role_is_warned_of_where_the_tables_have_an_owner_of_their_own(settings: Any) -> None:
    """Without an address of a database it has its own, where the owner is another role."""
    settings.DATABASE_URL, settings.DATABASE_OWNER_URL = "", ""
    assert checks.two_database_roles() == []
    settings.DATABASE_URL = "postgresql://web@db.example/awards"
    settings.DATABASE_OWNER_URL = ""
    assert [warning.id for warning in checks.two_database_roles()] == ["mvp_program.W001"]
    settings.DATABASE_OWNER_URL = "postgresql://boss@db.example/awards"
    assert checks.two_database_roles() == []
