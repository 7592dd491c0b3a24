"""Addresses of floor 2 below /api/v1/."""

from django.urls import path

from readers.api import analyses, analysis_files, assignments, exports, studies

urlpatterns = [
    path("assignments/", assignments.AssignmentList.as_view(), name="assignments"),
    path("assignments/<public:public_id>/image/", assignments.AssignmentImage.as_view(), name="assignment-image"),
    path(
        "assignments/<public:public_id>/reading/",
        assignments.AssignmentReadingView.as_view(),
        name="assignment-reading",
    ),
    path("assignments/<public:public_id>/submit/", assignments.AssignmentSubmit.as_view(), name="assignment-submit"),
    path("assignments/<public:public_id>/reopen/", assignments.AssignmentReopen.as_view(), name="assignment-reopen"),
    path(
        "assignments/<public:public_id>/activity/", assignments.AssignmentActivity.as_view(), name="assignment-activity"
    ),
    path(
        "assignments/<public:public_id>/feedback/", assignments.AssignmentFeedback.as_view(), name="assignment-feedback"
    ),
    path(
        "assignments/<public:public_id>/feedback/mask/",
        assignments.AssignmentFeedbackMask.as_view(),
        name="assignment-feedback-mask",
    ),
    path("studies/", studies.StudyList.as_view(), name="studies"),
    path("studies/<public:public_id>/", studies.StudyDetail.as_view(), name="study"),
    path("studies/<public:public_id>/open/", studies.StudyOpen.as_view(), name="study-open"),
    path("studies/<public:public_id>/lock/", studies.StudyLock.as_view(), name="study-lock"),
    path("studies/<public:public_id>/progress/", studies.StudyProgressView.as_view(), name="study-progress"),
    path("studies/<public:public_id>/readings/", studies.StudyReadings.as_view(), name="study-readings"),
    path(
        "studies/<public:public_id>/readings/stream/",
        studies.StudyReadingStream.as_view(),
        name="study-readings-stream",
    ),
    path(
        "studies/<public:public_id>/readings/<public:reading>/mask/",
        studies.StudyReadingMask.as_view(),
        name="study-reading-mask",
    ),
    path("studies/<str:public_id>/analyses/", analyses.StudyAnalyses.as_view(), name="study-analyses"),
    path("versions/<public:public_id>/analyses/", analyses.VersionAnalyses.as_view(), name="version-analyses"),
    path("studies/<str:public_id>/exports/", exports.StudyExports.as_view(), name="study-exports"),
    path("analyses/", analyses.AnalysisList.as_view(), name="analyses"),
    path("analyses/<str:public_id>/", analyses.AnalysisDetail.as_view(), name="analysis"),
    path("analyses/<str:public_id>/result/", analyses.AnalysisResult.as_view(), name="analysis-result"),
    path("analyses/<str:public_id>/files/", analysis_files.AnalysisFiles.as_view(), name="analysis-files"),
    path("analyses/<str:public_id>/tables.xlsx", analysis_files.AnalysisWorkbook.as_view(), name="analysis-workbook"),
    path(
        "analyses/<str:public_id>/tables/<slug:name>.<slug:form>",
        analysis_files.AnalysisTable.as_view(),
        name="analysis-table",
    ),
    path(
        "analyses/<str:public_id>/figures/<int:number>.<slug:form>",
        analysis_files.AnalysisFigure.as_view(),
        name="analysis-figure",
    ),
    path("analyses/<str:public_id>/cancel/", analyses.AnalysisCancel.as_view(), name="analysis-cancel"),
    path("datasets/<slug:slug>/exports/", exports.DatasetExports.as_view(), name="dataset-exports"),
    path("exports/", exports.ExportList.as_view(), name="exports"),
    path("exports/<str:public_id>/", exports.ExportDetail.as_view(), name="export"),
    path("exports/<str:public_id>/file/", exports.ExportFile.as_view(), name="export-file"),
    path("exports/<str:public_id>/cancel/", exports.ExportCancel.as_view(), name="export-cancel"),
]
