"""Ask for the analysis of a closed study, or of a published dataset version, and do it here and now; or analyse any table of
ratings.

    python manage.py analyse STUDY [--spec FILE.json] [--out FILE.json]
    python manage.py analyse --dataset SLUG[@NUMBER] [--spec FILE.json] [--out FILE.json]
    python manage.py analyse --table FILE.csv --schema FILE.json [--spec FILE.json] [--lead NAME] [--out FILE.json]

A spec is what REST takes and the page fills in; “-” is the standard input, and --print-spec writes the complete one, with
every default, and computes nothing. The form of the schema is in `annotations.analyses.tables.schema`. A table's result is
stored and has a page: for that lead alone, or for every lead. With --out and no --lead it is written to FILE and stored
nowhere.
"""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from annotations.analyses.tables.work import analyse_table, complete_table_spec
from annotations.analyses.verbs import request_table_analysis, request_version_analysis
from annotations.analyses.version_inputs import version_spec
from annotations.analyses.work import run_analysis
from annotations.models import Analysis, DatasetVersion
from annotations.problems import Problem
from readers.analyses import analyse_study, study_spec
from readers.models import Study
from readers.querysets import is_lead


class Command(BaseCommand):
    help = "Analyse a closed study or a dataset version; the stored result can be written to a file as well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", nargs="?", help="The study's id, as its address shows it.")
        parser.add_argument(
            "--dataset", help="SLUG or SLUG@NUMBER: its newest version or that one, instead of a study."
        )
        parser.add_argument("--table", type=Path, help="A CSV of ratings, instead of a study.")
        parser.add_argument("--schema", type=Path, help="What the table's columns are (JSON).")
        parser.add_argument("--lead", help="Of a table: who alone sees the stored result.")
        parser.add_argument("--out", type=Path, help="Write the result's bytes (canonical JSON) to this file.")
        parser.add_argument("--spec", help="The question (JSON): a file, or - for the standard input.")
        parser.add_argument("--print-spec", action="store_true", help="Write the complete spec and compute nothing.")
        parser.add_argument("--resamples", type=int, help="Instead of the spec's.")
        parser.add_argument("--seed", type=int, help="Instead of the spec's.")

    def handle(self, *args: Any, **options: Any) -> None:
        named = [options[what] for what in ("study", "dataset", "table") if options[what] is not None]
        if len(named) != 1 or bool(options["table"]) != bool(options["schema"]):
            raise CommandError("Name a study, a dataset with --dataset, or a table with --table and its --schema.")
        try:
            if options["table"]:
                self._table(options)
            elif options["dataset"]:
                self._version(options)
            else:
                self._study(options)
        except Problem as problem:
            raise CommandError(problem.detail) from None
        except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from None

    def _table(self, options: dict[str, Any]) -> None:
        spec = self._spec(options)
        if options["print_spec"]:
            self._print(complete_table_spec(spec))
            return
        schema, content = json.loads(options["schema"].read_text()), options["table"].read_bytes()
        files = (options["table"].name, options["schema"].name)
        if options["out"] and not options["lead"]:
            result = analyse_table(content, schema, spec, files)
            options["out"].write_bytes(result)
            self.stdout.write(f"{options['table'].name}: result {hashlib.sha256(result).hexdigest()}")
            return
        lead = self._lead(options["lead"])
        analysis = request_table_analysis(content, schema, spec=spec, by=lead, for_every_lead=lead is None, files=files)
        self._finish(analysis, options)

    def _lead(self, name: str | None) -> Any:
        if name is None:
            return None
        found = get_user_model().objects.filter(username=name).first()
        if not is_lead(found):
            raise CommandError(f"“{name}” is no study lead.")
        return found

    def _spec(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the file says, and over it what the command line says."""
        said: Any = {}
        if options["spec"]:
            said = json.loads(sys.stdin.read() if options["spec"] == "-" else Path(options["spec"]).read_text())
        if not isinstance(said, dict):
            raise CommandError("A spec is an object.")
        return said | {entry: options[entry] for entry in ("resamples", "seed") if options[entry] is not None}

    def _print(self, spec: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(spec, indent=2, ensure_ascii=False))

    def _study(self, options: dict[str, Any]) -> None:
        spec = self._spec(options)
        try:
            study = Study.objects.unscoped().with_protocol().get(public_id=options["study"])
        except Study.DoesNotExist:
            raise CommandError(f"There is no study “{options['study']}”.") from None
        if options["print_spec"]:
            self._print(study_spec(study, spec))
            return
        self._finish(analyse_study(study, by=None, spec=spec), options)

    def _version(self, options: dict[str, Any]) -> None:
        spec, version = self._spec(options), self._named_version(options["dataset"])
        if options["print_spec"]:
            self._print(version_spec(version, spec))
            return
        self._finish(request_version_analysis(version, spec=spec, by=None), options)

    def _named_version(self, name: str) -> DatasetVersion:
        slug, at, number = name.partition("@")
        versions = (
            DatasetVersion.objects.unscoped().filter(dataset__slug=slug).select_related("dataset", "reference_set")
        )
        if at:
            versions = versions.filter(number=int(number)) if number.isdecimal() else versions.none()
        found = versions.order_by("-number").first()
        if found is None:
            raise CommandError(f"There is no published version “{name}”: SLUG, or SLUG@NUMBER.")
        return found

    def _finish(self, analysis: Analysis, options: dict[str, Any]) -> None:
        run_analysis(analysis.pk)  # False: a worker was faster
        analysis.refresh_from_db()
        if analysis.state != "done":
            raise CommandError(
                analysis.error or f"The analysis {analysis.public_id} is {analysis.get_state_display()}."
            )
        if options["out"]:
            try:
                options["out"].write_bytes(bytes(analysis.result or b""))
            except OSError as error:
                kept = f"The analysis {analysis.public_id} is stored; {options['out']} cannot be written"
                raise CommandError(f"{kept}: {error.strerror}.") from None
        self.stdout.write(f"{analysis.title}: analysis {analysis.public_id}, result {analysis.result_sha256}")
