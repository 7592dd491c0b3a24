"""`python manage.py verify_statistics [PATH...]`: qualify this installation's statistics against known answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations import agreement
from annotations.agreement.verify import Outcome, verify_paths

OWN_ORACLES = Path(agreement.__file__).parent / "own_oracles"


class Command(BaseCommand):
    help = (
        "Runs known answers (oracle files) through the statistics of this installation. Prints a line for each case that "
        "differs and, last, a count. Exits 1 if any differs or is of a statistic that is not known here."
    )
    requires_system_checks: list[str] = []  # numbers only: runs without a database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            type=Path,
            metavar="PATH",
            help="oracle files, or folders of them; without any, the set that ships with the project",
        )

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        cases = differing = 0
        for outcome in self._outcomes(paths or [OWN_ORACLES]):
            cases += 1
            if outcome.differences:
                differing += 1
                self.stdout.write(f"{outcome.file} {outcome.case}: {'; '.join(outcome.differences)}")
        self.stdout.write(f"{cases} cases, {differing} differ")
        if differing or not cases:
            raise SystemExit(1)

    def _outcomes(self, paths: list[Path]) -> list[Outcome]:
        try:
            return list(verify_paths(paths))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
