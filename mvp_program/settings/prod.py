"""Settings for prod."""

from mvp_program.settings.base import *  # noqa: F403
