"""Log-in to the API: by token ("Authorization: Token <key>") or by the session of the pages."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from readers.models import ApiToken


class SessionAuthentication(authentication.SessionAuthentication):
    """As DRF's, but an expired session answers 401, so that the page knows to ask for the log-in again."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class TokenAuthentication(authentication.BaseAuthentication):
    """A key is shown once and stored as SHA-256; it is 256 random bits, so no slow hash is needed."""

    def authenticate(self, request: Request) -> tuple[object, ApiToken] | None:
        kind, _space, key = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "token":
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("user")
            .filter(key_sha256=hashlib.sha256(key.strip().encode()).hexdigest(), revoked_at__isnull=True)
            .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
            .first()
        )
        if token is None or not token.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."))
        if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"
