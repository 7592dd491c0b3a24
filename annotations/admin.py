"""Site administration shows the tables of floor 1 and changes none: data changes only by verbs, in pages of our own.

What would show a reader's answers before a study is closed has no place here at all.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from annotations.models import Centre, Dataset, DatasetVersion, Export, Import, ModelVersion


class ReadOnlyAdmin(admin.ModelAdmin):
    """A table to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "licence", "synthetic", "created_at"]


@admin.register(Centre)
class CentreAdmin(ReadOnlyAdmin):
    list_display = ["name", "dataset", "number", "device", "split"]


@admin.register(DatasetVersion)
class DatasetVersionAdmin(ReadOnlyAdmin):
    list_display = ["dataset", "number", "sha256", "published_at"]
    exclude = ["manifest"]


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ["name", "version"]


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "dataset_slug", "step", "state", "attempts", "created_at", "finished_at"]
    exclude = ["uploads", "report", "result", "lease"]


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "format", "state", "attempts", "created_at", "finished_at"]
    exclude = ["lease"]
