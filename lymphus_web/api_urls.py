"""/api/v1/: both floors' addresses, the OpenAPI description and the page that shows it."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import readers.api.schema  # noqa: F401  # makes the two ways of logging in known to the description
from annotations.api.nothing import NothingHere
from lymphus_web.api_root import ApiRoot

app_name = "api"
urlpatterns = [
    path("", ApiRoot.as_view(), name="root"),
    path("", include("annotations.api.urls")),
    path("", include("readers.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    # the last: whatever else is asked below /api/v1/ gets the API's own 404
    re_path(r"^.*/$", NothingHere.as_view(), name="nothing-here"),
]
