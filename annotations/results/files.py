"""A file to take away."""

from __future__ import annotations

from django.http import HttpResponse


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    """As an attachment of that name, which is plain ASCII."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
