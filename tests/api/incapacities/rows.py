"""Who may read and bring an incapacity."""

from typing import Any

from tests import population
from tests.api.table import Row
from tests.api.world import World

BODY = {
    "version": 1, "ssin": population.ssin(901), "lastName": "Goossens", "firstName": "An", "language": "nl",
    "street": "Kerkstraat 1", "postalCode": "9000", "city": "Gent", "regime": "employee", "cause": "illness",
    "employmentContract": False, "startDate": "2026-01-05",
}  # fmt: skip


def _known(world: World) -> dict[str, Any]:
    return {"incapacityId": world.dossier.incapacity.reference}


def _new(world: World) -> dict[str, Any]:
    return {"incapacityId": "new-1"}


ROWS = {
    "getIncapacity": Row(before=_known),
    "putIncapacity": Row(BODY, right=201, before=_new, other_fund=201),
}
