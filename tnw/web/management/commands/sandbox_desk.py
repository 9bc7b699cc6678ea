"""`manage.py sandbox_desk`: the people of the sandbox's fund do their part, so that an integrator can go on."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.models import Dossier
from tnw.accounts import actors
from tnw.accounts.models import Fund
from tnw.core import scope, trace
from tnw.core.errors import DomainError
from tnw.web.demo.sandbox import FUND, Desk


class Command(BaseCommand):
    help = (
        "Of a dossier of the demo's sandbox whose insured asked for a contact: holds it, gives permission, starts the "
        "traject, and has the declaration signed by all three."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dossier", type=UUID, help="its id, as the API gives it")

    def handle(self, *, dossier: UUID, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("This signs for people: it runs on the demo's own servers only.")
        fund = Fund.objects.get(number=FUND)
        with trace.new(), scope.funds(fund.pk):
            found = (
                Dossier.objects.visible_to(actors.system())
                .select_related("fund", "incapacity__person", "team", "coordinator")
                .filter(public_id=dossier)
                .first()
            )
            if found is None:
                raise CommandError(f"Fund {FUND} has no dossier {dossier}.")
            try:
                Desk.of(found).to_signed_declaration()
            except DomainError as refusal:
                raise CommandError(f"{refusal} ({refusal.code})") from None
        self.stdout.write(
            "The declaration is signed by the insured, the coordinator and the advisory doctor."
        )
