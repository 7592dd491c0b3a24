"""What an analysis of a published dataset version freezes: the cases of the version that still are in, its own reference
readings and scales as its manifest names them (whatever was said or measured since), and beside it the dataset's other
reference sets, each of which counts as a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.freezing import Place, ReaderInput, Reference, facts_of, freeze, latest_of
from annotations.analyses.material import ONE_ARM
from annotations.analyses.other_sets import included, other_sets, reference_of
from annotations.analyses.spec import Known, settled_spec
from annotations.features import form_schema
from annotations.models import Case, DatasetVersion, VersionCase
from annotations.problems import InvalidSpec
from annotations.published_version import Published

Json = dict[str, Any]
ASK_PROMINENT = "every_node"  # of a reference reading, as in exports


def version_spec(version: DatasetVersion, given: Mapping[str, Any]) -> Json:
    """The canonical spec that these choices make for this version. Raises InvalidSpec."""
    own = version.reference_set
    others = other_sets(version, reference_of(version, given.get("reference"))).by_number
    form = form_schema(version.dataset.form_version)
    spec = settled_spec(given, form, Known(list(others)), own.public_id if own else None)
    if not others and not spec["pathology"]:
        raise InvalidSpec(
            _("There is no other reading than the reference: without the pathology there is nothing to say."),
            entry="pathology",
        )
    return spec


def version_inputs(version: DatasetVersion, asked: Json) -> Json:
    """The frozen inputs of a complete spec. Raises InvalidSpec; InputsChanged where the database no longer holds a reference
    reading that the manifest names."""
    reference = reference_of(version, asked["reference"])
    others = other_sets(version, reference)
    readers = [other for n, other in others.by_number.items() if asked["readers"] is None or n in asked["readers"]]
    rows = Case.objects.unscoped().filter(pk__in=included(version))
    cases = dict(rows.values_list("pk", "public_id"))
    published = Published(version, cases)
    if is_own := reference is not None and reference.pk == version.reference_set_id:
        named = {key: facts_of(revision) for key, revision in published.references().items()}
        chosen = Reference(reference.public_id, named)
    else:
        chosen = latest_of(reference, cases)
    if not cases:
        raise InvalidSpec(_("No case of this version is in the dataset any more."))
    if not readers and not chosen.of_case:
        raise InvalidSpec(_("This version has no reference reading: there is nothing to analyse."))
    frozen = freeze(
        form_version=version.dataset.form_version,
        ask_prominent=ASK_PROMINENT,
        dataset_version={"id": version.public_id, "sha256": version.sha256},
        reference=chosen,
        readers=[ReaderInput(other.id, other.name, other.number, other.simulated) for other in readers],
        case_pks=cases,
        readings={key: Place(other.number) for other in readers for key in other.readings},
        arms=[ONE_ARM],
        revisions=asked["revisions"],
        scales=published.scales(),
        notes={
            "dataset": version.dataset.slug,
            "version": version.number,
            "simulated": any(other.simulated for other in readers),
            "cases_left_out_since": VersionCase.objects.filter(version=version).count() - len(cases),
            "references_revised_since": len(published.references_revised_since) if is_own else 0,
            "scales_changed_since": len(published.scales_changed_since),
            "readings_counted_once": others.counted_once,
        },
    )
    return {"of": "version", **frozen}
