"""`python -m annotations.demo --out DIR [--cases N] [--seed S]`: the management command without Django."""

from __future__ import annotations

import argparse
import sys

from annotations.demo.bar import Bar
from annotations.demo.build import make_demo_dataset
from annotations.demo.published import PUBLISHED_CASES


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m annotations.demo", description=__doc__)
    parser.add_argument("--out", required=True, help="folder to write to")
    parser.add_argument("--cases", type=int, default=PUBLISHED_CASES, help="over both centres (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default: %(default)s)")
    given = parser.parse_args(arguments)
    try:
        made = make_demo_dataset(given.out, given.cases, given.seed, Bar(sys.stderr, "Drawing"))
    except (ValueError, OSError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    names = ", ".join(path.name for path in made.archives)
    sys.stdout.write(
        f"{made.cases} synthetic cases in {given.out}: {names}; {made.contradictory} rows contradict themselves\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
