"""The counts of Table 1 (`annotations.published_table1`) scaled to another number of cases."""

from __future__ import annotations

from annotations.published_table1 import PUBLISHED_CASES, Cell, Moments, table1

__all__ = ["PUBLISHED_CASES", "Cell", "Moments", "cell_sizes", "table1"]


def cell_sizes(cases: int) -> dict[tuple[int, str], int]:
    """Cases per (centre, group), proportional to Table 1 by largest remainder, summing to `cases`.

    Raises ValueError for fewer than four cases: every cell needs one.
    """
    cells = table1()
    if cases < len(cells):
        raise ValueError(f"{cases} cases: at least {len(cells)} are needed, one per centre and status")
    ideal = {(c.centre, c.group): c.n * cases / PUBLISHED_CASES for c in cells}
    sizes = {key: max(1, int(v)) for key, v in ideal.items()}
    by_remainder = sorted(ideal, key=lambda key: sizes[key] - ideal[key])
    for key in by_remainder[: cases - sum(sizes.values())]:
        sizes[key] += 1
    while sum(sizes.values()) > cases:  # the cells raised to one case took more than their share
        sizes[max(sizes, key=lambda key: sizes[key])] -= 1
    return sizes
