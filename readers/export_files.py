"""Handing over the file of a finished export, for page and API alike."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404

from annotations.exports.verbs import export_path
from annotations.models import Export
from readers.export_access import note_fetched


def file_response(user: Any, export: Export) -> FileResponse:
    """The file, streamed, with its SHA-256 in a header. Raises Http404 while there is none, NotAllowedNow."""
    path = export_path(export)
    if export.state != Export.State.DONE or not path.exists():
        raise Http404
    note_fetched(user, export)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=export.file_name)
    response["X-Content-SHA256"] = export.file_sha256
    response["Cache-Control"] = "private, no-store"
    return response
