"""The nouns of floor 2, a noun a file."""

from readers.models.access import ApiToken
from readers.models.assignment import ActivityInterval, Assignment, AssignmentReading, LateWork
from readers.models.exposure import Exposure
from readers.models.profile import ReaderProfile
from readers.models.study import Arm, Study, StudyAnalysis, StudyEvent, StudyExport, StudyReader

__all__ = [
    "ActivityInterval",
    "ApiToken",
    "Arm",
    "Assignment",
    "AssignmentReading",
    "Exposure",
    "LateWork",
    "ReaderProfile",
    "Study",
    "StudyAnalysis",
    "StudyEvent",
    "StudyExport",
    "StudyReader",
]
