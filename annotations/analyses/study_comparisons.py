"""The comparisons that the spec of a study's analysis asks for."""

from __future__ import annotations

from typing import Any

from annotations.agreement.result import Estimate
from annotations.analyses.answers_part import scale_of
from annotations.analyses.comparisons_part import comparisons_part, kappa_difference
from annotations.analyses.material import Material
from annotations.analyses.question import ways_of

Json = dict[str, Any]


def study_comparisons(material: Material, spec: Json) -> list[Json]:
    """Two readers' kappas with the reference, by feature; stratified by centre unless the spec pools."""
    row_of = {reader["number"]: row for row, reader in enumerate(material.readers)}
    last = len(material.readers)

    def figure(asked: Json, code: str) -> dict[str, Estimate]:
        feature = material.form.feature(code)
        rows = [row_of[number] for number in asked["readers"]]
        found = {}
        for centre in [None] if spec["strata"] == "none" else material.centres():
            columns = material.columns(centre)
            ratings = material.ratings(feature, columns, reference=True).of_readers(*rows, last)
            ways = ways_of(spec, material.patients(columns))
            found["all" if centre is None else str(centre)] = kappa_difference(ratings, scale_of(feature, spec), ways)
        return found

    features = [(code, material.form.feature(code).kind != "continuous") for code in spec["features"]]
    return comparisons_part(spec["comparisons"], spec["primary"], features, figure, spec["level"])
