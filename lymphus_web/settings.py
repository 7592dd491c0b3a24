"""One settings module for both forms. Every setting comes from the environment; README lists them all.

`LYMPHUS_DEPLOYMENT=1` is the deployed form: it refuses a default secret, debug, demo log-ins and plain http
(`lymphus_web.checks`).
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url

from lymphus_web import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

VAR_DIR = Path(env.text("LYMPHUS_VAR", str(BASE_DIR / "var")))
DEPLOYMENT = env.flag("LYMPHUS_DEPLOYMENT", False)
DEBUG = env.flag("DJANGO_DEBUG", False)
INSECURE_SECRET = "insecure-for-the-embedded-form-on-127.0.0.1-only"


def _secret() -> str:
    """From the environment; embedded, from the file that `serve` made on its first start."""
    kept = VAR_DIR / "secret_key"
    if os.environ.get("DJANGO_SECRET_KEY"):
        return os.environ["DJANGO_SECRET_KEY"]
    return kept.read_text().strip() if kept.exists() and not DEPLOYMENT else INSECURE_SECRET


SECRET_KEY = _secret()
ALLOWED_HOSTS = env.words("DJANGO_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("DJANGO_CSRF_TRUSTED_ORIGINS")

MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR_DIR / "media"))
WORK_ROOT = env.text("LYMPHUS_WORK", str(VAR_DIR / "work"))
LYMPHUS_SHARED = env.text("LYMPHUS_SHARED", str(BASE_DIR.parent / "shared"))
DEMO = env.flag("LYMPHUS_DEMO", False)
# A proxy that serves the store itself is told so by X-Accel-Redirect below this prefix; empty: the application sends the file.
ACCEL_PREFIX = env.text("LYMPHUS_ACCEL_PREFIX", "")
# the largest upload of an archive, bytes
MAX_UPLOAD_BYTES = env.number("LYMPHUS_MAX_UPLOAD_MB", 500) * 1024 * 1024

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "annotations",
    "readers",
    "lymphus_web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lymphus_web.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lymphus_web.zone.PersonsZone",
    "lymphus_web.middleware.ScopedRequests",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lymphus_web.urls"
WSGI_APPLICATION = "lymphus_web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lymphus_web.context.building",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'lymphus.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a read-then-write under DEFERRED fails with "database is locked" however long the timeout
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# axes is the one lockout: 8 failures of one name from one address, a quarter of an hour
AXES_FAILURE_LIMIT = env.number("LYMPHUS_LOGIN_FAILURES", 8)
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = env.number("LYMPHUS_SESSION_HOURS", 12) * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DEPLOYMENT
SECURE_SSL_REDIRECT = DEPLOYMENT
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DEPLOYMENT else None
SECURE_HSTS_SECONDS = env.number("LYMPHUS_HSTS_SECONDS", 31_536_000) if DEPLOYMENT else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
# a language is offered when its catalogue in locale/ is whole (tests/test_languages.py); each calls itself by its own name
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "lymphus_web.formats"
TIME_ZONE = env.text("TZ_NAME", "UTC")
USE_I18N = True
USE_TZ = True

# How floor 1 asks floor 2, which it may not import: what was shown to whom, which cases a person reads blinded now, and which
# are read by anybody.
SHOWN_RECORDER = "readers.exposures.record_exposures"
BLINDED_CASES = "readers.exposures.blinded_cases"
READ_NOW = "readers.exposures.is_read_now"

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lymphus_web.staticfiles.Storage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

_broker = env.text("CELERY_BROKER_URL", "filesystem://localhost//")
_queue = Path(env.text("CELERY_QUEUE_FOLDER", str(VAR_DIR / "queue")))
CELERY_BROKER_URL = _broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_TASK_ALWAYS_EAGER", False)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if _broker.startswith("filesystem"):
    # one folder for both directions; the poll every 0.1 s picks a job up in as much, at 0.4 % of a core
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.1,
    }
    for _folder in ("messages", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BEAT_SCHEDULE = {
    "ring-for-lapsed-jobs": {"task": "annotations.tasks.ring_for_waiting_jobs", "schedule": 5.0},
}
# how long a worker may be silent before its job is taken up by another, seconds
JOB_LEASE_SECONDS = env.number("LYMPHUS_JOB_LEASE_SECONDS", 30)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "readers.api.authentication.TokenAuthentication",
        "readers.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "annotations.api.pagination.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "lymphus_web.api_page.BrowsableAPIRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["annotations.api.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "annotations.api.errors.handle",
    # there is one; the description puts a ?version= that it takes for one into a header, where a newline is a 500
    "ALLOWED_VERSIONS": ["v1"],
    "STRICT_JSON": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "LymphUs Web",
    "DESCRIPTION": "Reader studies of lymph node ultrasound: datasets, studies, readings, analyses, exports.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "JobState": "annotations.models.job.Job.State",
        "StudyState": "readers.models.study.Study.State",
        "CaseState": "annotations.models.case.Case.State",
        "ReadingState": "annotations.models.reading.Reading.State",
        "AssignmentState": ["open", "draft", "submitted", "closed"],
        "PathologyStatus": "annotations.models.case.Pathology.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LYMPHUS_LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
