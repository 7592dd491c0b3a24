"""Pages of floor 2."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from readers.views import (
    account,
    analyses,
    analysis_asked,
    analysis_cases,
    analysis_files,
    exports,
    session,
    studies,
    study_steps,
    worklist,
)

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", session.set_theme, name="set_theme"),
    path("language/", session.set_language, name="set_language"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/tokens/", account.token_new, name="token_new"),
    path("account/tokens/<str:public_id>/revoke/", account.token_revoke, name="token_revoke"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("training/", worklist.training, name="training"),
    path("studies/", studies.study_list, name="study_list"),
    path("studies/new/", studies.study_new, name="study_new"),
    path("studies/<str:public_id>/", studies.study_detail, name="study_detail"),
    path("studies/<str:public_id>/open/", study_steps.study_open, name="study_open"),
    path("studies/<str:public_id>/lock/", study_steps.study_lock, name="study_lock"),
    path("studies/<str:public_id>/readers/", study_steps.study_reader_add, name="study_reader_add"),
    path(
        "studies/<str:public_id>/readers/<int:number>/withdraw/",
        study_steps.study_reader_withdraw,
        name="study_reader_withdraw",
    ),
    path("studies/<str:public_id>/analyse/", analysis_asked.study_analyse, name="study_analyse"),
    path("datasets/<slug:slug>/versions/<int:number>/analyse/", analysis_asked.version_analyse, name="version_analyse"),
    path("analyses/", analyses.analysis_list, name="analysis_list"),
    path("analyses/table/", analysis_asked.table_analyse, name="table_analyse"),
    path("analyses/<str:public_id>/", analyses.analysis_detail, name="analysis_detail"),
    path("analyses/<str:public_id>/progress/", analyses.analysis_progress, name="analysis_progress"),
    path("analyses/<str:public_id>/cancel/", analyses.analysis_cancel, name="analysis_cancel"),
    path("analyses/<str:public_id>/result.json", analysis_files.analysis_json, name="analysis_json"),
    path("analyses/<str:public_id>/foot.css", analysis_files.analysis_foot, name="analysis_foot"),
    path("analyses/<str:public_id>/tables.xlsx", analysis_files.analysis_workbook, name="analysis_workbook"),
    path(
        "analyses/<str:public_id>/tables/<slug:name>.<slug:form>", analysis_files.analysis_table, name="analysis_table"
    ),
    path(
        "analyses/<str:public_id>/figures/<int:number>.<str:form>",
        analysis_files.analysis_figure,
        name="analysis_figure",
    ),
    path("analyses/<str:public_id>/masks/", analysis_cases.analysis_masks, name="analysis_masks"),
    path(
        "analyses/<str:public_id>/features/<str:code>/cases/",
        analysis_cases.analysis_differing,
        name="analysis_differing",
    ),
    path("analyses/<str:public_id>/cases/<str:case>/", analysis_cases.analysis_case, name="analysis_case"),
    path(
        "analyses/<str:public_id>/cases/<str:case>/image/",
        analysis_cases.analysis_case_image,
        name="analysis_case_image",
    ),
    path("exports/", exports.export_list, name="export_list"),
    path("exports/new/", exports.export_request, name="export_request"),
    path("exports/<str:public_id>/file/", exports.export_file, name="export_file"),
    path("exports/<str:public_id>/progress/", exports.export_progress, name="export_progress"),
    path("exports/<str:public_id>/cancel/", exports.export_cancel, name="export_cancel"),
]
