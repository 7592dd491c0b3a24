"""DRF's browsable page under our Content-Security-Policy."""

from typing import Any

from rest_framework.renderers import BrowsableAPIRenderer as DrfRenderer


class BrowsableAPIRenderer(DrfRenderer):
    """Without the raw-data and HTML forms: they need inline styles, and the docs page tries requests better."""

    def show_form_for_method(self, view: Any, method: str, request: Any, obj: Any) -> bool:
        return False
