"""`python manage.py bundle_analysis ANALYSIS --out FILE.zip`: all that an analysis came from, for `reproduce FILE.zip`."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.analyses.bundle import write_bundle
from annotations.models import Analysis
from annotations.problems import Problem


class Command(BaseCommand):
    help = "Write spec, inputs, what each frozen revision says, masks, result and versions of an analysis to one ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("analysis", help="The analysis's id, as its address shows it.")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        analysis = Analysis.objects.unscoped().filter(public_id=options["analysis"]).first()
        if analysis is None:
            raise CommandError(f"There is no analysis “{options['analysis']}”.")
        try:
            write_bundle(analysis, options["out"])
        except Problem as problem:
            raise CommandError(problem.detail) from None
        except OSError as error:
            raise CommandError(str(error)) from None
        sha256 = hashlib.sha256(options["out"].read_bytes()).hexdigest()
        self.stdout.write(f"{analysis.public_id}: {options['out'].name}, SHA-256 {sha256}")
