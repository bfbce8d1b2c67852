"""Settings for demo."""

from mvp_program.settings.base import *  # noqa: F403
