"""What a deployment refuses to start with. Run by every command; errors stop it with a sentence."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

DEMO_NAMES = ("lead", "reader1", "reader2", "trainee", "curator")


@register(Tags.security)
def deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Default secret, debug, demo data, plain http, any host: none of it in a deployment."""
    if not settings.DEPLOYMENT:
        return []
    found = [
        (settings.SECRET_KEY == settings.INSECURE_SECRET or len(settings.SECRET_KEY) < 40, "E001",
         "DJANGO_SECRET_KEY is the default or shorter than 40 characters: set one of your own."),
        (settings.DEBUG, "E002", "DJANGO_DEBUG is on: a deployment shows no tracebacks."),
        (settings.DEMO, "E003", "LYMPHUS_DEMO is on: a deployment has no demo log-ins."),
        ("*" in settings.ALLOWED_HOSTS or not settings.ALLOWED_HOSTS, "E004",
         "DJANGO_ALLOWED_HOSTS must name the host under which the site is reached."),
        (not settings.CSRF_TRUSTED_ORIGINS, "E005",
         "DJANGO_CSRF_TRUSTED_ORIGINS must name the https origin of the site, or every form is refused behind the proxy."),
        (any(not o.startswith("https://") for o in settings.CSRF_TRUSTED_ORIGINS), "E006",
         "DJANGO_CSRF_TRUSTED_ORIGINS holds an origin without https: a deployment serves no plain http."),
    ]  # fmt: skip
    return [Error(sentence, id=f"lymphus_web.{code}") for wrong, code, sentence in found if wrong]


@register(Tags.database)
def no_demo_log_ins(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """`migrate` and `check --database default`: refuses a database that still has the demo log-ins."""
    if not settings.DEPLOYMENT or not databases:
        return []
    from django.contrib.auth import get_user_model
    from django.db import DatabaseError

    try:
        names = set(
            get_user_model().objects.filter(username__in=DEMO_NAMES, email__endswith="@demo.invalid", is_active=True)
            .values_list("username", flat=True)
        )  # fmt: skip
    except DatabaseError:
        return []  # before the first migration there is no table and so no log-in
    if not names:
        return []
    sentence = f"The database has demo log-ins ({', '.join(sorted(names))}): delete or disable them first."
    return [Error(sentence, id="lymphus_web.E007")]


def refuse() -> None:
    """Run both before the first request is served: a web server, unlike a command, runs no checks by itself.

    Raises SystemExit with every sentence; 3 is gunicorn's code for a worker that will not boot, so that it is not restarted.
    """
    found = deployment(None) + no_demo_log_ins(None, databases=["default"])
    if found:
        sys.stderr.write("".join(f"Refused: {error.msg}\n" for error in found))
        raise SystemExit(3)
