"""The headers and bodies of a write: which version the page has seen, and how large it may be."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request

from annotations.problems import InvalidAnswer, PreconditionRequired, TooLarge

_VERSION = re.compile(r'^(?:W/)?"?(\d{1,9})"?$')
_WRITE_ID = re.compile(r"^[A-Za-z0-9._:-]{1,64}$")


def expected_version(request: Request) -> int:
    """The version in If-Match. Raises PreconditionRequired without one."""
    found = _VERSION.match(request.headers.get("If-Match", "").strip())
    if not found:
        raise PreconditionRequired(_('Say in If-Match which version of the reading you have seen, e.g. If-Match: "3".'))
    return int(found[1])


def write_id(value: Any) -> str:
    """A write's id as the browser made it. Raises InvalidAnswer."""
    if not isinstance(value, str) or not _WRITE_ID.match(value):
        raise InvalidAnswer(
            _("A write has an id of up to 64 letters, digits, “.”, “_”, “:” or “-”."), feature="write_id"
        )
    return value


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object sent. Raises TooLarge before reading it, InvalidAnswer for anything but an object."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    if not length.isdigit() or int(length) > limit:
        raise TooLarge(_("At most %d MB are taken in one write.") % (limit // 2**20))
    if not isinstance(request.data, dict):
        raise InvalidAnswer(_("An object is expected."), feature=None)
    return request.data
