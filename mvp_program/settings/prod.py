"""Settings for a site on the internet, behind a proxy that speaks TLS."""

from django.core.exceptions import ImproperlyConfigured

from mvp_program.settings import environment
from mvp_program.settings.base import *  # noqa: F403
from mvp_program.settings.base import DEMO, LOGGING, SIGNING_KEY

if DEMO:
    raise ImproperlyConfigured(
        "DEMO=1 lets anybody sign in as anybody; the production settings have no demo."
    )

SECRET_KEY = environment.required("SECRET_KEY", "a long random text that signs sessions and links")
environment.required("ALLOWED_HOSTS", "the site's names, with commas between them")
SITE_URL = environment.site_url(
    environment.required("SITE_URL", "the site's address, as in https://awards.example")
)
SIGNING_KEY_MADE_AT_NEED = False
if not SIGNING_KEY:
    environment.required(
        "SIGNING_KEY_FILE", "a file with the Ed25519 key that signs credentials, or SIGNING_KEY itself"
    )
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE_URL.startswith("https:")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0
if environment.flag("BEHIND_PROXY"):  # only where the proxy sets these headers itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # so that failed sign-ins are counted per visitor

LOGGING["handlers"]["stderr"]["formatter"] = "json"
