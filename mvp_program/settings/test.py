"""Settings for test: the tables' owner runs them; tests marked ``as_app`` change to the application's role."""

import os

os.environ["MVP_DATABASE_ROLE"] = "owner"

from mvp_program.settings.base import *  # noqa: F403
