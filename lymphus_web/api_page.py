"""DRF's browsable page under our Content-Security-Policy."""

from rest_framework.renderers import BrowsableAPIRenderer as DrfRenderer


class BrowsableAPIRenderer(DrfRenderer):
    """Without the raw-data and HTML forms: they need inline styles, and the docs page tries requests better."""

    def show_form_for_method(self, view, method, request, obj):  # type: ignore[no-untyped-def]
        return False
