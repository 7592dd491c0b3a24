"""`python manage.py reproduce ANALYSIS|BUNDLE.zip`: compute an analysis again from its frozen inputs and compare."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.analyses.bundle import read_bundle
from annotations.analyses.reproducing import Outcome, reproduce_analysis, reproduce_bundle
from annotations.models import Analysis
from annotations.problems import Problem


class Command(BaseCommand):
    help = (
        "Compute an analysis again and compare it with the stored result: byte for byte, else number by number at 1e-8 "
        "(another processor or library may round the last digits otherwise). Exits 1 where they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("analysis", help="The analysis's id, or a file that bundle_analysis wrote.")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["analysis"]
        try:
            outcome = self._bundle(Path(name)) if name.endswith(".zip") else self._stored(name)
        except Problem as problem:
            raise CommandError(problem.detail) from None
        if not outcome.same:
            raise CommandError(f"{name}: {outcome.words}")
        self.stdout.write(f"{name}: {outcome.words}")

    def _bundle(self, path: Path) -> Outcome:
        return reproduce_bundle(read_bundle(path))

    def _stored(self, name: str) -> Outcome:
        analysis = Analysis.objects.unscoped().filter(public_id=name).first()
        if analysis is None:
            raise CommandError(f"There is no analysis “{name}”.")
        if analysis.result is None:
            raise CommandError(
                f"The analysis {analysis.public_id} has no result: it is {analysis.get_state_display()}."
            )
        return reproduce_analysis(analysis)
