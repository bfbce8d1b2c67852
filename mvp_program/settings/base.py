"""What every way of running has in common. The environment is read in this package only."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from mvp_program import database
from mvp_program.settings import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = environment.text("SECRET_KEY", "only-for-a-first-look")
DEBUG = False

HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.number("PORT", 8000, at_least=1, at_most=65535)
WEB_WORKERS = environment.number("WEB_WORKERS", 2, at_least=1, at_most=64)
SITE_URL = environment.site_url(environment.text("SITE_URL", f"http://localhost:{PORT}"))
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

# What signs credentials: an Ed25519 key in PEM, by itself or in a file. Without either one is made beside the checkout.
SIGNING_KEY = environment.pem("SIGNING_KEY")
MAINTENANCE_FILE = environment.text("MAINTENANCE_FILE", str(BASE_DIR / ".local" / "maintenance"))
SIGNING_KEY_FILE = environment.text("SIGNING_KEY_FILE", str(BASE_DIR / ".local" / "signing-key.pem"))
SIGNING_KEY_MADE_AT_NEED = not environment.text("SIGNING_KEY_FILE")

# Sign-in as anybody and the mail in the browser. Two more things must hold: see mvp_program/demo.py.
DEMO = environment.flag("DEMO")

# How often one place may ask the API in a minute, over all web processes; 0: as often as it likes.
VERIFY_FILES_A_MINUTE = environment.number("VERIFY_FILES_A_MINUTE", 60, at_least=0, at_most=1_000_000)
API_REQUESTS_A_MINUTE = environment.number("API_REQUESTS_A_MINUTE", 300, at_least=0, at_most=1_000_000)

# A web process reads the roster when it starts, so that its first visitor does not wait.
ROSTER_READ_AHEAD = True

# How long a page that is kept for strangers goes out before it is asked again whether it is still true.
KEPT_PAGES_TRUSTED_SECONDS = 1

INSTALLED_APPS = [
    "mvp_program",
    "common",
    "charter",
    "accounts",
    "people",
    "contributions",
    "awards",
    "nominations",
    "selection",
    "events",
    "ninja",  # for manage.py export_openapi_schema
    "mvp_program.admin_site.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "procrastinate.contrib.django",
    "template_partials",
]

MIDDLEWARE = [
    "mvp_program.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mvp_program.middleware.MaintenanceMiddleware",
    "mvp_program.middleware.PackedPagesMiddleware",
    "mvp_program.middleware.KeptPagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mvp_program.middleware.PolicyMiddleware",
    "mvp_program.middleware.AddressMiddleware",
    "mvp_program.api_door.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mvp_program.middleware.LanguageMiddleware",
    "mvp_program.middleware.ZoneMiddleware",
    "mvp_program.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mvp_program.middleware.MethodMiddleware",
    "mvp_program.middleware.RuleBrokenMiddleware",
]

ROOT_URLCONF = "mvp_program.urls"
WSGI_APPLICATION = "mvp_program.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "mvp_program" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mvp_program.pages.context.site",
            ],
        },
    },
]

FORM_RENDERER = "common.rendering.DesignRenderer"

# "owner" migrates and seeds, "app" serves: manage.py and settings.test choose, the safe one is the default.
DATABASE_ROLE = environment.choice("MVP_DATABASE_ROLE", "app", among=("owner", "app"))
DATABASE_URL = environment.text("DATABASE_URL")
DATABASE_OWNER_URL = environment.text("DATABASE_OWNER_URL")
DATABASE_APP_ROLE = database.app_role(url=DATABASE_URL)
DATABASES = {
    "default": {
        **database.settings_for(
            DATABASE_ROLE, url=DATABASE_URL, owner_url=DATABASE_OWNER_URL, checkout=BASE_DIR
        ),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Statements of common/prepared.py have their plan kept by a connection that ran them three times. A pooler between
# site and server has to pass that on: PgBouncer does from 1.21.
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 3

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["people.backend.Backend"]

# Sign-in by address: a code by mail, or a password for those who set one.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_ADAPTER = "people.allauth_adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "people.sign_up.NameForm"
ACCOUNT_FORMS = {
    "login": "people.sign_in.PasswordForm",
    "request_login_code": "people.sign_in.RequestCodeForm",
    "confirm_login_code": "people.sign_in.CodeForm",
    "signup": "people.sign_in.SignUpForm",
    "set_password": "people.sign_in.SetPasswordForm",
    "change_password": "people.sign_in.ChangePasswordForm",
    "confirm_email_verification_code": "people.sign_in.AddressCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ["email"]}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "mvp_program.pages.errors.form_too_old"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # of a form's fields; a file goes to disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_HANDLERS = [
    "common.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Shared by all web processes, so that failed sign-ins are counted once.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "mvp_cache"}}

LANGUAGE_CODE = "en"
LANGUAGES: list[tuple[str, Any]] = [("en", _("English")), ("de", _("German")), ("es", _("Spanish"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mvp_program.formats"]
TIME_ZONE = environment.time_zone("TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/me/"

COUNTRIES_OVERRIDE: dict[str, str] = {}

# Without EMAIL_URL no mail leaves: dev prints it, a demo shows it at /outbox/.
MAIL_DOMAIN = environment.text("MAIL_DOMAIN", "mvp-program.example")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("MAIL_FROM", f"MVP Program <program@{MAIL_DOMAIN}>")
MAIL_SERVER = environment.mail_server("EMAIL_URL", otherwise="django.core.mail.backends.dummy.EmailBackend")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.backend, MAIL_SERVER.host, MAIL_SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = MAIL_SERVER.tls, MAIL_SERVER.ssl, MAIL_SERVER.timeout
MAIL_HOOK_SECRET = environment.secret("MAIL_HOOK_SECRET", at_least=16)  # without it /hooks/mail/ answers 404

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{levelname} {name}: {message}", "style": "{"},
        "json": {"()": "mvp_program.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {
        "handlers": ["stderr"],
        "level": environment.choice("LOG_LEVEL", "WARNING", among=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # a wrong address is no news
    },
}
