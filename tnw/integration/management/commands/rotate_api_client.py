"""`manage.py rotate_api_client CLIENT_ID`: a new secret instead of the former one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tnw.accounts import actors
from tnw.core.errors import DomainError
from tnw.integration import clients


class Command(BaseCommand):
    help = (
        "Gives a client of the REST API a new secret and prints it, once; or stops it, or lets it in again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client_id")
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--stop", action="store_true", help="no new secret: let the client in no more")
        ways.add_argument("--start", action="store_true", help="no new secret: let it in again")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {"client_id": options["client_id"], "actor": actors.system(actors.COMMAND)}
        try:
            if options["stop"] or options["start"]:
                client = clients.change(**given, is_active=options["start"])
                self.stdout.write(f"{client.name} is let in {'again' if client.is_active else 'no more'}.")
                return
            client, secret = clients.rotate(**given)
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"client_id {client.client_id}\nclient_secret {secret}")
        self.stdout.write("The former secret is good for nothing any more; this one is shown this once.")
        if not client.is_active:
            self.stdout.write("Mind that this client is stopped: --start lets it in again.")
