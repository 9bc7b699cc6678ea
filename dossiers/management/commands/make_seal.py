"""`manage.py make_seal NUMBER`: a seal that a fund made itself, to try everything with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dossiers.documents import seals
from tnw.accounts.arguments import fund_by_number


class Command(BaseCommand):
    help = (
        "Makes a certificate and key for a fund in the folder of TNW_SEALS, under TNW_SEAL_PASSPHRASE. Nobody vouches for "
        "it: what others have to trust is sealed with a certificate of a recognized authority."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fund", help="number of the fund")
        parser.add_argument("--replace", action="store_true", help="in the place of the one that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        fund = fund_by_number(options["fund"])
        path = seals.place_of(fund)
        try:
            seals.make(fund, path, settings.SEAL_PASSPHRASE, replace=options["replace"])
        except FileExistsError:
            raise CommandError(f"{path} is there already; see --replace.", returncode=2) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from None
        self.stdout.write(f"{path} seals for fund {fund.number}.")
