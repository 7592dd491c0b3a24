"""Pages of floor 1."""

from django.urls import path

from annotations.views import imports

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<str:public_id>/", imports.import_detail, name="import_detail"),
    path("imports/<str:public_id>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<str:public_id>/decide/", imports.import_decide, name="import_decide"),
    path("imports/<str:public_id>/report.json", imports.import_report, name="import_report"),
]
