"""`python manage.py export_dataset SLUG --format lymphus|csv|coco|png --out PATH`"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.exports.forms import FORMS, write_export
from annotations.exports.gathering import gather_version
from annotations.models import DatasetVersion
from annotations.problems import Problem


class Command(BaseCommand):
    help = "Export a dataset version with its reference readings as one zip with a manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--version-number", type=int, help="Default: the newest version.")
        parser.add_argument("--format", choices=sorted(FORMS), required=True)
        parser.add_argument("--out", type=Path, required=True, help="The zip to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        versions = DatasetVersion.objects.unscoped().filter(dataset__slug=options["slug"]).select_related("dataset")
        if options["version_number"]:
            versions = versions.filter(number=options["version_number"])
        version = versions.order_by("-number").first()
        if version is None:
            raise CommandError(f"There is no published version of “{options['slug']}”. Publish one first.")
        try:
            write_export(gather_version(version), options["format"], options["out"])
        except Problem as problem:
            raise CommandError(problem.detail) from None
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{version}: {options['out']}")
