"""How readers and the reference are called: by number in a study, by name in a table."""

from __future__ import annotations

from django.utils.translation import gettext as _


def short(side: str) -> str:
    """As heads of narrow columns have it."""
    if side == "reference":
        return _("Ref")
    return _("R%(side)s") % {"side": side} if side.isdecimal() else side


def long(side: str) -> str:
    """Within a sentence."""
    return _("the reference") if side == "reference" else _("reader %(n)s") % {"n": side}


def capital(side: str) -> str:
    """As a row begins with it."""
    return _("Reference") if side == "reference" else _("Reader %(n)s") % {"n": side}
