"""Trajects at the employer, from the proposal to refer to the occupational physician on to its decision (A7, Z9)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.law.kinds import DECISIONS, REFERRAL_ASKS, REFUSERS, REQUESTERS, VISIT_OUTCOMES
from routing.services import employer as referrals
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT, Step
from tnw.integration.api.trajects import DOSSIER
from tnw.integration.rest import Call, Code, Link, Resource, Shape, invalid, operation
from tnw.integration.rest.names import camel
from tnw.integration.rest.problem import EXT_INPUT
from trajects.models import EmployerTraject as Row
from trajects.models.employer import EmployerState
from trajects.services import employer as services

TAG = "Employer trajects"
READ, WRITE = "employerTraject:read", "employerTraject:write"
# How one begins: its service, and what it takes; what is lacking the service asks for.
BEGINNINGS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "proposal": (referrals.propose, {}),
    "referral": (referrals.refer, {"asks_for": "", "agreed": False}),
    "start": (services.start, {"requested_by": ""}),
}


class EmployerTraject(Shape):
    """The referral to the occupational physician, and what comes of it at the employer."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/employerTrajects/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    state = Code(EmployerState)
    referred_on = serializers.DateField(required=False)
    visited_on = serializers.DateField(required=False)
    outcome = Code(VISIT_OUTCOMES, required=False, help_text="What came of the visit before resumption.")
    waived_on = serializers.DateField(
        source="decided_on", required=False, help_text="Since when no traject at the employer is asked for."
    )
    started_on = serializers.DateField(required=False)
    requested_by = Code(REQUESTERS, required=False)
    ended_on = serializers.DateField(required=False)
    decision = Code(DECISIONS, required=False, help_text="Of the occupational physician.")
    refused_by = Code(REFUSERS, required=False, help_text="Who refused the employer's plan, if anybody did.")
    plan_carried_out = serializers.BooleanField(
        required=False, help_text="Whether a plan of the employer was carried out, once it has ended."
    )


class NewEmployerTraject(Step):
    """A proposal to the insured person, a referral with the consent for it, or a traject that the employer began himself."""

    begins_with = Code(BEGINNINGS)
    asks_for = Code(REFERRAL_ASKS, required=False, help_text="Of a referral.")
    agreed = serializers.BooleanField(
        required=False,
        help_text="Of a referral: the insured person consents to it, which is recorded with it.",
    )
    requested_by = Code(REQUESTERS, required=False, help_text="Of a start: who asked for the traject.")


class ReferralAnswer(Step):
    """What the insured person says to a proposal."""

    agreed = serializers.BooleanField()


class NewReferral(Step):
    """A referral to the occupational physician."""

    asks_for = Code(REFERRAL_ASKS)
    agreed = serializers.BooleanField(default=False, help_text="The consent for it is given now.")


class PreReturnVisit(Step):
    """The visit before resumption, and what came of it."""

    outcome = Code(VISIT_OUTCOMES)


class EmployerStart(Step):
    """A traject at the employer started; the formal part waits while it runs (Z7)."""

    requested_by = Code(REQUESTERS)


class EmployerEnding(Step):
    """The decision of the occupational physician; which there are depends on its day."""

    decision = Code(DECISIONS)
    refused_by = Code(REFUSERS, required=False)
    plan_carried_out = serializers.BooleanField(
        default=False, help_text="A plan of the employer was carried out."
    )


EXAMPLE = nouns.example_of(
    "/employerTrajects", "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b08", dossier=f"{AT}/dossiers/{DOSSIER}",
    state="referred", referredOn="2026-09-28",
)  # fmt: skip


@operation(
    "createEmployerTraject", "Propose a referral, refer, or record that a traject at the employer started",
    scope=WRITE, step=True, creates=True, takes=NewEmployerTraject, gives=EmployerTraject,
    problems=["transitionNotAllowed", "consentMissing"],
    description="A referral to the occupational physician needs the consent of the insured person for it.",
    example={"beginsWith": "referral", "asksFor": "visit", "agreed": True}, answer_example=EXAMPLE,
)  # fmt: skip
def _create(self: Resource, call: Call, dossier_id: UUID) -> Response:
    dossier = call.dossier(dossier_id)
    nouns.beside(Row, call, dossier)
    service, takes = BEGINNINGS[call.body.pop("begins_with")]
    said = {"on": call.take_day(), **takes, **call.body}
    if others := sorted(said.keys() - {*takes, "on", "note"}):
        raise invalid(camel(others[0]), _("This does not go with it."), type=EXT_INPUT + "rejectedInput")
    service(dossier_id=dossier_id, actor=call.actor, seen=call.seen, **said)
    return call.created(EmployerTraject, nouns.newest(Row, call, dossier))


_noun: dict[str, Any] = {"tag": TAG, "gives": EmployerTraject}
EmployerTrajects = nouns.listing(
    Row, "listEmployerTrajects", "List the trajects at the employer of a dossier", scope=READ, create=_create,
    answer_example=nouns.example_list(f"/dossiers/{DOSSIER}/employerTrajects", EXAMPLE), **_noun,
)  # fmt: skip
OneEmployerTraject = nouns.single(
    Row, "getEmployerTraject", "Read a traject at the employer", scope=READ, answer_example=EXAMPLE, **_noun
)
Answers = nouns.step(
    Row, "answerReferralProposal", "Say what the insured person answers to a proposed referral", scope=WRITE,
    service=referrals.answer, takes=ReferralAnswer, problems=["transitionNotAllowed", "consentMissing"],
    example={"agreed": True}, answer_example=EXAMPLE | {"state": "agreed"}, **_noun,
)  # fmt: skip
Referrals = nouns.step(
    Row, "referToOccupationalPhysician", "Refer to the occupational physician", scope=WRITE,
    service=referrals.refer, takes=NewReferral, problems=["transitionNotAllowed", "consentMissing"],
    example={"asksFor": "visit"}, answer_example=EXAMPLE, **_noun,
)  # fmt: skip
Visits = nouns.step(
    Row, "recordPreReturnVisit", "Record the visit before resumption", scope=WRITE,
    service=services.record_visit, takes=PreReturnVisit, example={"on": "2026-10-12", "outcome": "employerTraject"},
    answer_example=EXAMPLE | {"state": "asked", "visitedOn": "2026-10-12", "outcome": "employerTraject"}, **_noun,
)  # fmt: skip
Waivers = nouns.step(
    Row, "waiveEmployerTraject", "Record that the insured person asks for no traject at the employer", scope=WRITE,
    service=services.decide_not_to_ask, example={"on": "2026-10-12"},
    answer_example=EXAMPLE | {"state": "notAsked", "waivedOn": "2026-10-12"}, **_noun,
)  # fmt: skip
Starts = nouns.step(
    Row, "startEmployerTraject", "Record that the traject at the employer started", scope=WRITE,
    service=services.start, takes=EmployerStart, example={"on": "2026-10-19", "requestedBy": "employee"},
    answer_example=EXAMPLE | {"state": "running", "startedOn": "2026-10-19", "requestedBy": "employee"}, **_noun,
)  # fmt: skip
Endings = nouns.step(
    Row, "endEmployerTraject", "Record the decision with which the traject at the employer ended", scope=WRITE,
    service=services.end, takes=EmployerEnding, example={"on": "2026-11-20", "decision": "b"},
    answer_example=EXAMPLE | {"state": "ended", "endedOn": "2026-11-20", "decision": "b"}, **_noun,
)  # fmt: skip
