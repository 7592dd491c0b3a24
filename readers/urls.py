"""Pages of floor 2."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from readers.views import account, session, studies, study_steps, worklist

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", session.set_theme, name="set_theme"),
    path("language/", session.set_language, name="set_language"),
    path("account/", account.account, name="account"),
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
]
