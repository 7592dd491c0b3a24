"""docs/features.md and docs/statistics.md, written from what the code itself uses, so that they cannot say something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import groupby

from django.conf import settings

from annotations.agreement import registry
from annotations.features import LYMPHUS, Feature, FormSchema

NOTE = "<!-- written by `python manage.py write_docs`; do not edit -->"
MARKS = "<!-- tables of bench/coverage.py -->", "<!-- end of the tables -->"
COVERAGE = """\
## How often the intervals shown hold the truth

By simulation (`python bench/coverage.py --write`; it alone writes the tables, the counts are in bench/coverage.json): two to
twenty readers, each right with the same probability, independently given the node, and measurements, scores and masks
whose truth is known. Shown is the share of 95 % intervals, as a results page has them by default, that hold the true value,
bold below 0.93; there, in brackets, the share of those figures that warn their reader, and the replications without an
interval ("none"). The last column: every interval of the row covers, or those that fall short say so beside the figure.

Which interval is shown was decided here; the others stay available by name (`interval=`):

- Kappa, Fleiss, AC1/AC2 and alpha: symmetric for log(1 - value), t on the degrees of freedom that the spread over the cases
  has (few disagreements make a variance uncertain). The difference of two kappas: t, likewise.
- AUC: Newcombe's method 5 with fewer than 50 cases of a class or perfect separation, its variance drawn up to DeLong's where
  that is larger (its own is too small where the smaller class spreads more); else DeLong on the logit scale. The average over
  readers: the same idea with the readers' part of the variance (Hillis' degrees of freedom); sensitivity and specificity so
  from Wilson's limits.
- ICC(2,1): the generalised interval. With two readers it is wide, because two readers say little of how readers differ.
- Means of masks: bootstrap-t. Where patients bring several nodes: BCa over patients.
- Agreement among readers, where a spec's `intervals_over` is `readers` or `both`: the jackknife that leaves each reader out, in
  all centres at once, from five readers up; with the cases (patients whole), the sum of both variances less what they share
  (Dorfman, Berbaum and Metz 1992, doi:10.1097/00004424-199209000-00015). t on Satterthwaite's degrees of freedom,
  symmetric for log(1 - value), of percent agreement on the logit scale. Percentiles of drawn readers covered 0.73 to 0.93
  of five readers. In their table readers are right with probabilities drawn from a Beta distribution.

What no interval cures is said in a warning of the figure: few cases (30 for agreement, 50 for masks), fewer than ten cases
outside the largest category, one category with more than 90 % of the ratings, a share of fewer than ten cases, an AUC with
fewer than ten of a class, a spread that rests on fewer than ten outlines."""


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
        "(`python manage.py verify_statistics`). How often the intervals hold the truth is [counted at the end]"
        "(#how-often-the-intervals-shown-hold-the-truth), what a sample size gives is in [power.md](power.md), what it costs "
        "is measured by `make bench-statistics`, into statistics_speed.md here. A value that is undefined is said to be so, "
        "with the reason: it is never a number.",
    ]
    # the registry's own order is that of the imports, which may differ from process to process
    known = sorted(registry.load().values(), key=lambda s: s.function.__module__)
    for module, statistics in groupby(known, key=lambda s: s.function.__module__):
        about = (import_module(module).__doc__ or "").strip().split("\n\n")[0]
        lines += [f"## {module.rsplit('.', 1)[1].replace('_', ' ')}", " ".join(about.split())]
        for statistic in statistics:
            lines += _statistic(statistic)
    return with_section("\n\n".join([*lines, COVERAGE, *MARKS]) + "\n", _tables())


def _tables() -> str:
    """The coverage tables as they stand in the page: bench/coverage.py writes them, and they are kept."""
    page = settings.BASE_DIR / "docs" / "statistics.md"
    stands = page.read_text() if page.exists() else ""
    return stands.split(MARKS[0])[1].split(MARKS[1])[0].strip("\n") if all(mark in stands for mark in MARKS) else ""


def with_section(page: str, section: str) -> str:
    """The page with other tables between the two marks."""
    before, after = page.split(MARKS[0])[0], page.split(MARKS[1])[1]
    return f"{before}{MARKS[0]}\n\n{section.strip()}\n\n{MARKS[1]}{after}"


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
