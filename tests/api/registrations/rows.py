"""Who may report, read and follow registrations with a regional service."""

from datetime import date
from typing import Any

from routing.models import RouteC
from routing.services import route_c as services
from routing.windows import open_invented
from tests import population
from tests.api.table import Row
from tests.api.world import TODAY, World
from tnw.integration.api.partner_steps import steps_of


def _registration(world: World) -> dict[str, Any]:
    """One of VDAB's, in a case of its own, with a step."""
    case = world.case(start=date(2025, 1, 6))
    case.on(TODAY)
    open_invented(world.fund)
    told: dict[str, Any] = {
        "dossier_id": case.dossier.public_id,
        "actor": world.people["coordinator"],
        "on": TODAY,
    }
    subject = services.report_registration(**told, service="vdab", registered_on=TODAY)
    services.report_step(**told, subject=subject, step="orientation")
    route = RouteC.objects.get(dossier=case.dossier, subject=subject)
    (step,) = steps_of(route, "")
    return {"dossier": case.dossier, "partnerRegistrationId": route.public_id, "stepId": step["id"]}


ROWS = {
    "listPartnerRegistrations": Row(other_partner=200),
    "createPartnerRegistration": Row(
        {"ssin": population.ssin(902), "registeredOn": "2026-11-02"}, right=202, other_partner=202
    ),
    "getPartnerRegistration": Row(before=_registration),
    "listPartnerRegistrationSteps": Row(before=_registration),
    "createPartnerRegistrationStep": Row({"step": "coaching"}, right=201, before=_registration),
    "getPartnerRegistrationStep": Row(before=_registration),
    "listDossierPartnerRegistrations": Row(),
    "createDossierPartnerRegistration": Row({"service": "forem", "registeredOn": "2026-11-02"}, right=201),
}
