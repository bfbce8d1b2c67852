"""Settings of ``make dev`` and of manage.py: errors in full, static files straight from their folders."""

from mvp_program.settings.base import *  # noqa: F403
from mvp_program.settings.base import DEMO, MAIL_SERVER, STORAGES

DEBUG = True
if DEMO:
    ROOT_URLCONF = "mvp_program.demo_urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if not MAIL_SERVER.host:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
