"""Who may do what with a career."""

from collections.abc import Mapping
from typing import Any

from dossiers import career
from dossiers.career import Details
from tests.api.table import Row
from tests.api.world import TODAY, World


def _noted(world: World) -> dict[str, Any]:
    case = world.case()
    case.on(TODAY)
    item = career.add(
        dossier_id=case.dossier.public_id, kind="job", details=Details(title="Welder"),
        actor=world.people["coordinator"], on=TODAY,
    )  # fmt: skip
    return {"dossier": case.dossier, "careerItemId": item.public_id}


def _version(_world: World, _places: Mapping[str, Any]) -> int:
    return 1


ROWS = {
    "listCareerItems": Row(),
    "createCareerItem": Row({"kind": "aim", "title": "Work near home"}, right=201),
    "getCareerItem": Row(before=_noted),
    "changeCareerItem": Row({"title": "Welder of pipes"}, before=_noted, version=_version),
    "removeCareerItem": Row(right=204, before=_noted, version=_version),
}
