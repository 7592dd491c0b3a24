"""Site administration of floor 2: studies, places, events and keys to look at. No reading, no answer, no exposure to change."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from annotations.admin import ReadOnlyAdmin
from readers.models import ApiToken, ReaderProfile, Study, StudyEvent, StudyReader


@admin.register(Study)
class StudyAdmin(ReadOnlyAdmin):
    list_display = ["title", "state", "purpose", "lead", "created_at", "opened_at", "locked_at"]
    exclude = ["case_ids"]


@admin.register(StudyReader)
class StudyReaderAdmin(ReadOnlyAdmin):
    list_display = ["study", "number", "user", "withdrawn_at"]
    exclude = ["exposed_cases"]


@admin.register(StudyEvent)
class StudyEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "study", "code", "by"]


@admin.register(ReaderProfile)
class ReaderProfileAdmin(ReadOnlyAdmin):
    list_display = ["user", "experience_years", "specialty", "institution", "consented_at"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Keys may be revoked by deleting them; what is stored of a key is only its hash, which is not shown."""

    list_display = ["name", "user", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    exclude = ["key_sha256"]

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return bool(request.user.is_superuser)
