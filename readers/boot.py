"""Everything the reading page needs to begin, as one JSON: the case's image and form, never anything of its origin."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from annotations.answers import PROMINENT
from annotations.features import as_json, form_schema
from annotations.models import Image, Reading
from annotations.reading_json import reading_json
from readers.assignments import image_of, reading_of
from readers.models import Assignment, Study
from readers.page_settings import reading_settings
from readers.worklists import Position, next_unlocked, positions_of


def reading_boot(assignment: Assignment, user: Any) -> dict[str, Any]:
    """The boot data of the page of one's own assignment (`find_assignment`). Raises Image.DoesNotExist."""
    positions = positions_of(_mine(assignment))
    image, following = image_of(assignment), next_unlocked(positions, after=assignment.position)
    return {
        "assignment": _assignment_json(assignment, positions, following),
        "image": _image_json(assignment, image),
        "form": form_json(assignment.study),
        "score": score_json(assignment.study.score_style),
        "reading": current_reading_json(assignment, image),
        "urls": _urls(assignment, following, user),
        "settings": reading_settings(user),
        "user": {"id": str(user.pk), "name": user.get_full_name() or user.get_username()},
    }


def current_reading_json(assignment: Assignment, image: Image, reading: Reading | None = None) -> dict[str, Any]:
    """The assignment's reading, or the empty one of version 0 before its first write."""
    reading = reading or reading_of(assignment) or Reading(form_version=assignment.study.form_version)
    return reading_json(reading, spacing=image.spacing, ask_prominent=assignment.study.ask_prominent)


def next_assignment_id(assignment: Assignment) -> str | None:
    """The assignment that the worklist offers after this one, None when all is done."""
    return next_unlocked(positions_of(_mine(assignment)), after=assignment.position)


def page_url(assignment_id: str | None) -> str | None:
    return assignment_id and reverse("read-assignment", args=[assignment_id])


def form_json(study: Study) -> dict[str, Any]:
    """The study's form. Where the prevailing echogenicity is asked for every node, the question hangs on no other."""
    form = {**as_json(form_schema(study.form_version)), "ask_prominent": study.ask_prominent}
    if study.ask_prominent == Study.Prominent.EVERY_NODE:
        form["features"] = [
            {**feature, "applies_when": None} if feature["code"] == PROMINENT else feature
            for feature in form["features"]
        ]
    return form


def score_json(style: str) -> dict[str, Any]:
    """How the malignancy score is asked: a line from 0 to 100, or named categories with their values on that line."""
    ends = {"low_label": _("benign"), "high_label": _("malignant")}
    names = _category_names().get(style)
    if names is None:
        return {"style": "vas", **ends}
    step = 100 / (len(names) - 1)
    categories = [{"value": round(i * step), "label": name} for i, name in enumerate(names)]
    return {"style": "categories", "categories": categories, **ends}


def _category_names() -> dict[str, list[str]]:
    sure, probable = (
        [_("definitely benign"), _("probably benign")],
        [_("probably malignant"), _("definitely malignant")],
    )
    return {
        "five": [*sure, _("undecided"), *probable],
        "six": [*sure, _("possibly benign"), _("possibly malignant"), *probable],
    }


def _mine(assignment: Assignment) -> list[Any]:
    rows = Assignment.objects.unscoped().filter(
        study_id=assignment.study_id, reader_id=assignment.reader_id, withdrawn_at__isnull=True
    )
    return list(rows.with_reading_state().select_related("study", "case").order_by("period", "position"))


def _assignment_json(assignment: Assignment, positions: tuple[Position, ...], following: str | None) -> dict[str, Any]:
    place = next((i for i, p in enumerate(positions, start=1) if p.assignment_id == assignment.public_id), 0)
    return {
        "id": assignment.public_id,
        "study_title": assignment.study.title,
        "position": place,
        "total": len(positions),
        "arm_label": assignment.arm.label if assignment.study.arms.count() > 1 else "",
        "period": assignment.period,
        "progress": [p.state for p in positions],
        "next_url": page_url(following),
        "worklist_url": reverse("home"),
        "feedback": assignment.study.feedback,
        "synthetic": assignment.study.dataset_version.dataset.synthetic,
    }


def _image_json(assignment: Assignment, image: Image) -> dict[str, Any]:
    scale = image.spacing
    return {
        "url": _api("assignment-image", assignment.public_id),
        "width": image.width,
        "height": image.height,
        # the name of the source file of the scale stays on the server: it may say where the case is from
        "spacing": scale and {"row_mm": scale.row_mm, "col_mm": scale.col_mm, "source": _("known scale")},
    }


def _urls(assignment: Assignment, following: str | None, user: Any) -> dict[str, Any]:
    own = assignment.public_id
    return {
        "image": _api("assignment-image", own),
        "reading": _api("assignment-reading", own),
        "submit": _api("assignment-submit", own),
        "activity": _api("assignment-activity", own),
        "prefetch_image": following and _api("assignment-image", following),
        "settings": reverse("read-settings"),
        "login": f"{reverse('login-again')}?expected_user={user.pk}",
    }


def _api(name: str, public_id: str) -> str:
    return reverse(f"api:{name}", args=[public_id])
