"""Steps at a regional service (C4, G1): of a registration that it made, or of a referral that the fund sent."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers import acts
from dossiers.law.kinds import SERVICE_STEPS
from dossiers.models.machine import SubjectMachine
from routing.models import RouteC
from routing.policies.route_c import may_tell
from routing.services import route_c
from tnw.accounts import audit
from tnw.integration.api.facts import id_of
from tnw.integration.api.nouns import Dated
from tnw.integration.rest import Call, Code, Resource, Shape, address, operation

READ, WRITE = "partnerStep:read", "partnerStep:write"


class PartnerStep(Shape):
    """A step of the guidance at a regional service."""

    id = serializers.UUIDField()
    href = serializers.URLField()
    step = Code(SERVICE_STEPS)
    on = serializers.DateField()


class NewPartnerStep(Dated):
    """A step, as it is reported; `note` is for the people of the fund."""

    step = Code(SERVICE_STEPS)
    note = serializers.CharField(required=False, max_length=2000)


EXAMPLE = {"step": "orientation", "on": "2026-11-09"}
ONCE = "Reported again of the same day it is the same step, and answered alike."


def steps_of(one: SubjectMachine, place: str) -> list[dict[str, Any]]:
    """The steps beside a registration or a referral, whose address is `place`; the first the oldest."""
    its = (fact for fact in acts.happened(one.dossier) if fact.subject == one.subject)
    found = [
        (id_of(one.dossier, fact.id), fact.get("step"), fact.on)
        for fact in its
        if fact.kind == "service_step"
    ]
    return [
        {"id": id, "href": address(f"{place}/steps/{id}"), "step": step, "on": on} for id, step, on in found
    ]


def step_of(one: SubjectMachine, place: str, step_id: UUID) -> dict[str, Any]:
    """One of them. Raises Http404."""
    found = next((step for step in steps_of(one, place) if step["id"] == step_id), None)
    if found is None:
        raise Http404
    return found


def report(call: Call, one: SubjectMachine, place: str, service: Callable[..., None]) -> Response:
    """Record a step, and answer with it; told twice it is one."""
    day = call.take_day()
    with as_recorded(call, one):
        service(dossier_id=one.dossier.public_id, actor=call.actor, on=day, subject=one.subject, **call.body)
    same = (call.body["step"], day)
    made = next(step for step in steps_of(one, place) if (step["step"], step["on"]) == same)
    return call.created(PartnerStep, made, version=0)


def as_recorded(call: Call, one: SubjectMachine) -> ExitStack:
    """What a regional service records is recorded inside the wall of one fund, as what it itself did."""
    stack = ExitStack()
    if call.actor.service:
        remote = call.request.META.get("REMOTE_ADDR")
        stack.enter_context(audit.acting_as(call.actor, one.dossier.fund, remote_addr=remote))
    return stack


def _registration(call: Call, public_id: UUID) -> tuple[RouteC, str]:
    """A registration and its address; where a service may not be told of it, a refusal does not name its state either."""
    route = call.one(RouteC.objects.visible_to(call.actor), public_id)
    if call.actor.service and not may_tell(route.dossier):
        call.about = None
    return route, f"/partnerRegistrations/{public_id}"


class RegistrationSteps(Resource):
    """The steps of a registration."""

    tag = "Partner registrations"

    @operation(
        "listPartnerRegistrationSteps",
        "List the steps of a registration",
        scope=READ,
        gives=PartnerStep,
        many=True,
        partner=True,
        description="To the service itself none any more, once the insured has withdrawn the consent.",
    )
    def get(self, call: Call, partner_registration_id: UUID) -> Response:
        route, place = _registration(call, partner_registration_id)
        told = not call.actor.service or may_tell(route.dossier)
        return call.listed(PartnerStep, steps_of(route, place) if told else [])

    @operation(
        "createPartnerRegistrationStep",
        "Report a step of a registration",
        scope=WRITE,
        takes=NewPartnerStep,
        gives=PartnerStep,
        creates=True,
        partner=True,
        problems=["transitionNotAllowed", "consentMissing"],
        example=EXAMPLE,
        description=ONCE,
    )
    def post(self, call: Call, partner_registration_id: UUID) -> Response:
        route, place = _registration(call, partner_registration_id)
        return report(call, route, place, route_c.report_step)


class OneRegistrationStep(Resource):
    """One step of a registration."""

    tag = "Partner registrations"

    @operation(
        "getPartnerRegistrationStep",
        "Read a step of a registration",
        scope=READ,
        gives=PartnerStep,
        partner=True,
    )
    def get(self, call: Call, partner_registration_id: UUID, step_id: UUID) -> Response:
        route, place = _registration(call, partner_registration_id)
        if call.actor.service and not may_tell(route.dossier):
            raise Http404
        return call.shown(PartnerStep, step_of(route, place, step_id), version=0)
