"""Who may read reference data: everybody with the scope, of the funds they work for."""

from typing import Any
from uuid import uuid5

from routing.models import QuestionnaireVersion
from tests.api.table import Row
from tests.api.world import TODAY, World
from tnw.integration.api.refdata import id_of_version
from tnw.integration.webhooks.events import EVENT_TYPES


def _windows(world: World) -> dict[str, Any]:
    return {"registrationWindowId": uuid5(world.fund.public_id, "registrationWindows/vdab")}


def _questionnaire(world: World) -> dict[str, Any]:
    version = QuestionnaireVersion.objects.in_force(world.fund, TODAY)
    assert version is not None
    return {"questionnaireId": id_of_version(world.fund, version)}


def _everybody(**places: str) -> Row:
    return Row(before=(lambda world: places) if places else None, other_fund=200, other_partner=200)


ROWS = {
    "listCodeLists": _everybody(),
    "getCodeList": _everybody(codeListId="regimes"),
    "listFactKinds": _everybody(),
    "getFactKind": _everybody(factKindId="questionnaireSent"),
    "listDeadlineRules": _everybody(),
    "getDeadlineRule": _everybody(deadlineRuleId="t1"),
    "listRegistrationWindows": _everybody(),
    "getRegistrationWindows": Row(before=_windows),
    "listEventTypes": _everybody(),
    "getEventType": _everybody(eventTypeId=EVENT_TYPES[0]),
    "listQuestionSets": _everybody(),
    "getQuestionSet": Row(before=_questionnaire, other_partner=200, elsewhere=404),
}
