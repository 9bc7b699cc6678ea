"""Who may do what with consents."""

from typing import Any

from routing.services.consents import record_consent
from tests.api.table import Row
from tests.api.world import TODAY, World
from tnw.integration.api.consents import Standing

AGREED = {"purpose": "consultation", "party": "therapist", "decision": "given"}


def _case(world: World) -> dict[str, Any]:
    case = world.case()
    case.on(TODAY)
    return {"dossier": case.dossier}


def _given(world: World) -> dict[str, Any]:
    places = _case(world)
    dossier = places["dossier"]
    record_consent(
        dossier_id=dossier.public_id, actor=world.people["coordinator"], on=TODAY, answer="given",
        purpose="consultation", party="therapist",
    )  # fmt: skip
    return {**places, "consentId": Standing(dossier, "consultation", "therapist", "given", TODAY).id}


ROWS = {
    "listConsents": Row(),
    "getConsent": Row(before=_given),
    "createConsentDecision": Row(AGREED, right=201, before=_case),
}
