"""Log in, home by role, theme and language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from readers.forms import LogInForm
from readers.navigation import home_of
from readers.profiles import THEMES, profile_of, remember_setting


class LogIn(LoginView):
    """The page remembers this person's theme and language from the last time."""

    template_name = "registration/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        chosen = profile_of(self.request.user).page_settings
        if chosen.get("theme") in THEMES:
            self.request.session["theme"] = chosen["theme"]
        if chosen.get("language"):
            _remember_language(response, chosen["language"])
        return response


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(home_of(request.user))


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """“paper”, “night”, or anything else: as the system wishes."""
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        request.session["theme"] = theme
    else:
        theme = ""
        request.session.pop("theme", None)
    if request.user.is_authenticated:
        remember_setting(request.user, "theme", theme)
    return _back(request)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _remember_language(response, language)
        if request.user.is_authenticated:
            remember_setting(request.user, "language", language)
    return response


def _remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the person came from, if it is one of ours."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(target)
    return HttpResponseRedirect("/")
