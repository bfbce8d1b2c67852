"""The measured table: ``make bench``. ``python -m tests.bench pages`` prints one part of it; see ``PARTS``.
``--rebuild`` makes the databases anew, ``--keep`` takes them as they are though seeds or generator have changed;
``SIZES="M L"`` leaves sizes of the public part out, ``REQUESTS=60`` asks less often.

Web server and database run as ``make run`` runs them, on databases of the measurements' own. Of each request: the CPU
time of all web and database processes, and its ratio to the floor, whose requests are made in turns with them. Wall time
is printed for the curious; on a shared machine it says little.
"""

import os
import sys

import django

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    "MVP_DATABASE_ROLE": "app",
    "DEMO": "1",
    "API_REQUESTS_A_MINUTE": "0",  # all come from one machine here
}
django.setup()

from tests.bench import databases, tables  # noqa: E402

PARTS = {
    "public": tables.print_public,
    "pages": tables.print_pages,
    "selection": tables.print_selection,  # a part of "pages"
    "assignment": tables.print_assignment,
    "calibration": tables.print_calibration,
    "simulation": tables.print_simulation,
    "release": tables.print_release,
}


def main() -> None:
    words = sys.argv[1:]
    databases.rebuild, databases.keep = "--rebuild" in words, "--keep" in words
    asked = [word for word in words if not word.startswith("--")] or [
        name for name in PARTS if name != "selection"
    ]
    if unknown := [name for name in asked if name not in PARTS]:
        raise SystemExit(f"There is no part {', '.join(unknown)}; there are: {', '.join(PARTS)}.")
    for name in asked:
        PARTS[name]()


if __name__ == "__main__":
    main()
