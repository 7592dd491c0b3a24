"""`manage.py import_lymphus`: LymphUs archives into a dataset, or a report of why not."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from annotations.datasets import publish_version
from annotations.import_records import ImportRecord
from annotations.imports.accept import ImportResult, accept_import
from annotations.imports.findings import Finding
from annotations.imports.lymphus import LymphusReading, read_lymphus
from annotations.imports.standing import compare_with_stored
from annotations.models import Dataset
from annotations.problems import Problem

# findings that the command prints in full; the report has them all
SHOWN = 40


class Command(BaseCommand):
    help = "Import LymphUs archives (zips or unpacked folders) into a dataset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a zip, a zip of zips, an unpacked folder, or a folder of zips"
        )
        parser.add_argument("--dataset", required=True, metavar="SLUG", type=_slug)
        parser.add_argument("--title", default="", help="title of a dataset that is made")
        parser.add_argument(
            "--synthetic", action="store_true", help="the data were made by a program; said wherever they are shown"
        )
        parser.add_argument("--spacing", metavar="FILE.csv", help="centre, group, number, mm_per_px, source")
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument(
            "--accept-warnings", action="store_true", help="write what can be stored in spite of warnings and refusals"
        )
        parser.add_argument("--report", metavar="FILE.json", help="where the whole report goes")
        parser.add_argument("--publish", action="store_true", help="publish a version of the dataset afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        reading = read_lymphus(options["paths"], options["spacing"], self._progress)
        if options["report"]:
            _write_report(Path(options["report"]), reading)
        self._tell(reading)
        if options["dry_run"]:
            standing = compare_with_stored(options["dataset"], reading.cases)
            self.stdout.write(
                _(
                    "Dry run, nothing was written. New: %(new)d, there already: %(same)d, there with other content: %(changed)d."
                )
                % {"new": len(standing.new), "same": len(standing.unchanged), "changed": len(standing.changed)}
            )
            return
        record = ImportRecord(
            reading, slug=options["dataset"], title=options["title"], synthetic=options["synthetic"],
            paths=options["paths"], spacing=options["spacing"],
        )  # fmt: skip
        if reading.report.needs_a_decision and not options["accept_warnings"]:
            refusal = _(
                "Nothing was written. Look at the report; --accept-warnings writes the %(n)d cases that can be stored "
                "and leaves %(out)d out."
            ) % {"n": len(reading.cases), "out": reading.left_out}
            record.failed(refusal)
            raise CommandError(refusal)
        self._write(reading, record, options)

    def _write(self, reading: LymphusReading, record: ImportRecord, options: dict[str, Any]) -> None:
        try:
            result = self._accept(reading, record, options)
        except Problem as problem:
            record.failed(problem.detail)
            raise CommandError(problem.detail) from None
        self.stdout.write(result.sentence())
        for change in result.changed:
            self.stdout.write(_("  not changed: %(case)s, row %(row)d differs in %(what)s")
                              % {"case": change.key, "row": change.row, "what": ", ".join(change.differs)})  # fmt: skip
        if options["publish"]:
            self._publish(result.dataset, record)

    def _accept(self, reading: LymphusReading, record: ImportRecord, options: dict[str, Any]) -> ImportResult:
        return accept_import(
            reading,
            slug=options["dataset"],
            title=options["title"],
            synthetic=options["synthetic"],
            progress=self._progress,
            also=record.written,
        )

    def _publish(self, dataset: Dataset, record: ImportRecord) -> None:
        try:
            version = publish_version(dataset)
        except Problem as problem:
            raise CommandError(problem.detail) from None
        record.published(version.number)
        self.stdout.write(
            _("Version %(n)d of %(slug)s: %(sha)s") % {"n": version.number, "slug": dataset.slug, "sha": version.sha256}
        )

    def _tell(self, reading: LymphusReading) -> None:
        report = reading.report
        said = _(
            "%(cases)d cases can be stored, %(out)d are left out. Refused: %(refused)d, to look at: %(look)d, "
            "values by synonym: %(synonyms)d, ignored files: %(ignored)d."
        )
        counts = {
            "cases": len(reading.cases),
            "out": reading.left_out,
            "refused": report.counts["refused"],
            "look": report.counts["look"],
            "synonyms": sum(report.synonyms.values()),
            "ignored": sum(report.ignored.values()),
        }
        self.stdout.write(said % counts)
        findings = report.of("refused") + report.of("look")
        for finding in findings[:SHOWN]:
            self.stdout.write("  " + line_of(finding))
        if len(findings) > SHOWN:
            self.stdout.write(_("  … and %d more; --report FILE.json has them all.") % (len(findings) - SHOWN))

    def _progress(self, done: int, total: int, text: str) -> None:
        if self.stderr.isatty() and (done % 5 == 0 or done == total):
            self.stderr.write(f"\r\033[K{text}", ending="\n" if done == total else "")
            self.stderr.flush()


def _write_report(path: Path, reading: LymphusReading) -> None:
    try:
        path.write_text(json.dumps(reading.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        said = _("Nothing was written. The report %(path)s cannot be written: %(why)s.")
        raise CommandError(said % {"path": path, "why": error.strerror}) from None


def line_of(finding: Finding) -> str:
    """A finding as one line: verdict, file, row, column, value, sentence, guess."""
    where = [finding.file, *([_("row %d") % finding.row] if finding.row else []), finding.column]
    said = f"{finding.verdict}: {', '.join(w for w in where if w)}"
    if finding.value:
        said += f" [{finding.value}]"
    said += f": {finding.sentence}"
    return said + (f" ({finding.probably})" if finding.probably else "")


def _slug(text: str) -> str:
    try:
        validate_slug(text)
    except ValidationError:
        raise ArgumentTypeError(_("“%s” is no slug: letters, digits, - and _ only.") % text) from None
    return text
