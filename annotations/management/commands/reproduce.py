"""`python manage.py reproduce ANALYSIS`: compute a stored analysis again from its frozen inputs and compare."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.analyses.comparing import first_difference
from annotations.analyses.work import compute
from annotations.models import Analysis
from annotations.problems import Problem


class Command(BaseCommand):
    help = (
        "Compute an analysis again and compare it with the stored result: byte for byte, else number by number at 1e-8 "
        "(another processor or library may round the last digits otherwise). Exits 1 where they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("analysis", help="The analysis's id, as its address shows it.")

    def handle(self, *args: Any, **options: Any) -> None:
        analysis = Analysis.objects.unscoped().filter(public_id=options["analysis"]).first()
        if analysis is None:
            raise CommandError(f"There is no analysis “{options['analysis']}”.")
        if analysis.result is None:
            raise CommandError(
                f"The analysis {analysis.public_id} has no result: it is {analysis.get_state_display()}."
            )
        stored = bytes(analysis.result)
        try:
            again = compute(analysis.spec, analysis.inputs)
        except Problem as problem:
            raise CommandError(problem.detail) from None
        if again == stored:
            self.stdout.write(f"{analysis.public_id}: the same {len(stored)} bytes, SHA-256 {analysis.result_sha256}")
            return
        difference = first_difference(json.loads(stored), json.loads(again))
        if difference is not None:
            raise CommandError(f"{analysis.public_id}: {difference}")
        self.stdout.write(f"{analysis.public_id}: other bytes, and every number equal at 1e-8")
