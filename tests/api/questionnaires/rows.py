"""Who may do what with questionnaires."""

from collections.abc import Mapping
from typing import Any

from routing.questionnaires.sending import send
from tests.api.table import Row
from tests.api.world import TODAY, World


def _case(world: World) -> dict[str, Any]:
    case = world.case()
    case.on(TODAY)
    return {"dossier": case.dossier}


def _sent(world: World) -> dict[str, Any]:
    places = _case(world)
    one = send(
        dossier_id=places["dossier"].public_id, actor=world.people["coordinator"], on=TODAY, channel="in_person"
    )  # fmt: skip
    return {**places, "questionnaireId": one.public_id}


def _begun(_world: World, _places: Mapping[str, Any]) -> dict[str, Any]:
    return {"answers": [{"question": "healthNow", "value": 6}], "complete": False}


ROWS = {
    "listQuestionnaires": Row(),
    "sendQuestionnaire": Row({"channel": "post"}, right=201, before=_case),
    "getQuestionnaire": Row(before=_sent),
    "createQuestionnaireAnswers": Row(_begun, right=201, before=_sent),
}
