"""The settings of the application, as tests need them: cheap hashing, plain static names, a broker that forgets."""

import tempfile

from lymphus_web.settings import *  # noqa: F403
from lymphus_web.settings import DATABASES, STORAGES

_scratch = tempfile.mkdtemp(prefix="lymphus-test-")
MEDIA_ROOT = f"{_scratch}/media"
WORK_ROOT = f"{_scratch}/work"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# the hashed names are tried by the tests that start the real server
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True  # else every test client scans the static files anew
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # a file, not shared memory: races must meet the WAL that users meet
    DATABASES["default"]["TEST"] = {"NAME": f"{_scratch}/test.sqlite3"}  # type: ignore[typeddict-unknown-key]
LOGGING = {"version": 1, "disable_existing_loggers": False}
