"""Pages are tested without a collected static folder: names need no hashes here."""

import pytest


@pytest.fixture(autouse=True)
def plain_static_names(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # each client would scan the static files anew
    settings.WHITENOISE_AUTOREFRESH = True
