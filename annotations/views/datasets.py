"""Pages of datasets: the list, a gallery with facets, and the publishing of a version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations.case_pages import reference_of, words_of
from annotations.case_rows import CaseRow, case_rows
from annotations.dataset_lists import listed_datasets
from annotations.datasets import publish_version
from annotations.diameter_histogram import diameter_histogram
from annotations.features import FormSchema, form_schema
from annotations.floor_above import note_shown
from annotations.galleries import chips_of, facets_of, make_gallery, read_choice
from annotations.models import Dataset, Image
from annotations.problems import Problem
from annotations.querysets import is_curator, sees_cases
from annotations.views.guards import case_viewers_only, curators_only

PAGE = 40


def dataset_or_404(request: HttpRequest, slug: str) -> Dataset:
    try:
        return Dataset.objects.visible_to(request.user).get(slug=slug)
    except Dataset.DoesNotExist:
        raise Http404 from None


@require_safe
@login_required
def dataset_list(request: HttpRequest) -> HttpResponse:
    """Leads too: they choose from it. Titles and numbers only."""
    user = request.user
    if not (sees_cases(user) or user.has_perm("readers.lead")):
        raise Http404
    page = Paginator(listed_datasets(user), 50).get_page(request.GET.get("page"))
    return render(
        request, "datasets/list.html", {"page": page, "may_open": sees_cases(user), "may_import": is_curator(user)}
    )


@require_safe
@case_viewers_only
def dataset_detail(request: HttpRequest, slug: str) -> HttpResponse:
    dataset = dataset_or_404(request, slug)
    schema = form_schema(dataset.form_version)
    rows = case_rows(request.user, dataset)
    facets = facets_of(schema, sorted({(r.centre_number, r.centre_name) for r in rows}))
    gallery = make_gallery(rows, schema, facets, read_choice(facets, request.GET))
    page = Paginator(gallery.rows, PAGE).get_page(request.GET.get("page"))
    shown = [row.pk for row in page.object_list]
    for what in sorted(gallery.tells):
        note_shown(request.user, shown, what, "gallery")
    query = gallery.chosen.query()
    return render(
        request,
        "datasets/gallery.html",
        {
            "dataset": dataset, "gallery": gallery, "page": page, "chips": chips_of(gallery),
            "histogram": diameter_histogram(rows, gallery), "query": query, "query_and": f"{query}&" if query else "",
            "picked": _picked(request, rows, schema), "may_curate": is_curator(request.user),
        },
    )  # fmt: skip


def _picked(request: HttpRequest, rows: list[CaseRow], schema: FormSchema) -> dict[str, Any] | None:
    """The case the address picks, with its outline and answers: its reference is shown, and that is noted."""
    row = next((r for r in rows if r.public_id == request.GET.get("case")), None)
    if row is None:
        return None
    image = Image.objects.visible_to(request.user).select_related("case").get(public_id=row.image)
    reference = reference_of(request.user, image.case, image, schema, {})
    note_shown(request.user, [row.pk], "reference", "gallery")
    features = [
        (f.label, words_of(f, row.answers.get(f.code), f.unit)) for f in schema.features if f.code in row.answers
    ]
    return {"row": row, "path": reference.path if reference else "", "features": features}


@require_POST
@curators_only
def version_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """`note`: what is new, in a few words."""
    dataset = dataset_or_404(request, slug)
    last = dataset.versions.visible_to(request.user).order_by("-number").first()
    try:
        made = publish_version(dataset, by=request.user, note=request.POST.get("note", "").strip())  # type: ignore[arg-type]
    except Problem as problem:
        messages.warning(request, problem.detail)
    else:
        if last is not None and last.pk == made.pk:
            messages.info(request, _("Nothing changed since version %d: no new one was made.") % made.number)
        else:
            messages.success(request, _("Version %d is published.") % made.number)
    return redirect("dataset_description", slug)
