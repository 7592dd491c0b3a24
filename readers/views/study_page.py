"""What the page of one study shows: the protocol in words, the schedule, counts and times. No answer, no accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readers.case_choice import extents
from readers.durations import clock
from readers.models import Study
from readers.schedules import schedule_of
from readers.study_events import chosen_by, what_happened
from readers.worklists import ReaderProgress, study_progress

QUIET_DAYS = 7


@dataclass(frozen=True, slots=True)
class ProtocolRow:
    name: str
    says: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    reader: ReaderProgress
    user_id: int
    median: str
    remark: str
    warns: bool


def page_of(study: Study) -> dict[str, Any]:
    """Everything templates/studies/detail.html asks of the database."""
    progress = study_progress(study)
    users = dict(study.places.values_list("number", "user_id"))
    return {
        "study": study,
        "progress": progress,
        "rows": [_row(study, reader, users[reader.number]) for reader in progress.readers],
        "staying": sum(not reader.withdrawn for reader in progress.readers),
        "schedule": schedule_of(study),
        "protocol": protocol_of(study),
        "happenings": what_happened(study),
        "missing": progress.total - progress.submitted,
    }


def protocol_of(study: Study) -> list[ProtocolRow]:
    """The protocol in words, in the order of a methods section."""
    version = study.dataset_version
    chosen, all_cases = len(study.case_ids), extents([version])[version.pk].cases
    frozen = timezone.localtime(version.published_at)
    seed = _("Random per reader; seed %(seed)s, rows stored") % {"seed": study.order_seed}
    return [
        ProtocolRow(
            _("Dataset"),
            _("%(dataset)s, frozen %(day)s") % {"dataset": version, "day": date_format(frozen, "SHORT_DATE_FORMAT")},
            _("Synthetic images") if version.dataset.synthetic else "",
        ),
        ProtocolRow(
            _("Cases"), _("%(chosen)d of %(all)d") % {"chosen": chosen, "all": all_cases}, chosen_by(study)
        ),
        ProtocolRow(
            _("Question"), _("Sixteen features, malignancy, mask"), _("form %(form)s") % {"form": study.form_version}
        ),
        ProtocolRow(_("Prominent echogenicity"), capfirst(study.get_ask_prominent_display())),
        ProtocolRow(_("Malignancy score"), capfirst(study.get_score_style_display())),
        ProtocolRow(_("Design"), _("Every reader reads every case once, unaided")),
        ProtocolRow(_("Order"), seed),
        ProtocolRow(_("Blinding"), _("Pathology, reference, other readers, file names")),
        ProtocolRow(_("Feedback"), capfirst(study.get_feedback_display())),
        ProtocolRow(_("Readers who know a case"), capfirst(study.get_exposed_readers_display())),
    ]  # fmt: skip


def _row(study: Study, reader: ReaderProgress, user_id: int) -> ProgressRow:
    remarks, warns = _remarks(study, reader)
    return ProgressRow(reader, user_id, clock(reader.median_seconds), "; ".join(remarks), warns)


def _remarks(study: Study, reader: ReaderProgress) -> tuple[Sequence[str], bool]:
    if reader.withdrawn:
        return [_("withdrew; what was submitted stays")], False
    remarks = []
    if reader.exposed:
        text = ngettext("knows %(n)d case", "knows %(n)d cases", reader.exposed) % {"n": reader.exposed}
        left_out = study.exposed_readers == Study.Exposed.LEAVE_OUT and study.purpose != Study.Purpose.TRAINING
        what = _("left out") if left_out else _("flagged")
        remarks.append(f"{text}, {what}")
    away = _days_away(study, reader)
    if away >= QUIET_DAYS:
        remarks.append(ngettext("not seen for %(n)d day", "not seen for %(n)d days", away) % {"n": away})
    return remarks, away >= QUIET_DAYS


def _days_away(study: Study, reader: ReaderProgress) -> int:
    """Whole days since the reader last saved, or since the study opened; 0 when there is nothing to wait for."""
    since = reader.last_saved_at or study.opened_at
    if study.state != Study.State.OPEN or since is None or reader.submitted == reader.total:
        return 0
    return (timezone.now() - since) // timedelta(days=1)
