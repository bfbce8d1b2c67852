"""The demo's settings with nothing around the view but what allauth insists on: it passes requests through."""

from mvp_program.settings.demo import *  # noqa: F403

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "tests.bench.floor"
