"""`manage.py rebuild_deadlines [--check]`: the rows of deadlines as the law makes them of the ledger."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dossiers import projection
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund


class Command(BaseCommand):
    help = (
        "Recomputes all deadlines from the ledger and reports what differed; with --check nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything differs")

    def handle(self, *args: Any, **options: Any) -> None:
        drift = 0
        for fund in Fund.objects.order_by("number"):
            with audit.acting_as(actors.system(actors.COMMAND), fund):
                dossiers, differing = projection.rebuild(fund, check=options["check"])
            drift += differing
            self.stdout.write(f"fund {fund.number}: {dossiers} dossiers, {differing} rows differed")
        if drift and options["check"]:
            sys.exit(1)
