"""Who may do what with adapted work."""

from datetime import date
from typing import Any

from tests.api.table import Row
from tests.api.world import TODAY, World
from trajects.services import adapted_work as services


def _planned(world: World, starts_on: date = date(2026, 12, 1)) -> dict[str, Any]:
    case = world.case()
    case.on(TODAY)
    subject = case.act(services.plan, "coordinator", starts_on=starts_on, declared=False)
    return {
        "dossier": case.dossier,
        "adaptedWorkId": case.dossier.adapted_works.get(subject=subject).public_id,
    }


def _permitted(world: World) -> dict[str, Any]:
    places = _planned(world, TODAY)
    subject = places["dossier"].adapted_works.get().subject
    given = {"dossier_id": places["dossier"].public_id, "subject": subject, "on": TODAY}
    services.declare(**given, actor=world.people["coordinator"])
    services.permit(**given, actor=world.people["advisory_doctor"], first_day=TODAY)
    return places


ROWS = {
    "listAdaptedWorks": Row(),
    "createAdaptedWork": Row({"startsOn": "2026-12-01"}, right=201),
    "getAdaptedWork": Row(),
    "declareAdaptedWork": Row(right=201, before=_planned),
    "cancelAdaptedWork": Row(right=201, before=_planned),
    "endAdaptedWork": Row(right=201, before=_permitted),
}
