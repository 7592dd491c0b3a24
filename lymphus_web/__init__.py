"""The building: settings, URLs, Celery, security headers, health, the embedded runner. No domain logic lives here."""

from lymphus_web.celery import app as celery_app

__all__ = ["celery_app"]
