"""Settings for test."""

from mvp_program.settings.base import *  # noqa: F403
