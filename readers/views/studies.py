"""A lead's pages: the list of studies, a new study in one page, one study."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotations.problems import InvalidSpec
from readers.case_choice import create_study_by_rule
from readers.models import Study
from readers.navigation import address
from readers.querysets import is_lead
from readers.study_forms import AddReaderForm, LockForm, StudyForm
from readers.study_overviews import overviews
from readers.views.study_page import page_of

# what a refusal names -> the field of the form beside which it is said
_FIELD_OF = {"case_ids": "take", "order_seed": "seed", "dataset_version": "version"}


def led_study(request: HttpRequest, public_id: str) -> Study:
    """The study if this person leads it, else the 404 of everything that is not one's own."""
    try:
        return Study.objects.visible_to(request.user).with_protocol().get(public_id=public_id)
    except Study.DoesNotExist:
        raise Http404 from None


@login_required
@require_safe
def study_list(request: HttpRequest) -> HttpResponse:
    if not is_lead(request.user):
        raise Http404
    studies = Study.objects.visible_to(request.user).with_protocol()
    page = Paginator(studies, 50).get_page(request.GET.get("page"))
    return render(request, "studies/list.html", {"page": page, "studies": overviews(list(page.object_list))})


@login_required
@require_safe
def study_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    study = led_study(request, public_id)
    return render(request, "studies/detail.html", page_of(study) | _forms_of(study))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study_new(request: HttpRequest) -> HttpResponse:
    """One page. A refusal by the verb is said beside the field it is about."""
    if not is_lead(request.user):
        raise Http404
    form = StudyForm(request.POST or None, lead=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            study = create_study_by_rule(request.user, form.rule, **form.protocol)
        except InvalidSpec as refusal:
            field = refusal.facts.get("field", "")
            field = _FIELD_OF.get(field, field)
            form.add_error(field if field in form.fields else None, refusal.detail)
        else:
            messages.success(request, _("The study is made. Nobody reads before you open it."))
            return redirect("study_detail", study.public_id)
    return render(request, "studies/new.html", {"form": form}, status=422 if form.errors else 200)


def _forms_of(study: Study) -> dict[str, Any]:
    """The forms in the page's dialogs, and the addresses of later pages if they are there."""
    return {
        "lock_form": LockForm(auto_id="lock_%s"),
        "add_form": AddReaderForm(study=study),
        "analyse_url": address("study_analyse", study.public_id),
        "exports_url": address("export_list"),
        "analyses": [
            {"row": link.analysis, "url": address("analysis_detail", link.analysis.public_id)}
            for link in study.analyses.select_related("analysis").order_by("-pk")
        ],
    }
