"""Who may draw up, send, answer, follow and end referrals to a regional service."""

from datetime import date
from typing import Any

from routing.services.consents import record_consent
from tests.api.table import Row
from tests.api.world import TODAY, World
from tnw.integration.api.partner_steps import steps_of
from trajects.models import PartnerReferral
from trajects.services import partner as services


def _begun(world: World) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """A traject, the consent to share, and a form of VDAB's."""
    case = world.case(start=date(2026, 1, 5))
    case.on(TODAY)
    case.record("contact_requested")
    case.record("first_contact_held", route="B", form="phone")
    case.record("permission_requested", aim="guidance")
    case.record("permission_granted")
    case.record("traject_started", route="B")
    told: dict[str, Any] = {
        "dossier_id": case.dossier.public_id,
        "actor": world.people["coordinator"],
        "on": TODAY,
    }
    record_consent(**told, answer="given", purpose="consultation", party="regional_service")
    subject = services.draw_up(**told, service="vdab", form="Looks for office work.")
    one = PartnerReferral.objects.select_related("dossier").get(dossier=case.dossier, subject=subject)
    return {"dossier": case.dossier, "partnerReferralId": one.public_id}, {**told, "subject": subject}, one


def _drawn_up(world: World) -> dict[str, Any]:
    return _begun(world)[0]


def _sent(world: World) -> dict[str, Any]:
    places, told, _one = _begun(world)
    services.send(**told)
    return places


def _followed(world: World) -> dict[str, Any]:
    places, told, one = _begun(world)
    services.send(**told)
    services.answer(**told, accepted=True)
    services.take_step(**told, step="orientation")
    return {**places, "stepId": steps_of(one, "")[0]["id"]}


ROWS = {
    "listPartnerReferrals": Row(before=_sent, other_partner=200),
    "getPartnerReferral": Row(before=_sent),
    "listDossierPartnerReferrals": Row(before=_sent),
    "createDossierPartnerReferral": Row(
        {"service": "vdab", "form": "Looks for office work."}, right=201, before=_drawn_up
    ),
    "sendPartnerReferral": Row(right=201, before=_drawn_up),
    # A service's own version is told by what it says, which no table knows.
    "answerPartnerReferral": Row({"accepted": True}, right=201, before=_sent, partner=412),
    "endPartnerReferral": Row(right=201, before=_sent, partner=412),
    "listPartnerReferralSteps": Row(before=_followed),
    "createPartnerReferralStep": Row({"step": "coaching"}, right=201, before=_followed),
    "getPartnerReferralStep": Row(before=_followed),
}
