import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lymphus_web.settings")

application = get_wsgi_application()

from lymphus_web.checks import refuse  # noqa: E402  (settings must be loaded first)

refuse()
