"""The demo's settings with nothing around the view."""

from mvp_program.settings.demo import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "tests.bench.floor"
