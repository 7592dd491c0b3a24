"""Oracle names of the statistics of agreement between measurements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotations.agreement import (
    bland_altman,
    bland_altman_replicates,
    concordance,
    icc,
    measurement_error,
)
from annotations.agreement.measurements import Measurements
from annotations.agreement.oracle_adapters import Adapter
from annotations.agreement.oracle_adapters.fields import fields_of
from annotations.agreement.oracle_adapters.inputs import Input, Options, factor_of, level_of, measurements_of
from annotations.agreement.oracle_adapters.resampled import resampled
from annotations.agreement.result import Estimate


def _icc(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    return fields_of(icc.icc(measurements_of(given), level_of(options), form=options["form"], interval="mcgraw_wong"))


def _sem(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    found = measurement_error.standard_error_of_measurement(measurements_of(given), type=options["type"])
    return fields_of(found)


def _plain(function: Callable[[Measurements, float], Estimate]) -> Adapter:
    return lambda options, given, base_dir: fields_of(function(measurements_of(given), level_of(options)))


def _bland_altman(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    limits = options.get("loa_ci", "exact").split(":")[0]
    estimate = bland_altman.bland_altman(
        measurements_of(given), level_of(options), factor=factor_of(options), limits=limits
    )
    fields = fields_of(estimate)
    if estimate.value is None:  # one case has a bias and nothing else
        fields["value"] = estimate.extra.get("bias")
    return fields


def _ccc(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    interval = "normal" if options.get("ci", "").startswith("normal") else "fisher"
    return fields_of(concordance.lin_ccc(measurements_of(given), level_of(options), interval=interval))


def _replicated(function: Callable[..., Estimate]) -> Adapter:
    def adapter(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
        first, second = given["replicates"]
        return fields_of(function(first, second, factor=factor_of(options)))

    return adapter


ADAPTERS: dict[str, Adapter] = {
    "ICC": resampled("ICC", _icc),
    "SEM": _sem,
    "within-subject SD": _plain(measurement_error.within_subject_sd),
    "repeatability coefficient": _plain(measurement_error.repeatability_coefficient),
    "Lin CCC": resampled("Lin CCC", _ccc),
    "Bland-Altman limits of agreement": _bland_altman,
    "Bland-Altman limits of agreement, replicates": _replicated(bland_altman_replicates.replicated_limits),
    "Bland-Altman limits of agreement, linked replicates": _replicated(bland_altman_replicates.linked_limits),
}
