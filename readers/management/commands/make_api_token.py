"""python manage.py make_api_token USER --scope SCOPE …: a key for a program, shown this once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from readers.models import ApiToken
from readers.tokens import make_token, scopes_for


class Command(BaseCommand):
    help = "Make a key to the API for a user and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name")
        parser.add_argument("--scope", action="append", choices=ApiToken.Scope.values, required=True, dest="scopes")
        parser.add_argument("--name", default="made on the command line", help="what the key is for")
        parser.add_argument("--days", type=int, help="after how many days it expires (left out: never)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{options['user']}”.")
        useless = [scope for scope in options["scopes"] if scope not in scopes_for(user)]
        if useless:
            raise CommandError(f"The roles of “{user}” cannot use {', '.join(useless)}.")
        _token, key = make_token(user, options["name"], options["scopes"], options["days"])
        self.stdout.write(key)
