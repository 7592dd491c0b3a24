"""docs/features.md and docs/statistics.md, written from what the code itself uses, so that they cannot say something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import groupby

from annotations.agreement import registry
from annotations.features import LYMPHUS, Feature, FormSchema

NOTE = "<!-- written by `python manage.py write_docs`; do not edit -->"


def features_text(form: FormSchema = LYMPHUS) -> str:
    """The feature dictionary as Markdown: a heading per group, one per feature by its code."""
    lines = [
        "# The features",
        NOTE,
        f"{form.title}; form version `{form.version}`, stored with every reading. Drawn from `annotations/features.py`.",
    ]
    for group in form.groups:
        lines.append(f"## {group.label}")
        for feature in form.features:
            if feature.group == group.code:
                lines += _feature(feature)
    return "\n\n".join(lines) + "\n"


def _feature(feature: Feature) -> Iterator[str]:
    yield f"### `{feature.code}`"
    yield f"**{feature.label}.** {feature.question}" if not feature.derived else f"**{feature.label}.**"
    yield str(feature.definition)
    facts = [f"Kind: {feature.kind}{', derived, never typed' if feature.derived else ''}."]
    if feature.unit:
        facts.append(f"Unit: {feature.unit}.")
    if feature.plausible:
        facts.append(f"An import warns outside {feature.plausible[0]:g} to {feature.plausible[1]:g}.")
    if feature.present:
        facts.append(f"Counted as positive for agreement: `{feature.present}`.")
    if feature.suspicious:
        facts.append("Points to malignancy: " + ", ".join(f"`{code}`" for code in feature.suspicious) + ".")
    if feature.applies_when:
        asked = feature.applies_when
        facts.append(f"Asked where `{asked.feature}` is `{asked.value}`; else “{asked.reason}”.")
    yield " ".join([*facts, f"Source: {feature.source}."])
    if feature.values:
        rows = [f"| {value.key} | `{value.code}` | {value.label} |" for value in feature.values]
        yield "\n".join(["| key | code | shown as |", "|---|---|---|", *rows])


def statistics_text() -> str:
    """Every registered statistic as Markdown: a heading per module of the cellar, one per statistic by its standard name."""
    lines = [
        "# The statistics",
        NOTE,
        "Each is a function of `annotations/agreement`, pure numpy and scipy, checked against independent implementations "
        "(`python manage.py verify_statistics`). How often the intervals of agreement hold the truth is counted in "
        "[statistics_coverage.md](statistics_coverage.md), what a sample size gives in [power.md](power.md). A value that is "
        "undefined is said to be so, with the reason: it is never a number.",
    ]
    # the registry's own order is that of the imports, which may differ from process to process
    known = sorted(registry.load().values(), key=lambda s: s.function.__module__)
    for module, statistics in groupby(known, key=lambda s: s.function.__module__):
        about = (import_module(module).__doc__ or "").strip().split("\n\n")[0]
        lines += [f"## {module.rsplit('.', 1)[1].replace('_', ' ')}", " ".join(about.split())]
        for statistic in statistics:
            lines += _statistic(statistic)
    return "\n\n".join(lines) + "\n"


def _statistic(statistic: registry.Statistic) -> Iterator[str]:
    place = f"{statistic.function.__module__}.{statistic.function.__qualname__}"
    link = f" [doi:{statistic.doi}](https://doi.org/{statistic.doi.replace('<', '%3C').replace('>', '%3E')})"
    yield f"### {statistic.name}"
    yield "\n".join([
        f"- For: {', '.join(statistic.suits)}",
        f"- Assumes: {statistic.assumes}",
        f"- Undefined when: {statistic.undefined_when}",
        f"- After: {statistic.reference}{link if statistic.doi else ''}",
        f"- Computed by: `{place}`",
    ])  # fmt: skip


# file below docs/ → what writes it
WRITTEN: dict[str, Callable[[], str]] = {"features.md": features_text, "statistics.md": statistics_text}
