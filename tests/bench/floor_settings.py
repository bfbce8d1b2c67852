"""The settings of the measured pages with nothing around the view but what allauth insists on: it passes requests on."""

from tests.bench.settings import *  # noqa: F403

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROSTER_READ_AHEAD = False
ROOT_URLCONF = "tests.bench.floor"
