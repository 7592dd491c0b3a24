"""What a lead does to a study: open it, lock it (asked twice), add a reader, take one back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotations.problems import Problem
from readers.models import Study
from readers.people import name_of
from readers.studies import add_reader, lock_study, open_study, withdraw_reader
from readers.study_forms import AddReaderForm, LockForm
from readers.views.studies import led_study
from readers.worklists import study_progress


@login_required
@require_POST
def study_open(request: HttpRequest, public_id: str) -> HttpResponse:
    study = led_study(request, public_id)
    try:
        open_study(study, request.user)
    except Problem as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("The study is open: the worklists are drawn and its readers can begin."))
    return redirect("study_detail", public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study_lock(request: HttpRequest, public_id: str) -> HttpResponse:
    """Final, so it asks twice: the first press shows what is still missing, the second must say that it is meant,
    and is asked again if a reading came in meanwhile."""
    study = led_study(request, public_id)
    if study.state != Study.State.OPEN:
        messages.error(request, _("Only an open study can be locked."))
        return redirect("study_detail", public_id)
    progress = study_progress(study)
    form = LockForm(request.POST if "submitted" in request.POST else None)
    if form.is_valid() and form.cleaned_data["submitted"] != progress.submitted:
        form.add_error("sure", _("A reading came in since you were asked. Look at the numbers again."))
    if form.is_bound and form.is_valid():
        return _lock(request, study)
    context = {"study": study, "progress": progress, "missing": progress.total - progress.submitted, "lock_form": form}
    return render(request, "studies/lock.html", context, status=422 if form.errors else 200)


def _lock(request: HttpRequest, study: Study) -> HttpResponse:
    try:
        lock_study(study, request.user)
    except Problem as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("The study is locked. Its readings can be analysed and exported now."))
    return redirect("study_detail", study.public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study_reader_add(request: HttpRequest, public_id: str) -> HttpResponse:
    study = led_study(request, public_id)
    form = AddReaderForm(request.POST or None, study=study)
    if request.method == "POST" and form.is_valid():
        try:
            place = add_reader(study, form.cleaned_data["reader"], request.user)
        except Problem as refusal:
            form.add_error("reader", refusal.detail)
        else:
            said: dict[str, Any] = {"name": name_of(form.cleaned_data["reader"]), "n": place.number}
            messages.success(request, _("%(name)s reads in this study as reader %(n)d.") % said)
            return redirect("study_detail", public_id)
    return render(
        request, "studies/add_reader.html", {"study": study, "add_form": form}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def study_reader_withdraw(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Takes back what the reader of that number has not submitted."""
    study = led_study(request, public_id)
    place = study.places.select_related("user").filter(number=number).first()
    try:
        if place is not None:
            withdraw_reader(study, place.user, request.user, request.POST.get("reason", ""))
            messages.success(request, _("Reader %(n)d reads no more; what was submitted stays.") % {"n": number})
    except Problem as refusal:
        messages.error(request, refusal.detail)
    return redirect("study_detail", public_id)
