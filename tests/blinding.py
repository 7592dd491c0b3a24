"""Two studies full of what could leak, one person of every role, and every address that the URL resolver knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from annotations.analyses import ENGINE
from annotations.canonical import canonical_json
from annotations.models import (
    Analysis,
    Case,
    Centre,
    Export,
    Image,
    Import,
    Mask,
    Pathology,
    Provenance,
    Reading,
    Source,
)
from readers.models import Assignment, Study, StudyAnalysis, StudyExport
from tests.analyses.made import another_set, finished_version_analysis
from tests.api import client_of, draft_body, post_submit, put_reading
from tests.factories import make_dataset, make_study, make_user

ROLES = (
    "anonymous", "reader", "colleague", "other_reader", "trainee", "lead", "other_lead", "curator", "client", "superuser",
    "everything",
)  # fmt: skip


@dataclass
class World:
    """Study A: `reader`, `colleague` and `everything` (reader, curator, lead and data client at once) read in it."""

    people: dict[str, Any]
    study: Study
    other_study: Study
    dataset: Any
    draft: Assignment  # the reader's, begun
    submitted: Assignment  # the reader's
    locked: Assignment  # the reader's, washout not over
    kwargs: dict[str, dict[str, Any]]
    origin: list[str] = field(default_factory=list)  # of the cases: names, groups, hashes, reference
    said: list[str] = field(default_factory=list)  # remarks and reading ids of study A's readers
    who: list[str] = field(default_factory=list)  # names of study A's readers
    of_version: list[str] = field(
        default_factory=list
    )  # what names the analysis of the dataset version that study A reads
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser of its own, in this person's one session."""
        client = Client()
        if role != "anonymous":
            if role not in self.sessions:
                self.sessions[role] = client_of(self.people[role]).cookies["sessionid"].value
            client.cookies["sessionid"] = self.sessions[role]
        return client

    def secrets_from(self, role: str) -> list[str]:
        """What must appear in nothing that this role is sent while both studies are open."""
        names = [self.study.title, *self.who]
        # leads choose among datasets and their centres, curators upload archives: neither says which case is which
        cases = [word for word in self.origin if word not in ("CENTRENAME", "DEVICENAME", "UPLOADNAME")]
        cases, origin = cases + self.of_version, self.origin + self.of_version
        return {
            "reader": origin + [s for s in self.said if s != "REMARK-DRAFT-READER"] + ["COLLEAGUENAME"],
            "colleague": origin + self.said + ["READERNAME"],
            "lead": cases + self.said,
            "other_lead": cases + self.said + [self.study.title],  # whom a lead may ask to read is known to leads
            "everything": cases + self.said,
            "curator": self.said + names,
            "client": self.said + names,
            "superuser": self.said,
        }.get(role, origin + self.said + names)


def make_world() -> World:
    dataset = make_dataset(3)
    _plant_in_cases(dataset)
    job = Import.objects.create(
        dataset_slug=dataset.slug, state="done", step="reported", uploads=[{"name": "UPLOADNAME.zip"}], report={"findings": []}
    )  # fmt: skip
    person = {
        "reader": make_user("reader", username="READERNAME", first_name="READERNAME"),
        "colleague": make_user("reader", username="COLLEAGUENAME", first_name="COLLEAGUENAME"),
        "everything": make_user("reader", "trainee", "curator", "study lead", "data client"),
        "lead": make_user("study lead"),
        "other_lead": make_user("study lead"),
        "other_reader": make_user("reader"),
        "trainee": make_user("trainee"),
        "curator": make_user("curator"),
        "client": make_user("data client"),
        "superuser": make_user(is_superuser=True, is_staff=True),
    }
    readers = [person["reader"], person["colleague"], person["everything"]]
    study = make_study(dataset=dataset, lead=person["lead"], readers=readers, title="TITLE-OF-STUDY-A")
    other = make_study(n_cases=2, lead=person["other_lead"], readers=[person["other_reader"]], title="TITLE-OF-STUDY-B")
    make_study(
        n_cases=2, lead=person["other_lead"], readers=[person["trainee"]], purpose="training", title="TRAINING-B"
    )
    rows = {row.position: row for row in Assignment.objects.filter(study=study, reader=person["reader"])}
    _read(rows[1], "REMARK-SUBMITTED-READER", submit=True)
    _read(rows[2], "REMARK-DRAFT-READER", submit=False)
    Assignment.objects.filter(pk=rows[3].pk).update(unlocks_at=timezone.now() + timedelta(days=2))
    colleagues = Assignment.objects.get(study=study, reader=person["colleague"], case=rows[2].case)
    _read(colleagues, "REMARK-COLLEAGUE", submit=True)
    return _world(person, study, other, dataset, rows, job)


