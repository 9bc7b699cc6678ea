"""`manage.py create_api_client NAME …`: a system that may call the REST API."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from routing.models.route_c import Service
from tnw.accounts import actors
from tnw.accounts.arguments import fund_by_number
from tnw.core.errors import DomainError
from tnw.integration import clients
from tnw.integration.access import PARTNER_SCOPES, PREFIX, SCOPES
from tnw.integration.models.client import CALLS_A_MINUTE


class Command(BaseCommand):
    help = "Makes a client of the REST API, of a fund or of a regional service, and prints its secret, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="by which timeline and logs name it")
        parser.add_argument(
            "--fund",
            action="append",
            default=[],
            dest="funds",
            help="number of the fund; with --service those it works with, several times",
        )
        parser.add_argument("--service", default="", help=f"regional service: {', '.join(Service.values)}")
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            dest="scopes",
            help="such as adaptedWork:read, several times",
        )
        parser.add_argument("--all-scopes", action="store_true", help="every scope that it may have")
        parser.add_argument(
            "--keys", type=Path, help="file with its public keys (JSON Web Key Set); then there is no secret"
        )
        parser.add_argument("--calls-a-minute", type=int, default=CALLS_A_MINUTE)

    def handle(self, *args: Any, **options: Any) -> None:
        funds, service = [fund_by_number(number) for number in options["funds"]], options["service"]
        if not service and len(funds) != 1:
            raise CommandError("Name one --fund, or a --service with the funds it works with.", returncode=2)
        if options["all_scopes"] == bool(options["scopes"]):
            raise CommandError(
                f"Name --scope, once or more often, or --all-scopes. Known: {_short(SCOPES)}.", returncode=2
            )
        wanted = options["scopes"] or (PARTNER_SCOPES if service else SCOPES)
        try:
            client, secret = clients.create(
                name=options["name"],
                scopes=wanted,
                actor=actors.system(actors.COMMAND),
                fund=None if service else funds[0],
                service=service,
                funds=funds if service else (),
                keys=_read(options["keys"]) if options["keys"] else None,
                calls_a_minute=options["calls_a_minute"],
            )
        except DomainError as error:
            known = (
                f" Known: {_short(PARTNER_SCOPES if service else SCOPES)}." if error.field == "scopes" else ""
            )
            raise CommandError(f"{error}{known}", returncode=2) from None
        self.stdout.write(f"client_id {client.client_id}")
        self.stdout.write(
            f"client_secret {secret}\nThe secret is shown this once: keep it safe."
            if secret
            else f"It signs in with its {len((client.keys or {})['keys'])} key(s), by private_key_jwt."
        )


def _short(scopes: Any) -> str:
    return ", ".join(sorted(scope.removeprefix(PREFIX) for scope in scopes))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from None
    except (ValueError, RecursionError):
        raise CommandError(f"{path} is not JSON.", returncode=2) from None
