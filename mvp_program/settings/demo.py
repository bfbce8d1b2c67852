"""Settings of ``make run``: as in production, but over plain http, for this machine only."""

from mvp_program.settings.base import *  # noqa: F403

ROOT_URLCONF = "mvp_program.demo_urls"
