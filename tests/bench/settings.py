"""The demo's settings on a database of the measurements' own: ``BENCH_DATABASE`` says which."""

from mvp_program.settings import environment
from mvp_program.settings.demo import *  # noqa: F403
from mvp_program.settings.demo import DATABASES

DATABASES["default"]["NAME"] = environment.text("BENCH_DATABASE", DATABASES["default"]["NAME"])
