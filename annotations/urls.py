"""Pages of floor 1."""

from django.urls import path

from annotations.views import case_pictures, cases, datasets, descriptions, imports

CASE = "datasets/<slug:slug>/cases/<str:public_id>/"

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<str:public_id>/", imports.import_detail, name="import_detail"),
    path("imports/<str:public_id>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<str:public_id>/decide/", imports.import_decide, name="import_decide"),
    path("imports/<str:public_id>/report.json", imports.import_report, name="import_report"),
    # curation
    path("datasets/", datasets.dataset_list, name="dataset_list"),
    path("datasets/<slug:slug>/", datasets.dataset_detail, name="dataset_detail"),
    path("datasets/<slug:slug>/description/", descriptions.dataset_description, name="dataset_description"),
    path("datasets/<slug:slug>/publish/", datasets.version_publish, name="version_publish"),
    path(CASE, cases.case_detail, name="case_detail"),
    path(f"{CASE}image/", case_pictures.case_image, name="case_image"),
    path(f"{CASE}fusion/", case_pictures.case_fusion, name="case_fusion"),
    path(f"{CASE}thumbnail/", case_pictures.case_thumbnail, name="case_thumbnail"),
    path(f"{CASE}exclude/", cases.case_exclude, name="case_exclude"),
    path(f"{CASE}include/", cases.case_include, name="case_include"),
    path(f"{CASE}markings/", cases.case_markings, name="case_markings"),
    path(f"{CASE}calibrate/", cases.case_calibrate, name="case_calibrate"),
]
