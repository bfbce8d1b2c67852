"""Which database a process talks to; starting one for real is in test_drills.py."""

import os
from pathlib import Path

import pytest

from mvp_program import database
from mvp_program.database import DatabaseProblem
from mvp_program.embedded import cluster
from mvp_program.embedded.place import Place, find_programs

HERE = Path("/srv/awards")
URL = "postgresql://web:secret@db.example:5433/awards?sslmode=require"


@pytest.mark.parametrize(("role", "user"), [("owner", "mvp_owner"), ("app", "mvp_app")])
def test_without_a_url_it_is_the_embedded_one(role: str, user: str) -> None:
    found = database.settings_for(role, url="", owner_url="", checkout=HERE)
    assert (found["ENGINE"], found["USER"]) == ("mvp_program.embedded", user)


@pytest.mark.parametrize(
    ("role", "owner_url", "user"),
    [
        ("app", "postgresql://boss@db.example/awards", "web"),
        ("owner", "postgresql://boss@db.example/awards", "boss"),
        ("owner", "", "web"),
    ],
)
def test_the_owner_has_a_url_of_its_own_where_one_is_given(role: str, owner_url: str, user: str) -> None:
    assert database.settings_for(role, url=URL, owner_url=owner_url, checkout=HERE)["USER"] == user


def test_an_owner_without_an_application_is_refused() -> None:
    with pytest.raises(DatabaseProblem, match="DATABASE_OWNER_URL is set, but DATABASE_URL"):
        database.settings_for("app", url="", owner_url=URL, checkout=HERE)


def test_a_url_becomes_settings() -> None:
    found = database.parse_url(URL)
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "web",
        "secret",
        "db.example",
        "5433",
        "awards",
    ]
    assert found["OPTIONS"] == {"connect_timeout": "5", "sslmode": "require"}


def test_a_url_may_name_a_socket() -> None:
    assert database.parse_url("postgres:///awards?host=/run/postgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    "url", ["sqlite:///x", "awards", "postgresql://h:port/x", "postgresql://h/x?colour=red"]
)
def test_a_wrong_url_is_refused(url: str) -> None:
    with pytest.raises(DatabaseProblem, match="DATABASE_URL must look like postgresql://"):
        database.parse_url(url)


def test_a_url_without_a_database_is_refused() -> None:
    with pytest.raises(DatabaseProblem, match="name of the database is missing"):
        database.parse_url("postgresql://db.example")


def test_no_sentence_repeats_a_password() -> None:
    with pytest.raises(DatabaseProblem) as raised:
        database.parse_url("postgresql://web:secret@db.example:port/awards")
    assert "secret" not in str(raised.value)


def test_the_socket_lies_in_the_checkout() -> None:
    assert Place(HERE / ".postgres", HERE).socket == HERE / ".postgres" / "run"


@pytest.mark.parametrize(
    "folder", ["/srv/" + "long/" * 25, "/srv/our awards", "/srv/prices, and more", "/srv/ñ"]
)
def test_the_socket_moves_where_the_path_is_long_or_odd(folder: str) -> None:
    socket = Place(Path(folder) / ".postgres", HERE).socket
    assert str(socket).startswith(f"/tmp/mvp-{os.geteuid()}-")
    assert len(os.fsencode(socket / ".s.PGSQL.5432")) <= 107


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(DatabaseProblem, match="not a folder of this user's own"):
        Place(tmp_path, HERE).private_folder(folder)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").symlink_to(tmp_path)
    with pytest.raises(DatabaseProblem, match="not a folder of this user's own"):
        Place(tmp_path, HERE).private_folder(tmp_path / "run")


def test_a_folder_is_made_private(tmp_path: Path) -> None:
    Place(tmp_path, HERE).private_folder(tmp_path / "run")
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("9\n")
    place = Place(tmp_path, find_programs())
    with pytest.raises(DatabaseProblem, match=r"made by PostgreSQL 9, but this is postgres .* \d+"):
        cluster.check_version(place)


def test_history_is_the_exception_among_the_rights() -> None:
    *granted, rows, blocks = database.grants("web")
    assert all(statement.startswith("GRANT") for statement in granted)
    assert rows == 'REVOKE UPDATE, DELETE ON common_historyrow FROM "web"'
    assert blocks == 'REVOKE UPDATE, DELETE ON common_historyblock FROM "web"'


def test_silence_of_a_database_is_one_line() -> None:
    assert (
        database.explain(OSError("refused\n\tIs the server running?"))
        == "The database does not answer: refused"
    )
