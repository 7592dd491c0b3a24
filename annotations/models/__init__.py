"""The nouns of floor 1, a noun a file. Queries live in `annotations.querysets`, writes in verb modules; `save()` saves."""

from annotations.models.analysis import Analysis
from annotations.models.case import Case, Pathology, Patient, Provenance
from annotations.models.dataset import Centre, Dataset, DatasetVersion, VersionCase
from annotations.models.image import Image
from annotations.models.job import Export, Import, Job
from annotations.models.reading import Mask, Reading, ReadingRevision
from annotations.models.reference import ReferenceReading, ReferenceSet
from annotations.models.source import ModelVersion, Source

__all__ = [
    "Analysis",
    "Case",
    "Centre",
    "Dataset",
    "DatasetVersion",
    "Export",
    "Image",
    "Import",
    "Job",
    "Mask",
    "ModelVersion",
    "Pathology",
    "Patient",
    "Provenance",
    "Reading",
    "ReadingRevision",
    "ReferenceReading",
    "ReferenceSet",
    "Source",
    "VersionCase",
]
