"""`manage.py create_fund NUMBER …`: a first start without demo data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.funds import open_fund
from tnw.accounts import actors
from tnw.accounts.arguments import day
from tnw.core.errors import DomainError


class Command(BaseCommand):
    help = "Opens a fund: the wall behind which its users and dossiers live."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="three digits")
        parser.add_argument("--institution", required=True, help="insurance institution, 100 to 900")
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--live-from", required=True, type=day, help="first day of work with TNW, as 2026-11-21"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fund = open_fund(
                number=options["number"],
                institution=options["institution"],
                name=options["name"],
                live_from=options["live_from"],
                actor=actors.system(actors.COMMAND),
            )
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"Fund {fund} is open; it is live from {fund.live_from}.")
