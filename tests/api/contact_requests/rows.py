"""Who may do what with contact requests."""

from typing import Any

from routing.services import route_b as services
from tests.api.table import Row
from tests.api.world import TODAY, World


def _none(world: World) -> dict[str, Any]:
    case = world.case()
    case.on(TODAY)
    return {"dossier": case.dossier}


def _open(world: World) -> dict[str, Any]:
    places = _none(world)
    services.request_contact(
        dossier_id=places["dossier"].public_id, actor=world.people["coordinator"], on=TODAY
    )
    return {**places, "contactRequestId": places["dossier"].routes_b.get().public_id}


ROWS = {
    "listContactRequests": Row(),
    "createContactRequest": Row(right=201, before=_none),
    "getContactRequest": Row(before=_open),
    "closeContactRequest": Row({"reason": "declined"}, right=201, before=_open),
}
