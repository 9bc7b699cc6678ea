"""Who may do what with trajects at the employer."""

from collections.abc import Callable
from typing import Any

from routing.services import employer as referrals
from tests.api.table import Row
from tests.api.trajects.rows import begun
from tests.api.world import World
from tests.employer.stage import EMPLOYED
from trajects.services import employer as services


def _come_to(*acts: tuple[Callable[..., Any], dict[str, Any]]) -> Callable[[World], dict[str, Any]]:
    """An insured person with an employer, proposed to refer to the physician and then what else is done."""

    def before(world: World) -> dict[str, Any]:
        case = begun(world, **EMPLOYED)
        for service, said in ((referrals.propose, {}), *acts):
            case.act(service, "coordinator", **said)
        return {
            "dossier": case.dossier,
            "employerTrajectId": case.dossier.employer_trajects.get().public_id,
        }

    return before


def _employed(world: World) -> dict[str, Any]:
    return {"dossier": begun(world, **EMPLOYED).dossier}


REFERRED = (referrals.refer, {"asks_for": "visit", "agreed": True})
STARTED = (services.start, {"requested_by": "employer"})
ROWS = {
    "listEmployerTrajects": Row(),
    "createEmployerTraject": Row({"beginsWith": "proposal"}, right=201, before=_employed),
    "getEmployerTraject": Row(),
    "answerReferralProposal": Row({"agreed": True}, right=201, before=_come_to()),
    "referToOccupationalPhysician": Row({"asksFor": "visit", "agreed": True}, right=201, before=_come_to()),
    "recordPreReturnVisit": Row({"outcome": "other"}, right=201, before=_come_to(REFERRED)),
    "waiveEmployerTraject": Row(right=201, before=_come_to(REFERRED)),
    "startEmployerTraject": Row({"requestedBy": "employee"}, right=201, before=_come_to(REFERRED)),
    "endEmployerTraject": Row({"decision": "a"}, right=201, before=_come_to(STARTED)),
}
