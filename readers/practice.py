"""The practice case: the reading page on a made-up image, for nobody's study. It is a case of its own, because the
first reading of a study must not be the one on which the page is learnt; and nothing of it is stored but that it was
shown, so that it is offered once and never counted."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from annotations.answers import Spacing
from annotations.demo.practice import HEIGHT_PX, MM_PER_PX, WIDTH_PX
from annotations.models import Reading
from annotations.reading_json import reading_json
from readers.boot import form_json, score_json
from readers.models import Assignment, Study
from readers.page_settings import reading_settings
from readers.profiles import profile_of, remember_setting
from readers.worklists import StudyWork

SETTING = "practice"
ENDS = ("done", "left")


def practice_boot(user: Any) -> dict[str, Any]:
    """The boot data of the practice page, in the form of `reading_boot`: form and score as the person's next study asks
    them. Its addresses are names that the page's own pretended line knows; none is ever asked."""
    study = _next_study(user)
    reading = Reading(form_version=study.form_version)
    spacing = Spacing(MM_PER_PX, MM_PER_PX, "")
    return {
        "assignment": _assignment_json(),
        "image": {
            "url": static("practice/image.png"),
            "width": WIDTH_PX,
            "height": HEIGHT_PX,
            "spacing": {"row_mm": MM_PER_PX, "col_mm": MM_PER_PX, "source": _("known scale")},
        },
        "form": form_json(study),
        "score": score_json(study.score_style),
        "reading": reading_json(reading, spacing=spacing, ask_prominent=study.ask_prominent),
        "urls": {name: name for name in ("image", "reading", "submit", "activity", "login")} | {"prefetch_image": None},
        "settings": reading_settings(user),
        "user": {"id": str(user.pk), "name": user.get_full_name() or user.get_username()},
    }


def offers_practice(user: Any, works: list[StudyWork]) -> bool:
    """Whether the home of this person offers it first: nothing read yet, and never shown."""
    if any(work.submitted or work.drafts for work in works):
        return False
    return SETTING not in profile_of(user).page_settings


def end_practice(user: Any, how: str) -> None:
    """Remember that it was gone through ("done") or left; it stays in the menu. Anything else counts as left."""
    remember_setting(user, SETTING, how if how in ENDS else "left")


def _next_study(user: Any) -> Study:
    rows = Assignment.objects.visible_to(user).filter(study__state=Study.State.OPEN, withdrawn_at__isnull=True)
    first = rows.select_related("study").order_by("study__opened_at", "pk").first()
    return first.study if first else Study()


def _assignment_json() -> dict[str, Any]:
    return {
        "id": "practice",
        "study_title": _("Practice case"),
        "position": 1,
        "total": 1,
        "arm_label": "",
        "period": 1,
        "progress": ["open"],
        "next_url": None,
        "worklist_url": reverse("home"),
        "feedback": Study.Feedback.NEVER,
        "synthetic": True,
    }
