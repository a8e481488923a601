"""Settings, read from the environment alone.

``PORTAL_ENV`` is ``production`` unless it is set to ``demo`` (one machine, a mailbox page instead of mail) or ``test``.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from portal.logs import without_reasons

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PORTAL_ENV = env.str("PORTAL_ENV", "production", choices=("demo", "test", "production"))
IS_PRODUCTION = PORTAL_ENV == "production"
IS_DEMO = PORTAL_ENV == "demo"
VAR_DIR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
if IS_PRODUCTION and not env.str("SECRET_KEY", ""):
    raise ImproperlyConfigured(
        "Set PORTAL_ENV=demo to try the portal on this machine, or SECRET_KEY, ALLOWED_HOSTS and SITE_URL to run it "
        "for real (docs/operations.md)."
    )
SECRET_KEY = env.str("SECRET_KEY") if IS_PRODUCTION else "not-secret-" + "0123456789" * 5
# Elsewhere the server answers this machine alone (portal.forwarded, too): its secret is in the repository.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS") if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", "http://localhost:8000")

# Imports go left only; the order is that of the process (see docs/decisions.md). Each has a room.py (portal.rooms).
ROOMS = (
    "portal.communities",
    "rounds",
    "applications",
    "evaluation.assessment",
    "evaluation.meetings",
    "evaluation.actions",
    "evaluation.decisions",
    "evaluation.followup",
    "evaluation.plans",
    "evaluation.raised",
    "evaluation.comments",
    "evaluation.reporting",
    # The story of the demo, done by the services of all rooms, and its clock; no room imports it.
    "evaluation.demo",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
    "csp",
    "portal",
    "portal.journal",
    "portal.jobs",
    "portal.files",
    "portal.mail",
    "portal.reminders",
    # The form engine, used by every room with a form.
    "rounds.answering",
    *ROOMS,
    "portal.documents",
]

MIDDLEWARE = [
    "portal.forwarded.middleware",
    "portal.requests.middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.caching.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.language.middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Before anything reads a form. The page that refuses needs what is above.
    "portal.sizes.middleware",
    "portal.pending.middleware",
    "portal.views.errors.middleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.navigation",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------
# ``manage.py web`` and ``manage.py portal`` say how many threads a web process has (portal.starting).
WEB_THREADS = env.int("WEB_THREADS", 0)
# How long a new connection to the database is waited for, in seconds.
CONNECT_SECONDS = 10
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL and IMMEDIATE: without them concurrent writers lose transactions to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
    }
    # A file, so that a live server's threads share the test database.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # Each thread keeps its connection. Their number is bounded, so no pool is needed (portal.starting).
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL takes longer to plan the statements of the lists than to run them, so what a connection asks for the
    # third time keeps its plan on the server. Behind a pooler that gives each transaction another connection nothing
    # can be kept there.
    has_pooler = env.bool("DATABASE_POOLER", False)
    # PostgreSQL takes a row that it finds by an index to cost four of those that it reads in turn, which was true of
    # disks that turn; it then reads a table of thousands for the fifty rows of a page. Nor is a statement compiled to
    # machine code first (jit): with the many conditions of who may see what that takes seconds, and the statement a
    # few milliseconds. Poolers refuse settings of a connection: there they are set for the database
    # (docs/operations.md).
    on_connect = {} if has_pooler else {"options": "-c random_page_cost=1.1 -c jit=off"}
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        "connect_timeout": CONNECT_SECONDS,
        "prepare_threshold": None if has_pooler else 2,
        **on_connect,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = has_pooler
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "cache"),
        # At 300, which is what it has otherwise, a third is dropped, and with it who has tried to sign in how often.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
MEDIA_ROOT = env.str("MEDIA_ROOT", str(VAR_DIR / "files"))
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "communities.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if PORTAL_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "portal.communities.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.communities.account_forms.SignIn",
    "reauthenticate": "portal.communities.account_forms.SignInAgain",
    "reset_password": "portal.communities.account_forms.ForgottenPassword",
    "reset_password_from_key": "portal.communities.account_forms.FirstPassword",
    "change_password": "portal.communities.account_forms.NewPassword",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords, all in five minutes, as the sentence says: for an address that a whole hospital may share, for a
# person, and for a person on a known device (portal.communities.known_devices). «login» counts the right ones too.
LOGIN_LIMITS = {"login": "300/m/ip", "login_failed": "100/5m/ip,5/5m/key", "login_failed_known": "10/5m/key"}
ACCOUNT_RATE_LIMITS = False if PORTAL_ENV == "test" else LOGIN_LIMITS
# Behind a proxy the limits count the address that it hands on.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
# The header in which the proxy says when a request came to it, and the addresses or networks of the proxies that are
# believed (portal.arrival).
REQUEST_START_HEADER = env.str("REQUEST_START_HEADER", "")
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "portal.communities.account_forms.OneTimeCode",
    "activate_totp": "portal.communities.account_forms.FirstCode",
}
MFA_TOTP_ISSUER = "Samhandlingsportalen"

SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("se", "Davvisámegiella"), ("en", "English")]
# Django has no Northern Sami: its own texts are bokmål there, unless locale/se has them.
LANG_INFO["se"] = {"bidi": False, "code": "se", "name": "Northern Sami", "name_local": "davvisámegiella"}
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.locale_formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# --- static files and uploads -------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(VAR_DIR / "static"))
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/designsystemet", NODE_MODULES / "@digdir/designsystemet-css/dist/src"),
    ("vendor/designsystemet-theme", NODE_MODULES / "@digdir/designsystemet-theme/src/themes"),
    ("vendor/inter", NODE_MODULES / "@fontsource/inter/files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "portal.static_files.StaticFiles"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 20 * 1024 * 1024)

# --- forms ----------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "designsystemet"
CRISPY_TEMPLATE_PACK = "designsystemet"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- mail ---------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Samhandlingsportalen <portal@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAILBOX_DIR = VAR_DIR / "mailbox"
# How far the demo's clock is ahead, for web, worker and beat (portal/demo_clock.py).
DEMO_CLOCK = VAR_DIR / "demo-clock.json"
if IS_DEMO and not env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = "portal.mail.mailbox.MailboxBackend"
else:
    vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
# Seconds to wait for a mail server; nobody else waits meanwhile (portal.mail.services.send).
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)
# Files that are larger together stay in the portal, and the mail says so: many mail servers refuse more.
MAIL_FILES_MOST = env.int("EMAIL_FILES_MAX_BYTES", 10 * 1024 * 1024)
# How long a mail waits for more of the same to the same person; in the demo somebody is looking at the mailbox.
MAIL_WAIT = timedelta(seconds=20) if IS_DEMO else timedelta(minutes=5)

# --- jobs ----------------------------------------------------------------------------------------
BROKER_URL = env.str("BROKER_URL", REDIS_URL or "filesystem://localhost//")
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
if BROKER_URL.startswith("filesystem"):
    _broker_dir = VAR_DIR / "broker"
    for _name in ("queue", "processed", "control"):
        (_broker_dir / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker_dir / "queue"),
        "data_folder_out": str(_broker_dir / "queue"),
        "control_folder": str(_broker_dir / "control"),
        "polling_interval": 0.1,
    }
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A tick expires, since a later one does the same: a worker that was stopped finds a few ticks, not thousands. The
    # time is longer than the difference between the clocks of two machines.
    # Leases the due Job rows. Of several ticks in one interval the first does it (portal/jobs/services.py, is_heard).
    "jobs.tick": {"task": "jobs.tick", "schedule": 2.0, "options": {"expires": 30.0}},
    # Queues the reminders that are due. Each is sent once however often this runs.
    "reminders.remind": {"task": "reminders.remind", "schedule": 900.0, "options": {"expires": 900.0}},
    # Puts up the evaluations that waited for a meeting.
    "followup.put_up_waiting": {"task": "followup.put_up_waiting", "schedule": 900.0, "options": {"expires": 900.0}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_reasons"]}},
    "filters": {"without_reasons": {"()": "django.utils.log.CallbackFilter", "callback": without_reasons}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # The PDF engine logs every step and every font, and the reader of PDF files that it has started.
        **{name: {"level": "WARNING"} for name in ("weasyprint.progress", "fontTools", "pikepdf")},
    },
}
