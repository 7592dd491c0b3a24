"""Pages of floor 2."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from readers.views import account, session

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", session.set_theme, name="set_theme"),
    path("language/", session.set_language, name="set_language"),
    path("account/", account.account, name="account"),
    path("account/tokens/", account.token_new, name="token_new"),
    path("account/tokens/<str:public_id>/revoke/", account.token_revoke, name="token_revoke"),
]
