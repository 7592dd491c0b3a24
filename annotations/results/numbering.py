"""The numbers of tables and figures on a results page: in the order in which it shows them, with none left out."""

from __future__ import annotations

from django.utils.translation import gettext as _


class Numbering:
    """One page's count; each asking is the next. A template asks once for each that it shows."""

    def __init__(self) -> None:
        self._tables = self._figures = 0

    def table(self) -> str:
        self._tables += 1
        return _("Table %(n)d.") % {"n": self._tables}

    def figure(self) -> str:
        self._figures += 1
        return _("Figure %(n)d.") % {"n": self._figures}
