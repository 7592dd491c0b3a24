"""Small datasets, people and studies for tests: made here, from nothing but numpy. Everything a case holds is random by seed."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from django.utils import timezone

from annotations import mask_codec, pictures, store
from annotations.datasets import publish_version
from annotations.features import LYMPHUS
from annotations.models import (
    Case,
    Centre,
    Dataset,
    Image,
    Mask,
    Pathology,
    Patient,
    Provenance,
    Reading,
    ReferenceReading,
    ReferenceSet,
    Source,
)
from annotations.revisions import append_revision
from readers.models import Assignment, Study
from readers.roles import ensure_roles
from readers.studies import create_study, open_study

PASSWORD = "a sound pass phrase"
_numbers = itertools.count(1)


def make_user(*roles: str, username: str | None = None, **fields: Any) -> Any:
    """A person in the groups of those roles ("reader", "trainee", "study lead", "curator", "data client")."""
    bring_permissions_back()
    ensure_roles()
    user = get_user_model().objects.create_user(username or f"person{next(_numbers)}", password=PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def bring_permissions_back() -> None:
    """After a transactional test the tables are empty, and the copy made before it hangs on a connection object of its own:
    under Playwright's loop there is another one, without the copy."""
    if not Permission.objects.exists():
        ContentType.objects.clear_cache()
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def ellipse(width: int, height: int, *, grow: float = 1.0) -> np.ndarray:
    """A mask, uint8 height x width, of an ellipse in the middle."""
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    inside = ((columns - width / 2) / (width * 0.3 * grow)) ** 2 + (
        (rows - height / 2) / (height * 0.2 * grow)
    ) ** 2 <= 1
    return inside.astype(np.uint8)


def full_answers(seed: int = 0, *, points: bool = True, width: int = 60, height: int = 40) -> dict[str, dict[str, Any]]:
    """An answer to every applicable question. Diameters by calipers in px, or in mm."""
    random = np.random.default_rng(seed)
    answers: dict[str, dict[str, Any]] = {}
    for feature in LYMPHUS.features:
        if feature.kind != "continuous":
            answers[feature.code] = {"value": str(random.choice(feature.value_codes))}
    if answers["homogeneity"]["value"] == "homogeneous":
        del answers["prominent_echogenicity"]
    longest, shortest = width * 0.6, height * 0.4
    if points:
        answers["max_diameter_mm"] = {"value": {"points": [2.0, 3.0, 2.0 + longest, 3.0]}}
        answers["min_diameter_mm"] = {"value": {"points": [5.0, 4.0, 5.0, 4.0 + shortest]}}
    else:
        answers["max_diameter_mm"] = {"value": {"mm": 20.0}}
        answers["min_diameter_mm"] = {"value": {"mm": 8.0}}
    return answers


def make_dataset(n_cases: int = 3, *, slug: str | None = None, width: int = 60, height: int = 40,
                 spacing: float | None = None, centres: int = 2, malignant_every: int = 2, publish: bool = True,
                 synthetic: bool = False) -> Dataset:  # fmt: skip
    """A dataset with images, masks, reference readings, pathology, provenance, and (with `publish`) its version 1."""
    number = next(_numbers)
    dataset = Dataset.objects.create(
        slug=slug or f"dataset-{number}", title=f"Dataset {number}", licence="CC BY 4.0", synthetic=synthetic
    )
    held = [
        Centre.objects.create(
            dataset=dataset, number=i + 1, name=f"Centre {i + 1}", split="internal" if i == 0 else "external"
        )
        for i in range(centres)
    ]
    references = ReferenceSet.objects.create(dataset=dataset, name="Expert", number=1)
    panel = Source.objects.create(kind=Source.Kind.PANEL, name=f"Reference {number}")
    for i in range(n_cases):
        status = "malignant" if i % malignant_every == 0 else "benign"
        make_case(
            dataset, held[i % centres], references, panel, i, status=status, width=width, height=height, spacing=spacing
        )
    if publish:
        publish_version(dataset)
    return dataset