def _plant_in_cases(dataset: Any) -> None:
    """Distinct words where names, groups, centres, scales, methods and references are kept."""
    Centre.objects.filter(dataset=dataset).update(name="CENTRENAME", device="DEVICENAME")
    for i, case in enumerate(Case.objects.filter(dataset=dataset)):
        Provenance.objects.filter(case=case).update(
            group=f"GROUPWORD{i}", archive=f"ARCHIVENAME{i}.zip", files={"image": {"name": f"FILENAME{i}.tif"}},
            raw_values={"No": f"RAWVALUE{i}"}, excluded_reason=f"EXCLUSION{i}", remarks=[{"text": f"CURATORREMARK{i}"}],
        )  # fmt: skip
        Pathology.objects.filter(case=case).update(method=f"PATHMETHOD{i}")
        Image.objects.filter(case=case).update(spacing_row_mm=0.1, spacing_col_mm=0.1, spacing_source=f"SCALESOURCE{i}")
        Reading.objects.filter(case=case, source__kind="panel").update(remarks=f"REFERENCEREMARK{i}")
    Source.objects.filter(readings__case__dataset=dataset).update(name="PANELNAME")


def _read(assignment: Assignment, remarks: str, *, submit: bool) -> None:
    client = client_of(assignment.reader)
    assert put_reading(client, assignment, draft_body(remarks=remarks)).status_code == 200
    if submit:
        assert post_submit(client, assignment).status_code == 200


