"""A dataset described as a paper would: who is in it, Table 1, the three quantities in one picture, its versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.case_rows import case_rows
from annotations.features import form_schema
from annotations.inclusion import inclusion_of
from annotations.inclusion_chart import draw_inclusion
from annotations.models import DatasetVersion
from annotations.querysets import is_curator
from annotations.radviz import draw_radviz
from annotations.table1 import make_table1
from annotations.views.datasets import dataset_or_404
from annotations.views.guards import case_viewers_only


@require_safe
@case_viewers_only
def dataset_description(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts and pictures of groups: no case is named, so no exposure is noted."""
    dataset = dataset_or_404(request, slug)
    schema = form_schema(dataset.form_version)
    rows = case_rows(request.user, dataset)
    flow = inclusion_of(request.user, dataset, rows)
    versions = (
        DatasetVersion.objects.visible_to(request.user).filter(dataset=dataset).defer("manifest").order_by("-number")
    )
    return render(
        request,
        "datasets/description.html",
        {
            "dataset": dataset, "flow": flow, "chart": draw_inclusion(flow), "table": make_table1(rows, schema),
            "picture": draw_radviz(rows, schema), "versions": versions, "may_curate": is_curator(request.user),
        },
    )  # fmt: skip