def make_case(dataset: Dataset, centre: Centre, references: ReferenceSet, panel: Source, i: int, *, status: str, width: int,
              height: int, spacing: float | None) -> Case:  # fmt: skip
    patient = Patient.objects.create(dataset=dataset)
    case = Case.objects.create(dataset=dataset, centre=centre, patient=patient)
    Pathology.objects.create(case=case, status=status)
    group, kept = status.capitalize(), f"{status}-{dataset.pk}-{i}"
    Provenance.objects.create(
        case=case, centre_number=centre.number, group=group, number=i + 1, archive=f"Center {centre.number}.zip",
        files={"image": {"name": f"{group}/{kept}.tif", "sha256": hashlib.sha256(kept.encode()).hexdigest()}},
        raw_values={"No": str(i + 1)}, content_sha256=hashlib.sha256(f"{kept} content".encode()).hexdigest(),
    )  # fmt: skip
    image = make_image(case, seed=1000 * dataset.pk + i, width=width, height=height, spacing=spacing)
    reading = make_reading(case, panel, image, seed=i, score=None, call="")
    ReferenceReading.objects.create(reference_set=references, case=case, reading=reading)
    return case


def make_image(case: Case, *, seed: int, width: int = 60, height: int = 40, spacing: float | None = None) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    content = pictures.encode_png(pixels)
    return Image.objects.create(
        case=case, width=width, height=height, file_sha256=store.put(content), file_size=len(content),
        pixel_sha256=pictures.pixel_sha256(pixels), spacing_row_mm=spacing, spacing_col_mm=spacing,
        spacing_source="" if spacing is None else "spacing.csv",
    )  # fmt: skip


def make_reading(case: Case, source: Source, image: Image, *, seed: int = 0, score: int | None = 40, call: str = "benign",
                 remarks: str = "", grow: float = 1.0) -> Reading:  # fmt: skip
    """A submitted reading with a mask."""
    reading = Reading.objects.create(
        case=case, source=source, form_version=LYMPHUS.version, state=Reading.State.SUBMITTED, version=1,
        answers=full_answers(seed, width=image.width, height=image.height), score=score, call=call, remarks=remarks,
        submitted_at=timezone.now(),
    )  # fmt: skip
    mask = ellipse(image.width, image.height, grow=grow)
    Mask.objects.create(
        reading=reading, image=image, payload=mask_codec.encode(mask), sha256=mask_codec.mask_sha256(mask),
        area_px=int(mask.sum()),
    )  # fmt: skip
    append_revision(reading, by=source.user)
    return reading


def make_study(n_cases: int = 3, n_readers: int = 1, *, opened: bool = True, dataset: Dataset | None = None, lead: Any = None,
               readers: Sequence[Any] | None = None, purpose: str = "study", spacing: float | None = None,
               **options: Any) -> Study:  # fmt: skip
    """A study of all cases of a dataset, with readers (trainees, in training), opened unless told otherwise."""
    role = "trainee" if purpose == "training" else "reader"
    dataset = dataset or make_dataset(n_cases, spacing=spacing)
    lead = lead or make_user("study lead")
    people = [make_user(role) for _ in range(n_readers)] if readers is None else readers
    options.setdefault("title", f"Study {next(_numbers)}")
    options.setdefault("order_seed", 7)
    study = create_study(
        lead, dataset_version=dataset.versions.get(number=1), readers=people, purpose=purpose, **options
    )  # fmt: skip
    return open_study(study, lead) if opened else study


def first_assignment(study: Study, reader: Any = None) -> Assignment:
    """The first assignment of that reader, or of the reader with number 1."""
    reader = reader or study.places.get(number=1).user
    return Assignment.objects.get(study=study, reader=reader, period=1, position=1)