def _world(person: dict[str, Any], study: Study, other: Study, dataset: Any, rows: dict[int, Assignment],
           job: Import) -> World:  # fmt: skip
    draft = rows[2]
    cases = Case.objects.filter(dataset=dataset)
    analysis, export = _early_jobs(study, draft)
    of_version = _analysed_version(dataset)
    references = Reading.objects.filter(case__in=cases, source__kind="panel")
    own = Reading.objects.filter(case__in=cases, source__kind="user")
    version = dataset.versions.get()
    image, mask = draft.case.images.get(), Mask.objects.get(reading__in=references, reading__case=draft.case)
    reference = references.get(case=draft.case)
    kwargs = {
        "assignment": {"public_id": draft.public_id},
        "study": {"public_id": study.public_id},
        "reading": {"public_id": study.public_id, "reading": own.get(assigned__assignment=rows[1]).public_id},
        "place": {"public_id": study.public_id, "number": "1"},
        "dataset": {"slug": dataset.slug},
        "version": {"public_id": version.public_id},
        "case": {"public_id": draft.case.public_id},
        "case_page": {"slug": dataset.slug, "public_id": draft.case.public_id},
        "image": {"public_id": image.public_id},
        "mask": {"public_id": mask.public_id},
        "reference": {"public_id": reference.public_id},
        "import": {"public_id": job.public_id},
        "form": {"version": "lymphus-1.0"},
        "token": {"public_id": "NOSUCHTOKEN"},
        "analysis": {"public_id": analysis.public_id},
        "analysis_case": {"public_id": analysis.public_id, "case": "NOSUCHCASE"},
        "analysis_figure": {"public_id": analysis.public_id, "number": 0, "form": "svg"},
        "analysis_table": {"public_id": analysis.public_id, "name": "missing", "form": "csv"},
        "analysis_feature": {"public_id": analysis.public_id, "code": "necrosis"},
        "version_page": {"slug": dataset.slug, "number": 1},
        "version_analysis": {"public_id": of_version.public_id},
        "version_analysis_case": {"public_id": of_version.public_id, "case": draft.case.public_id},
        "version_analysis_figure": {"public_id": of_version.public_id, "number": 0, "form": "json"},
        "version_analysis_table": {"public_id": of_version.public_id, "name": "missing", "form": "csv"},
        "version_analysis_feature": {"public_id": of_version.public_id, "code": "margin_regularity"},
        "export": {"public_id": export.public_id},
        "none": {},
    }
    planted = ("GROUPWORD", "ARCHIVENAME", "FILENAME", "RAWVALUE", "EXCLUSION", "CURATORREMARK", "PATHMETHOD", "SCALESOURCE",
               "REFERENCEREMARK", "UPLOADNAME", "CENTRENAME", "DEVICENAME", "PANELNAME")  # fmt: skip
    images = Image.objects.filter(case__in=cases)
    hashes = [h for pair in images.values_list("file_sha256", "pixel_sha256") for h in pair]
    masks = Mask.objects.filter(reading__in=references)
    ids = [*cases.values_list("public_id", flat=True), *images.values_list("public_id", flat=True),
           *references.values_list("public_id", flat=True), *masks.values_list("public_id", flat=True),
           *cases.values_list("patient__public_id", flat=True)]  # fmt: skip
    return World(
        person, study, other, dataset, draft, rows[1], rows[3], kwargs, origin=[*planted, *hashes, *ids],
        said=["REMARK-SUBMITTED-READER", "REMARK-DRAFT-READER", "REMARK-COLLEAGUE", *own.values_list("public_id", flat=True)],
        who=["READERNAME", "COLLEAGUENAME"], of_version=[of_version.public_id, of_version.inputs_sha256],
    )  # fmt: skip


def _early_jobs(study: Study, draft: Assignment) -> tuple[Analysis, Export]:
    """A finished analysis and export of a study that is still open: no verb makes them, so nothing may show them."""
    said = {"engine": ENGINE, "features": [], "figures": [], "remark": "REMARK-SUBMITTED-READER"}
    inputs = {"cases": [{"id": draft.case.public_id, "image": {"id": draft.case.images.get().public_id}}]}
    analysis = Analysis.objects.create(
        title=study.title, spec={}, inputs=inputs, state="done", result=canonical_json(said), engine_version=ENGINE
    )
    StudyAnalysis.objects.create(study=study, analysis=analysis)
    export = Export.objects.create(
        format="csv", subject={"study": study.public_id}, state="done", file_name=study.title
    )
    StudyExport.objects.create(study=study, export=export)
    return analysis, export


def _analysed_version(dataset: Any) -> Analysis:
    """A finished analysis of the version, whose result names cases and what the reference says of them."""
    another_set(dataset, "OTHERSET", kind="model")
    return finished_version_analysis(dataset.versions.get(), features=["margin_regularity", "max_diameter_mm"])


def every_address(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The names of all addresses but the admin's, with their name spaces."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLResolver):
            yield space + str(pattern.name)
        elif pattern.namespace != "admin":
            yield from every_address(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def ask(client: Client, method: str, name: str, kwargs: dict[str, Any]) -> Any:
    url = "/api/v1/nothing/" if name == "api:nothing-here" else reverse(name, kwargs=kwargs)
    if method == "GET":
        return client.get(url)
    return getattr(client, method.lower())(url, {}, content_type="application/json", headers={"If-Match": '"0"'})


def text_of(response: Any) -> str:
    """Body and headers, with what differs from request to request (nonces, CSRF tokens, the time) taken out."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode("utf-8", errors="replace")
    headers = "\n".join(f"{k}: {v}" for k, v in sorted(response.headers.items()) if k != "Expires")
    text = re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', r"\1", text + headers)
    return re.sub(r"'nonce-[^']*'", "", text)
