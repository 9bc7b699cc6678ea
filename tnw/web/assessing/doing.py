"""Doing what the assessment screen was sent for, at once or ten seconds later: the services of route A."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from routing.services import route_a as services
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web.assessing.forms import CATEGORIES, CONTACT, DECIDE, EXAMINE, REFER
from trajects.models.appointment import Form, Purpose
from trajects.services.contacts import plan


def do(dossier: Dossier, actor: Actor, act: str, told: Mapping[str, Any], seen: int | None) -> None:
    """Do it as of today. Raises what the services raise, and ValueError for an act that is none."""
    who: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actor, "on": clock.today(), "seen": seen}
    contact = told.get("contact", "")
    if act == CONTACT:
        services.hold_medical_contact(**who, form=contact)
    elif act == EXAMINE:
        plan(
            **who,
            purpose=Purpose.MEDICAL_EXAMINATION,
            at=told["at"],
            form=Form.IN_PERSON,
            place=told["place"],
        )
    elif act in (DECIDE, REFER) and told.get("category"):
        services.assess(
            **who,
            category=int(told["category"]),
            reason=told["reason"],
            contact=contact,
            refer=bool(told.get("refer")),
        )
    elif act == REFER:
        services.refer(**who)
        if contact:
            services.hold_medical_contact(**{**who, "seen": None}, form=contact)
    else:
        raise ValueError(f"nothing is done for {act!r}")


def told(values: Mapping[str, Any]) -> str:
    """What was decided, in a few words."""
    if values.get("act") == EXAMINE:
        return _("called for a medical examination")
    category = values.get("category", "")
    if category not in CATEGORIES:
        return _("referred to the coordinator")
    if values.get("refer") or values.get("act") == "refer":
        return _("category %(n)s, referred to the coordinator") % {"n": category}
    return _("category %(n)s") % {"n": category}
