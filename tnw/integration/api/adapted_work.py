"""Adapted work, as a member portal declares it (W1); permission is the doctor's, on the pages."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from tnw.integration.api import nouns
from tnw.integration.api.nouns import Dated
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from trajects.models import AdaptedWork as Work
from trajects.models.adapted_work import AdaptedWorkState
from trajects.services import adapted_work as services

TAG = "Adapted work"
READ, WRITE = "adaptedWork:read", "adaptedWork:write"


class AdaptedWork(Shape):
    """Work during the incapacity, declared beforehand and permitted by the advisory doctor (W1)."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/adaptedWorks/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    state = Code(AdaptedWorkState)
    starts_on = serializers.DateField()
    declared_on = serializers.DateField(required=False)
    permitted_from = serializers.DateField(required=False)
    permitted_to = serializers.DateField(required=False)
    hours_a_week = serializers.DecimalField(5, 2, source="hours", coerce_to_string=False, required=False)
    ended_on = serializers.DateField(required=False)


class NewAdaptedWork(Dated):
    """Adapted work that is planned; `declared`: the insured declares it now, and asks permission."""

    starts_on = serializers.DateField()
    what = serializers.CharField(
        required=False, max_length=2000, help_text="Which work, how much, what is adapted."
    )
    declared = serializers.BooleanField(default=True)


PLANNED = {"startsOn": "2027-02-01", "what": "Half days at the reception desk.", "declared": True}


@operation(
    "createAdaptedWork",
    "Plan adapted work, and declare it",
    scope=WRITE,
    takes=NewAdaptedWork,
    gives=AdaptedWork,
    step=True,
    creates=True,
    example=PLANNED,
)
def _create(self: Resource, call: Call, dossier_id: UUID) -> Response:
    dossier = call.dossier(dossier_id)
    subject = services.plan(
        dossier_id=dossier_id, actor=call.actor, on=call.take_day(), seen=call.seen, **call.body
    )
    made = Work.objects.visible_to(call.actor).get(dossier=dossier, subject=subject)
    return call.created(AdaptedWork, call.again(made))


_noun: dict[str, Any] = {"tag": TAG, "gives": AdaptedWork}
AdaptedWorks = nouns.listing(
    Work, "listAdaptedWorks", "List the adapted work of a dossier", scope=READ, create=_create, **_noun
)
OneAdaptedWork = nouns.single(Work, "getAdaptedWork", "Read adapted work", scope=READ, **_noun)
Declarations = nouns.step(
    Work, "declareAdaptedWork", "Declare planned adapted work, and ask permission",
    scope=WRITE, service=services.declare, **_noun,
)  # fmt: skip
Cancellations = nouns.step(
    Work, "cancelAdaptedWork", "Cancel adapted work that does not begin after all",
    scope=WRITE, service=services.cancel, **_noun,
)  # fmt: skip
Endings = nouns.step(
    Work, "endAdaptedWork", "Say that adapted work is over", scope=WRITE, service=services.end, **_noun
)  # fmt: skip
