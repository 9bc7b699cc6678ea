"""`manage.py verify_states`: folds every ledger through the state machines and compares with what stands."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers import projection
from dossiers.models import Dossier
from tnw.accounts.models import Fund
from tnw.core import scope


class Command(BaseCommand):
    help = "Do the states of all dossiers follow from their ledgers? Changes nothing; exit code 1 where one does not."

    def handle(self, *args: Any, **options: Any) -> None:
        dossiers = differing = flagged = 0
        for fund in Fund.objects.order_by("number"):
            with scope.funds(fund.pk):
                looked_at, differ = projection.rebuild(fund, check=True, what=projection.states)
                dossiers += looked_at
                differing += differ
                contradicting = Dossier.objects.filter(fund=fund).exclude(out_of_order="")
                for dossier in contradicting.select_related("incapacity").order_by("pk")[:100]:
                    self.stdout.write(
                        f"{fund.number} {dossier.incapacity.reference}: {dossier.out_of_order} is out of order"
                    )
                flagged += contradicting.count()
        self.stdout.write(
            f"{dossiers} dossiers, {differing} states that do not follow from their ledger, "
            f"{flagged} dossiers that contradict themselves"
        )
        if differing:
            raise CommandError(
                "A state that its ledger does not explain is a defect; rebuild_deadlines mends it."
            )
