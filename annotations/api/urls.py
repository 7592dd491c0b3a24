"""Addresses of floor 1 below /api/v1/."""

from django.urls import path

from annotations.api import views

urlpatterns = [
    path("features/", views.FeatureList.as_view(), name="features"),
    path("features/<str:version>/", views.FeatureDetail.as_view(), name="feature-form"),
    path("datasets/", views.DatasetList.as_view(), name="datasets"),
    path("datasets/<slug:slug>/", views.DatasetDetail.as_view(), name="dataset"),
    path("datasets/<slug:slug>/versions/", views.VersionList.as_view(), name="dataset-versions"),
    path("versions/<str:public_id>/", views.VersionDetail.as_view(), name="dataset-version"),
    path("cases/", views.CaseList.as_view(), name="cases"),
    path("cases/<str:public_id>/", views.CaseDetail.as_view(), name="case"),
    path("images/<str:public_id>/", views.ImageDetail.as_view(), name="image"),
    path("images/<str:public_id>/content/", views.ImageContent.as_view(), name="image-content"),
    path("masks/<str:public_id>/", views.MaskContent.as_view(), name="mask"),
    path("reference-readings/", views.ReferenceReadingList.as_view(), name="reference-readings"),
    path("reference-readings/<str:public_id>/", views.ReferenceReadingDetail.as_view(), name="reference-reading"),
]
