"""Who may look up insured persons."""

from typing import Any

from tests import population
from tests.api.table import Row
from tests.api.world import World


def _person(world: World) -> dict[str, Any]:
    return {"insuredPersonId": world.dossier.incapacity.person.public_id}


ROWS = {
    "queryInsuredPersons": Row({"ssin": population.ssin(7)}, other_fund=200),
    "getInsuredPerson": Row(before=_person),
}
