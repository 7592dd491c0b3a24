from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from annotations.written_docs import WRITTEN


class Command(BaseCommand):
    help = "Write docs/features.md and docs/statistics.md from the code; with --check, say which are not current."
    requires_system_checks: list[str] = []  # neither database nor settings of a deployment are needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not current")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        stale = []
        for name, text_of in WRITTEN.items():
            path = settings.BASE_DIR / "docs" / name
            with translation.override("en"):
                text = text_of()
            if path.exists() and path.read_text() == text:
                continue
            stale.append(f"docs/{name}")
            if not check:
                path.write_text(text)
                self.stdout.write(f"docs/{name}")
        if check and stale:
            raise CommandError(f"Not current: {', '.join(stale)}. Run manage.py write_docs.")
