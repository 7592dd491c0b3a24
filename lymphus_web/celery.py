"""The Celery application. Messages are only bells: the work lives in rows (`annotations.jobs`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lymphus_web.settings")

app = Celery("lymphus_web")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
