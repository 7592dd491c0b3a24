"""Addresses of floor 1 below /api/v1/."""

from django.urls import path

from annotations.api import cases, datasets, references

urlpatterns = [
    path("features/", datasets.FeatureList.as_view(), name="features"),
    path("features/<str:version>/", datasets.FeatureDetail.as_view(), name="feature-form"),
    path("datasets/", datasets.DatasetList.as_view(), name="datasets"),
    path("datasets/<slug:slug>/", datasets.DatasetDetail.as_view(), name="dataset"),
    path("datasets/<slug:slug>/versions/", datasets.VersionList.as_view(), name="dataset-versions"),
    path("versions/<public:public_id>/", datasets.VersionDetail.as_view(), name="dataset-version"),
    path("cases/", cases.CaseList.as_view(), name="cases"),
    path("cases/<public:public_id>/", cases.CaseDetail.as_view(), name="case"),
    path("images/<public:public_id>/", cases.ImageDetail.as_view(), name="image"),
    path("images/<public:public_id>/content/", cases.ImageContent.as_view(), name="image-content"),
    path("masks/<public:public_id>/", cases.MaskContent.as_view(), name="mask"),
    path("reference-readings/", references.ReferenceReadingList.as_view(), name="reference-readings"),
    path(
        "reference-readings/<public:public_id>/", references.ReferenceReadingDetail.as_view(), name="reference-reading"
    ),
]
