"""Who may read deadlines."""

from typing import Any

from dossiers.reading import deadlines_of
from tests.api.table import Row
from tests.api.world import TODAY, World
from tnw.integration.api.deadlines import id_of


def _first(world: World) -> dict[str, Any]:
    _stored, row = deadlines_of(world.people["system"], world.dossier, TODAY)[0]
    return {"deadlineId": id_of(world.dossier.public_id, row)}


ROWS = {
    "listDeadlines": Row(other_fund=200),
    "listDossierDeadlines": Row(),
    "getDeadline": Row(before=_first),
}
