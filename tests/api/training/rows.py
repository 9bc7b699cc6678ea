"""Who may do what with training projects."""

from collections.abc import Callable
from typing import Any

from tests.api.table import Row
from tests.api.world import TODAY, World
from trajects.models import TrainingProject
from trajects.services import training as services

ADVISED = (services.advise, {"favorable": True})
SUBMITTED: tuple[Callable[..., Any], dict[str, Any]] = (services.submit, {})
REVIEWED = (services.review, {"favorable": True})
APPROVED = (services.decide, {"approved": True, "first_day": TODAY, "last_day": TODAY})


def _come_to(*acts: tuple[Callable[..., Any], dict[str, Any]]) -> Callable[[World], dict[str, Any]]:
    def before(world: World) -> dict[str, Any]:
        one = world.one(TrainingProject)
        for service, said in acts:
            by = "advisory_doctor" if service == services.advise else "coordinator"
            told = {"dossier_id": world.dossier.public_id, "actor": world.people[by], "on": TODAY}
            service(**told, subject=one.subject, **said)
        return {}

    return before


DECISION = {"approved": True, "startDate": "2026-12-01", "endDate": "2027-03-31"}
ROWS = {
    "listTrainingProjects": Row(),
    "createTrainingProject": Row({"proposedBy": "insured", "what": "Bookkeeping."}, right=201),
    "getTrainingProject": Row(),
    "submitTrainingProject": Row(right=201, before=_come_to(ADVISED)),
    "reviewTrainingProject": Row({"favorable": True}, right=201, before=_come_to(ADVISED, SUBMITTED)),
    "decideTrainingProject": Row(DECISION, right=201, before=_come_to(ADVISED, SUBMITTED, REVIEWED)),
    "completeTrainingProject": Row(
        {"success": True}, right=201, before=_come_to(ADVISED, SUBMITTED, REVIEWED, APPROVED)
    ),
    "interruptTrainingProject": Row({"reason": "Another plan."}, right=201),
}
