"""The practice case, before a reader's first one and whenever wished; what ends it is all that the server hears of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from readers.practice import end_practice, practice_boot


@require_safe
@login_required
@never_cache
def practice(request: HttpRequest) -> HttpResponse:
    context = {
        "reading_data": practice_boot(request.user),
        "logout_url": reverse("logout"),
        "practice": True,
        "practice_url": reverse("practice"),
        "practice_end_url": reverse("practice-end"),
    }
    return render(request, "reading/practice.html", context)


@require_POST
@login_required
def practice_end(request: HttpRequest) -> HttpResponse:
    end_practice(request.user, request.POST.get("how", ""))
    return redirect("home")
