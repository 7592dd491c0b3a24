"""`python manage.py serve`: the whole application, embedded, on 127.0.0.1. What `make run` calls."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from annotations import bell
from lymphus_web import embedded
from lymphus_web.collected import collect_if_changed
from readers import demo


class Command(BaseCommand):
    help = "Serve the application with an embedded worker on 127.0.0.1; Ctrl-C ends all of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data", default="", help="LymphUs archives to import instead of the demo data.")
        parser.add_argument("--cases", type=int, default=338, help="Cases of the demo dataset.")
        parser.add_argument("--no-data", action="store_true", help="Neither demo data nor an import.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEPLOYMENT:
            raise CommandError(
                "LYMPHUS_DEPLOYMENT is on: a deployment runs gunicorn and Celery by themselves (docs/deploy.md)."
            )
        host, port = "127.0.0.1", options["port"]
        try:
            embedded.probe(host, port)
        except embedded.PortTaken as taken:
            raise CommandError(str(taken)) from None
        embedded.keep_secret()
        os.environ.setdefault("LYMPHUS_DEMO", "1")
        call_command("migrate", interactive=False, verbosity=0)
        collect_if_changed()
        self._fill(options)
        self._serve(host, port)

    def _fill(self, options: dict[str, Any]) -> None:
        demo.make_log_ins()
        if options["data"]:
            try:
                paths = embedded.split_paths(options["data"])
            except FileNotFoundError as missing:
                raise CommandError(str(missing)) from None
            call_command("import_lymphus", *paths, dataset="lymphus", accept_warnings=True, publish=True)
        elif not options["no_data"]:
            demo.fill(cases=options["cases"], say=self.stdout.write)

    def _serve(self, host: str, port: int) -> None:
        commands = {"web": embedded.web_command(host, port), "worker": embedded.worker_command()}
        home = embedded.Household(commands, self.stdout.write)
        home.listen()
        try:
            for name in commands:
                home.start(name)
            address = f"http://{host}:{port}/"
            if embedded.wait_until_up(f"{address}health/", 60, home.is_starting):
                self._welcome(address)
            code = home.watch(self._ring)
        finally:
            home.end()
        if code:
            raise CommandError("Stopped.")
        self.stdout.write("Stopped.")

    def _ring(self) -> None:
        """A database that is away for a moment ends nothing: the clock rings again."""
        close_old_connections()
        try:
            bell.ring_waiting()
        except Error as away:
            self.stderr.write(f"The database could not be asked for waiting jobs: {away}")

    def _welcome(self, address: str) -> None:
        self.stdout.write(f"\nLymphUs Web: {address}  (Ctrl-C ends it)\n")
        width = max(len(entry.role) for entry in demo.LOG_INS)
        for entry in demo.LOG_INS:
            self.stdout.write(f"  {entry.role:{width}}  {entry.username} / {entry.password}")
        self.stdout.flush()
