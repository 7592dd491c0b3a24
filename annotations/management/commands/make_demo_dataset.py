"""Write synthetic archives of the form of LymphUs. The work is done by annotations.demo."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from annotations.demo.bar import Bar
from annotations.demo.build import make_demo_dataset
from annotations.demo.published import PUBLISHED_CASES


class Command(BaseCommand):
    help = "Write Center 1.zip and Center 2.zip: synthetic cases in the published form of LymphUs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, help="folder to write to; made if need be")
        parser.add_argument("--cases", type=int, default=PUBLISHED_CASES, help="over both centres")
        parser.add_argument("--seed", type=int, default=1, help="same cases and seed, same bytes")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            made = make_demo_dataset(options["out"], options["cases"], options["seed"], Bar(sys.stderr, _("Drawing")))
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        for path in made.archives:
            self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
        self.stdout.write(
            _("%(cases)d synthetic cases in %(seconds).1f s; %(rows)d rows contradict themselves (contradictions.csv).")
            % {"cases": made.cases, "seconds": time.monotonic() - began, "rows": made.contradictory}
        )
