"""Who may do what with trajects, their formal part, its suspensions, and evaluations."""

from typing import Any

from tests.api.table import Row
from tests.api.world import TODAY, World
from tests.plan.conftest import PlanCase
from tnw.integration.api.evaluations import evaluations_of
from tnw.integration.api.reintegration import suspensions_of
from trajects.models import Traject
from trajects.services import reintegration, traject


def begun(world: World, **columns: Any) -> PlanCase:
    """A dossier of its own, whose traject started today."""
    case = world.case(**columns)
    case.on(TODAY).record("contact_requested")
    case.record("first_contact_held", route="B", form="phone")
    case.record("permission_requested", aim="guidance")
    case.record("permission_granted")
    case.record("traject_started", route="B")
    return case


def _begun(world: World) -> dict[str, Any]:
    case = begun(world)
    return {"dossier": case.dossier, "trajectId": case.dossier.trajects.get().public_id}


def by_coordinator(world: World) -> dict[str, Any]:
    """What each service is told of the rich dossier."""
    return {"dossier_id": world.dossier.public_id, "actor": world.people["coordinator"], "on": TODAY}


def _suspended(world: World) -> dict[str, Any]:
    reintegration.suspend(**by_coordinator(world), reason="other")
    return {"suspensionId": suspensions_of(world.one(Traject))[-1].id}


def _evaluated(world: World) -> dict[str, Any]:
    traject.evaluate(**by_coordinator(world), evaluation="It went well.")
    return {"evaluationId": evaluations_of(world.one(Traject))[-1].id}


ENDED = {"result": "noResult", "evaluation": "It went well."}
ROWS = {
    "listTrajects": Row(),
    "getTraject": Row(),
    "chooseFirstStep": Row({"firstStep": "guidance"}, right=201),
    "endTraject": Row(ENDED, right=201),
    "stopTraject": Row(right=201),
    "listReintegrationTrajects": Row(),
    "startReintegrationTraject": Row({"condition": 1, "agreed": True}, right=201, before=_begun),
    "getReintegrationTraject": Row(),
    "endReintegrationTraject": Row(ENDED, right=201),
    "listSuspensions": Row(),
    "suspendTraject": Row({"reason": "other"}, right=201),
    "getSuspension": Row(before=_suspended),
    "resumeTraject": Row(right=201, before=_suspended),
    "listEvaluations": Row(),
    "evaluateTraject": Row({"of": "traject", "evaluation": "It went well."}, right=201),
    "getEvaluation": Row(before=_evaluated),
}
