"""Settings for dev."""

from mvp_program.settings.base import *  # noqa: F403
