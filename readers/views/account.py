"""A person's own page: name, what a study must report of a reader, keys to the API, theme and language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from readers.forms import NameForm, PasswordForm, ProfileForm, TokenForm
from readers.profiles import profile_of
from readers.querysets import is_reader
from readers.tokens import make_token, revoke_token, scopes_for, tokens_of


def languages_with_texts() -> list[tuple[str, str]]:
    """English, and each language whose catalogue is compiled."""
    folders = [Path(folder) for folder in settings.LOCALE_PATHS]
    return [
        (code, str(name))
        for code, name in settings.LANGUAGES
        if code == "en" or any((folder / code / "LC_MESSAGES" / "django.mo").exists() for folder in folders)
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Shows the page; a POST stores name and profile."""
    user = request.user
    assert isinstance(user, User)
    name = NameForm(request.POST or None, instance=user)
    profile = ProfileForm(request.POST or None, instance=profile_of(user)) if is_reader(user) else None
    if request.method == "POST" and name.is_valid() and (profile is None or profile.is_valid()):
        name.save()
        if profile is not None:
            profile.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return _page(request, name=name, profile=profile, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """A new password, asked for with the old one. This session goes on, every other of this person ends."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, _("The password is changed. You are logged out everywhere else."))
        return redirect("account")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
@never_cache
def token_new(request: HttpRequest) -> HttpResponse:
    """Makes a key and shows it, this once: it is stored as a hash."""
    form = TokenForm(request.POST, scopes=scopes_for(request.user))
    if not form.is_valid():
        return _page(request, token_form=form, status=422)
    made = form.cleaned_data
    token, key = make_token(request.user, made["name"], made["scopes"], made["days"])
    return render(request, "account/token_made.html", {"token": token, "key": key})


@login_required
@require_POST
def token_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    if not revoke_token(request.user, public_id):
        raise Http404
    messages.success(request, _("The key has ended: what used it is refused from now on."))
    return redirect("account")


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    user: Any = request.user
    scopes = scopes_for(user)
    context = {
        "name": NameForm(instance=user),
        "profile": ProfileForm(instance=profile_of(user)) if is_reader(user) else None,
        "token_form": TokenForm(scopes=scopes) if scopes else None,
        "tokens": tokens_of(user),
        "themes": [("", _("As the system")), ("paper", _("Light")), ("night", _("Dark"))],
        "theme": request.session.get("theme", ""),
        "languages": languages_with_texts(),
        "language": get_language(),
    }
    return render(request, "account/account.html", context | forms, status=status)
