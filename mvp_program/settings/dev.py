"""Settings of ``make dev`` and of manage.py: errors in full, static files straight from their folders."""

from mvp_program.settings.base import *  # noqa: F403
from mvp_program.settings.base import BASE_DIR, DEMO, LANGUAGES, LOCALE_PATHS, MAIL_SERVER, STORAGES

DEBUG = True
if DEMO:
    ROOT_URLCONF = "mvp_program.demo_urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if not MAIL_SERVER.host:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
PSEUDO = (
    BASE_DIR / ".pseudo"
)  # made by "make messages": a language that shows what was not translated or mirrored
if PSEUDO.is_dir():
    LANGUAGES.append(("ar-xb", "Pseudo"))
    LOCALE_PATHS.append(PSEUDO)
