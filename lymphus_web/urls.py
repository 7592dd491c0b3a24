"""Every address. Pages of floor 1 and 2 and the API have url modules of their own."""

from django.contrib import admin
from django.urls import include, path

from lymphus_web import health

urlpatterns = [
    path("health/", health.health, name="health"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("lymphus_web.api_urls")),
    path("", include("readers.reading_urls")),
    path("", include("readers.urls")),
    path("", include("annotations.urls")),
]
