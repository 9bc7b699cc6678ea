"""Who may read declarations and the state of their signatures."""

from typing import Any

from tests.api.table import Row
from tests.api.world import World
from trajects.models import EngagementDeclaration


def _there(world: World) -> dict[str, Any]:
    return {"declarationId": world.one(EngagementDeclaration).public_id, "role": "insured"}


ROWS = {
    "listDeclarations": Row(),
    "getDeclaration": Row(before=_there),
    "listSignatures": Row(before=_there),
    "getSignature": Row(before=_there),
}
