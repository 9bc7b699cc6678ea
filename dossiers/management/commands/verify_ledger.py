"""`manage.py verify_ledger [--root FILE]`: is the ledger what was recorded?"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers import verification
from tnw.accounts.models import Fund
from tnw.core import scope
from tnw.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Finds every changed, inserted or missing ledger entry and exits 1 if there is one. Against a root exported "
        "earlier it also finds what a superuser rewrote or cut off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--root", type=Path, help="a root that the daily job wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.funds(*Fund.objects.values_list("pk", flat=True)):
            try:
                entries, broken = verification.verify(options["root"])
            except DomainError as error:
                raise CommandError(str(error), returncode=2) from None
        for dossier, seq, fault in broken:
            self.stdout.write(f"dossier {dossier} entry {seq}: {fault}")
        self.stdout.write(f"{entries} entries, {len(broken)}{'+' if len(broken) >= 1000 else ''} broken")
        if broken:
            sys.exit(1)
