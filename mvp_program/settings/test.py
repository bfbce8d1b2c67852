"""Settings for tests: the tables' owner runs them; those marked ``as_app`` change to the application's role."""

import os

os.environ["MVP_DATABASE_ROLE"] = "owner"
# Tests do not depend on the shell that they run in.
for name in ("DEMO", "EMAIL_URL", "HOST", "PORT", "SIGNING_KEY", "SIGNING_KEY_FILE", "SITE_URL", "TIME_ZONE"):
    os.environ.pop(name, None)
os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # the tables are small: its threads would wait for each other

from mvp_program.settings.base import *  # noqa: E402, F403
from mvp_program.settings.base import DATABASES, STORAGES  # noqa: E402

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # from their folders, nothing collected
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"

KEPT_PAGES_TRUSTED_SECONDS = 0  # a test changes something and looks at once
VERIFY_FILES_A_MINUTE = 0
API_REQUESTS_A_MINUTE = 0  # one test asks as every role for every address
