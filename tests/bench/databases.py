"""Databases of the measurements' own, one a size, beside the site's: made when they are missing, kept between runs,
and made anew when seeds or generator have changed, or where ``rebuild`` is set; ``keep`` takes them as they are.

Making one is a measurement too: its seconds and the greatest memory of ``generate`` are kept in ``.local/``.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

SETTINGS = "tests.bench.settings"
STEPS = (
    ("collectstatic", "--no-input", "-v0", "-i", "flags"),
    ("migrate", "-v0"),
    ("seed", "--demo"),
    ("generate", "--size"),
    ("seed", "--move-to-today"),
    (
        "procrastinate",
        "worker",
        "--one-shot",
    ),  # the numbers of each category, which ``generate`` only asks for
)


# What PostgreSQL does by itself in the first minutes of a site, and would do beside the measurements.
VACUUM = "from django.db import connection as c; c.ensure_connection(); c.cursor().execute('VACUUM ANALYZE')"
SOURCES = ("seeds/*.yaml", "mvp_program/seeding/*.py", "mvp_program/generating/*.py", "*/bulk.py")


rebuild, keep = False, False
_made: set[str] = set()  # in this run


@dataclass(frozen=True)
class Making:
    """How long ``generate`` took for a size, in seconds, its greatest memory in megabytes (of the client), and the
    digest of what it was made from."""

    size: str
    seconds: float
    megabytes: float
    source: str = ""


def name_of(size: str) -> str:
    return f"mvp_bench_{size.lower().replace('-', '_')}"


def use(size: str) -> None:
    """From now on this process and the servers that it starts speak to the database of a size."""
    os.environ["BENCH_DATABASE"] = name_of(size)
    connection.close()
    connection.settings_dict["NAME"] = name_of(size)


def prepare(size: str) -> None:
    """See that the database of a size is there, whole, with the tables of this source, and plays today."""
    name, source = name_of(size), _source()
    known = making_of(size)
    is_old = known is None or (known.source != source and not keep)
    _create(name, anew=is_old or (rebuild and size not in _made))
    _made.add(size)
    for step in STEPS:
        words = (*step, size) if step[0] == "generate" else step
        began = time.monotonic()
        said = _manage(name, *words)
        if "Filled in" in said:
            _keep(Making(size, time.monotonic() - began, _megabytes_of_children(), source))
            _manage(name, "shell", "--no-imports", "-c", VACUUM)


def making_of(size: str) -> Making | None:
    """What was measured when the database of a size was made."""
    file = _file(size)
    return Making(**json.loads(file.read_text())) if file.exists() else None


def _create(name: str, *, anew: bool) -> None:
    """An empty database of the owner's, unless it is there. Asked on the connection of the site's own database."""
    script = (
        "from django.db import connection as c; c.ensure_connection(); c.set_autocommit(True); k = c.cursor();"
        f"{anew} and k.execute('DROP DATABASE IF EXISTS {name}');"
        f"k.execute('SELECT FROM pg_database WHERE datname = %s', ['{name}']);"
        f"k.rowcount or k.execute('CREATE DATABASE {name}')"
    )
    _manage("", "shell", "--no-imports", "-c", script)


def _source() -> str:
    """The digest of the files that say what is invented."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(Path(settings.BASE_DIR).glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _manage(name: str, *words: str) -> str:
    """Run one of the site's commands as the owner of the tables; its lines come by as they are written."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "MVP_DATABASE_ROLE": "owner",
        "BENCH_DATABASE": name,
    }
    command = [sys.executable, "manage.py", *words]
    said = []
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if words[0] == "generate" and "already" not in line:
                print(line, end="", flush=True)
    if process.returncode:
        raise SystemExit(
            f"manage.py {words[0]} failed. If the source is older than the database, remove {name} and run again."
        )
    return "".join(said)


def _keep(making: Making) -> None:
    file = _file(making.size)
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(asdict(making)))


def _file(size: str) -> Path:
    return Path(settings.BASE_DIR) / ".local" / f"bench-{size}.json"


def _megabytes_of_children() -> float:
    """The greatest memory of any child so far: only ``generate`` is large."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
