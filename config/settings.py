"""Django settings. Everything that differs between installations comes from the environment; see docs/settings.md."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from config import media
from config.home import home, secret, tombstone_journal
from config.operator import operator
from config.supervise.database import addresses
from config.supervise.restored import exit_if_unfinished
from config.trouble import exit_in_trouble
from troth.base import tombstones
from troth.base.keystore import SealedFiles
from troth.base.logs import LOGGING  # noqa: F401  # a setting
from troth.base.sealing import configure
from troth.ui.files import guard_file

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ.get("TROTH_ENV", "production")
DEVELOPMENT = ENVIRONMENT in ("development", "test")
DEBUG = False

HOME = home()
exit_if_unfinished(HOME)
PORT = int(os.environ.get("TROTH_PORT", "8000"))
BASE_URL = os.environ.get("TROTH_BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SANDBOX_PORT = int(os.environ.get("TROTH_SANDBOX_PORT", "8100"))
GRAPH_BASE_URL = os.environ.get("GRAPH_BASE_URL", "https://graph.facebook.com").rstrip("/")
GRAPH_VERSION = os.environ.get("GRAPH_VERSION", "v26.0")
META_APP_SECRETS = os.environ.get("META_APP_SECRETS", os.environ.get("META_APP_SECRET", "")).split()
# The operator's own app, by which members connect numbers on Meta's own page; off unless all of it is set.
META_APP_ID = os.environ.get("META_APP_ID", "")
META_SIGNUP_CONFIG_ID = os.environ.get("META_SIGNUP_CONFIG_ID", "")
META_DIALOG_BASE_URL = os.environ.get("META_DIALOG_BASE_URL", "https://www.facebook.com").rstrip("/")
SEND_TIMEOUT_S = float(os.environ.get("TROTH_SEND_TIMEOUT_S", "20"))
DEV_TOKEN = os.environ.get("TROTH_DEV_TOKEN", "")
ANCHOR_FILE = os.environ.get("TROTH_ANCHOR_FILE") or HOME / "anchors" / "anchors.jsonl"
OPERATOR = operator()
# Where files of conversations are kept. A generation other than the present one is named only by bin/restore.
with exit_in_trouble():
    MEDIA_BUCKET = media.bucket()
    MEDIA_IN = media.chosen()
MEDIA_GENERATION = os.environ.get("TROTH_MEDIA_GENERATION", "")
SECRET_KEY = secret("django")
configure(SealedFiles(HOME / "keys"))
tombstones.keep_in(tombstone_journal(HOME))

_secure = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "troth.base",
    "troth.ui",
    "troth.audit",
    "troth.accounts",
    "troth.workspaces",
    "troth.realtime",
    "troth.media",
    "troth.channels",
    "troth.contacts",
    "troth.inbox",
    "troth.ingest",
    "troth.privacy",
    "troth.support",
    "troth.reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    # First: what guards a page means nothing on a style sheet, and fifty heads would weigh as much as a page.
    "troth.ui.files.Files",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "troth.privacy.browser.guard.CookieGuard",
    "troth.ui.middleware.PrivatePages",
    "django.middleware.gzip.GZipMiddleware",  # pads answers, so that their size tells nothing of a token in them
    "troth.ui.zone.LocalTime",
    "troth.accounts.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "troth.privacy.browser.usage.middleware.CountUse",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "troth.ui.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "troth.ui.context.page",
                "troth.workspaces.context.at_hand",
                "troth.privacy.browser.context.cookie_question",
            ],
        },
    }
]

# Database. `default` is the role that owns nothing; `owner` only migrates; the door has a role that may only insert.
_addresses = addresses()


def _database(address: str) -> dict[str, object]:
    parts = conninfo_to_dict(address)
    known = {name: parts.pop(name, "") for name in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Parameters bound on the server keep values out of PostgreSQL's log (docs/privacy-of-logs.md).
        "OPTIONS": {"server_side_binding": True, "connect_timeout": 5, **parts},
        "TEST": {"MIGRATE": False},
    }


DATABASES = {"default": _database(_addresses.app), "owner": _database(_addresses.owner)}
DOOR_DATABASE_URL = _addresses.door
APP_DATABASE_URL = _addresses.app
LISTEN_DATABASE_URL = _addresses.listen
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["troth.accounts.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "troth.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if _secure else "language"
for _cookie in ("SESSION", "CSRF", "LANGUAGE"):
    globals()[f"{_cookie}_COOKIE_SECURE"] = _secure
    globals()[f"{_cookie}_COOKIE_HTTPONLY"] = True
    globals()[f"{_cookie}_COOKIE_SAMESITE"] = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Browser
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Tests that need no browser need no collected files either.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test"
        else "troth.ui.storage.StaticFiles"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = guard_file
WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"

# Words, places, times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ms", "Bahasa Melayu"), ("es", "Español"), ("pt", "Português"), ("ar", "العربية")]
# Those that speak of everything, which a house test makes sure of; a language that is begun waits outside of this list.
LANGUAGES_OFFERED = ["en", "ms", "es", "pt", "ar"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]

EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"
DEFAULT_FROM_EMAIL = os.environ.get("TROTH_MAIL_FROM", "Troth <no-reply@localhost>")
# Where requests about data are answered, and the secret with which a mail relay signs what it posts to /mail/privacy/.
PRIVACY_MAIL = os.environ.get("TROTH_PRIVACY_MAIL", "")
PRIVACY_MAIL_SECRET = os.environ.get("TROTH_PRIVACY_MAIL_SECRET", "")
PROCRASTINATE_ON_APP_READY = "config.jobs.on_app_ready"
DATA_DECLARATIONS = "config.declarations"  # what the tables of libraries hold
LOGGING_CONFIG = "logging.config.dictConfig"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "troth.privacy.rights.imports.uploads.SealedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

from config.settings_accounts import *  # noqa: E402
