"""Who may read facts."""

from typing import Any

from dossiers.models import LedgerEntry
from tests.api.table import Row
from tests.api.world import World
from tnw.integration.api.facts import id_of


def _first(world: World) -> dict[str, Any]:
    entry = LedgerEntry.objects.filter(dossier=world.dossier).order_by("seq")[0]
    return {"factId": id_of(world.dossier, entry.fact_id)}


ROWS = {"listFacts": Row(), "getFact": Row(before=_first)}
