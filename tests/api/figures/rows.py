"""Who may read figures: each fund its own."""

from typing import Any

from tests.api.table import Row
from tests.api.world import World


def _quarter(world: World) -> dict[str, Any]:
    return {"figureId": "completeQuestionnaires2026q4"}


ROWS = {
    "listFigures": Row(other_fund=200),
    "getFigure": Row(before=_quarter, other_fund=200),
    "listFactsOfFigure": Row(before=_quarter, other_fund=200),
}
