"""`manage.py erase_text REFERENCE FACT --fund F --because WHY`: the free text of one ledger entry goes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers import ledger
from dossiers.models import LedgerEntry
from tnw.accounts import actors, audit
from tnw.accounts.arguments import fund_by_number
from tnw.core.errors import DomainError


class Command(BaseCommand):
    help = "Erases the free text of one fact, and keeps why; the fact itself stays, and the ledger still verifies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="of the incapacity")
        parser.add_argument("fact", help="id of the fact, as show_dossier tells it")
        parser.add_argument("--fund", required=True, help="number of the fund")
        parser.add_argument("--because", required=True, help="the reason that is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        fund = fund_by_number(options["fund"])
        actor = actors.system(actors.COMMAND)
        with audit.acting_as(actor, fund):
            entry = (
                LedgerEntry.objects.visible_to(actor)
                .filter(dossier__incapacity__reference=options["reference"], fact_id=options["fact"])
                .first()
            )
            if entry is None:
                raise CommandError("There is no such fact in a dossier of this fund.", returncode=2)
            try:
                ledger.erase(
                    dossier_id=entry.dossier_id, seq=entry.seq, because=options["because"], actor=actor
                )
            except DomainError as error:
                raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"The text of {options['fact']} is erased.")
