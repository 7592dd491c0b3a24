"""Keys to the API: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from annotations.querysets import is_curator, may_export
from readers.models import ApiToken
from readers.querysets import is_lead, is_reader

Scope = ApiToken.Scope


def scopes_for(user: Any) -> list[str]:
    """The scopes that this person's roles can use, in the order of the API's description."""
    allowed: set[str] = set()
    if is_lead(user):
        allowed |= {Scope.STUDIES, Scope.STUDIES_WRITE, Scope.READINGS, Scope.ANALYSES, Scope.EXPORTS}
    if is_curator(user):
        allowed |= {Scope.DATASETS, Scope.ANALYSES, Scope.EXPORTS}
    if may_export(user):
        allowed |= {Scope.DATASETS, Scope.READINGS, Scope.ANALYSES, Scope.EXPORTS}
    if is_reader(user):
        allowed |= {Scope.READ}
    return [scope for scope in Scope.values if scope in allowed]


def tokens_of(user: Any) -> list[ApiToken]:
    """This person's keys that still work, newest first."""
    working = ApiToken.objects.filter(user=user, revoked_at__isnull=True)
    return [token for token in working if token.expires_at is None or token.expires_at > timezone.now()]


def make_token(user: Any, name: str, scopes: list[str], days: int | None) -> tuple[ApiToken, str]:
    """A new key and its row. The key is returned this once: 256 random bits, stored as SHA-256."""
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        key_sha256=hashlib.sha256(key.encode()).hexdigest(),
        scopes=scopes,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    return token, key


def revoke_token(user: Any, public_id: str) -> bool:
    """End one's own key at once. False if there is no such working key of this person."""
    own = ApiToken.objects.filter(user=user, public_id=public_id, revoked_at__isnull=True)
    return bool(own.update(revoked_at=timezone.now()))
