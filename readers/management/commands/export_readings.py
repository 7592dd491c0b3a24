"""`python manage.py export_readings STUDY --format lymphus|csv|coco|png --out PATH`"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.exports.forms import FORMS, write_export
from annotations.problems import Problem
from readers.exports import gather_study
from readers.models import Study


class Command(BaseCommand):
    help = "Export a closed study's readings as one zip with a manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="The study's id, as its address shows it.")
        parser.add_argument("--format", choices=sorted(FORMS), required=True)
        parser.add_argument("--out", type=Path, required=True, help="The zip to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            study = Study.objects.unscoped().select_related("dataset_version__dataset").get(public_id=options["study"])
            write_export(gather_study(study), options["format"], options["out"])
        except Study.DoesNotExist:
            raise CommandError(f"There is no study “{options['study']}”.") from None
        except Problem as problem:
            raise CommandError(problem.detail) from None
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{study.title}: {options['out']}")
