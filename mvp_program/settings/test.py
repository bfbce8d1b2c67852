"""Settings for test: the tables' owner runs them; tests marked ``as_app`` change to the application's role."""

import os

os.environ["MVP_DATABASE_ROLE"] = "owner"

from mvp_program.settings.base import *  # noqa: F403

# Static files straight from the source folders: nothing is collected for a test.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
