"""The formal part of a traject: started under a condition of Z1, suspended, resumed and ended (Z1, Z7, Z8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.law.kinds import RESULTS, SUSPENSIONS
from dossiers.policies import told_to_machines
from tnw.integration.api import nouns
from tnw.integration.api.facts import id_of
from tnw.integration.api.nouns import AT, Step
from tnw.integration.api.trajects import (
    DOSSIER,
    READ,
    RESULT_HELP,
    TRAJECT,
    WRITE,
    Ended,
    Ending,
    codes_told,
    facts_in,
    found,
    span_of,
)
from tnw.integration.rest import Call, Code, Link, Problem, Resource, Shape, operation
from trajects.models import ReintegrationTraject as Part
from trajects.models import Traject as Whole
from trajects.models.reintegration import ReintegrationState
from trajects.services import reintegration as services

TAG = "Reintegration trajects"
READ_SUSPENSION, WRITE_SUSPENSION = "suspension:read", "suspension:write"
PART, SUSPENSION = "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b03", "0190b2c4-6a53-5a10-9c39-5d0e8f7a1b04"


class ReintegrationTraject(Ended):
    """The formal part inside a traject, from the positive engagement declaration to its end."""

    ended_by = "reintegration_ended"

    id = serializers.UUIDField(source="public_id")
    href = Link("/reintegrationTrajects/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    plan = Link("/plans/{public_id}")
    state = Code(ReintegrationState)
    condition = serializers.IntegerField(
        min_value=1, max_value=4,
        help_text="1: no employment contract; 2: not referred to the occupational physician; 3: no traject at the employer "
        "is asked for; 4: that ended for good.",
    )  # fmt: skip
    started_on = serializers.DateField()
    meeting_held_on = serializers.DateField(source="met_on", required=False)
    plan_version = serializers.IntegerField(required=False)
    reviewed_on = serializers.DateField(required=False)
    suspended_on = serializers.DateField(required=False)
    ended_on = serializers.DateField(required=False)
    result = Code(codes_told(ended_by, "result", RESULTS), required=False, help_text=RESULT_HELP)


class NewReintegrationTraject(Step):
    """The start of the formal part: the condition has to hold, and the insured person agrees that fitting actions are
    looked for (Z1)."""

    condition = serializers.IntegerField(min_value=1, max_value=4)
    agreed = serializers.BooleanField(help_text="The insured person agrees.")


EXAMPLE = nouns.example_of(
    "/reintegrationTrajects", PART, dossier=f"{AT}/dossiers/{DOSSIER}", plan=f"{AT}/plans/{PART}",
    state="awaitingSignatures", condition=1, startedOn="2026-09-21",
)  # fmt: skip
LIST = f"/trajects/{TRAJECT}/reintegrationTrajects"


class ReintegrationTrajects(Resource):
    tag = TAG

    @operation(
        "listReintegrationTrajects", "List the formal parts of a traject", scope=READ, gives=ReintegrationTraject,
        many=True, description="None, one, or several one after the other.",
        answer_example=nouns.example_list(LIST, EXAMPLE),
    )  # fmt: skip
    def get(self, call: Call, traject_id: UUID) -> Response:
        one = found(call, traject_id)
        parts = Part.objects.visible_to(call.actor).filter(dossier=one.dossier_id).select_related("dossier")
        within = span_of(one)
        mine = [part for part in parts.order_by("number") if within(part.started_on)]
        return call.listed(ReintegrationTraject, mine)

    @operation(
        "startReintegrationTraject", "Start the formal part of a traject", scope=WRITE, step=True, creates=True,
        takes=NewReintegrationTraject, gives=ReintegrationTraject, problems=["transitionNotAllowed"],
        example={"condition": 1, "agreed": True}, answer_example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call, traject_id: UUID) -> Response:
        one = found(call, traject_id)
        nouns.require_latest(one)
        nouns.beside(Part, call, one.dossier)
        services.start(
            dossier_id=one.dossier.public_id,
            actor=call.actor,
            on=call.take_day(),
            seen=call.seen,
            **call.body,
        )
        return call.created(ReintegrationTraject, nouns.newest(Part, call, one.dossier))


_noun: dict[str, Any] = {"tag": TAG, "gives": ReintegrationTraject}
OneReintegrationTraject = nouns.single(
    Part, "getReintegrationTraject", "Read a formal part", scope=READ, answer_example=EXAMPLE, **_noun
)
Endings = nouns.step(
    Part, "endReintegrationTraject", "End a formal part with a result; the traject goes on", scope=WRITE,
    takes=Ending, service=services.end,
    example={"on": "2026-11-20", "result": "trainingFinished", "evaluation": "The course was followed to its end."},
    answer_example=EXAMPLE | {"state": "ended", "endedOn": "2026-11-20", "result": "trainingFinished"}, **_noun,
)  # fmt: skip


# --- suspensions


@dataclass(frozen=True)
class Paused:
    """A suspension, from the fact that began it up to what ended it."""

    whole: Whole
    id: UUID
    suspended_on: date
    reason: str
    state: str = "suspended"
    resumed_on: date | None = None


class Suspension(Shape):
    """What is due in the formal part waits while it is suspended (Z7, T18)."""

    id = serializers.UUIDField()
    href = Link("/trajects/{whole.public_id}/suspensions/{id}")
    traject = Link("/trajects/{whole.public_id}")
    state = Code(
        ["suspended", "resumed", "ended"], help_text="Ended: the formal part ended before it was resumed."
    )
    suspended_on = serializers.DateField()
    resumed_on = serializers.DateField(required=False)
    reason = Code(
        codes_told("traject_suspended", "reason", SUSPENSIONS), required=False,
        help_text="Left out where it is a matter of health or another one: silence does not tell which.",
    )  # fmt: skip


class NewSuspension(Step):
    """A suspension of the formal part; that of a traject at the employer begins and ends with it."""

    reason = Code(SUSPENSIONS)


SUSPENDED = nouns.example_of(
    f"/trajects/{TRAJECT}/suspensions", SUSPENSION, traject=f"{AT}/trajects/{TRAJECT}", state="suspended",
    suspendedOn="2026-10-05",
)  # fmt: skip


def suspensions_of(one: Whole) -> list[Paused]:
    """Those of a traject, the first first."""
    return list(_paired(one))


def _paired(one: Whole) -> Iterator[Paused]:
    open_one: Paused | None = None
    for fact in facts_in(one, "traject_suspended", "traject_resumed", "reintegration_ended", "traject_ended"):
        if fact.kind == "traject_suspended":
            reason = told_to_machines(fact.kind, dict(fact.values)).get("reason", "")
            open_one = open_one or Paused(one, id_of(one.dossier, fact.id), fact.on, reason)
        elif open_one is not None:
            resumed = fact.kind == "traject_resumed"
            yield Paused(
                one, open_one.id, open_one.suspended_on, open_one.reason,
                "resumed" if resumed else "ended", fact.on if resumed else None,
            )  # fmt: skip
            open_one = None
    if open_one is not None:
        yield open_one


def _one(one: Whole, suspension_id: UUID) -> Paused:
    for paused in suspensions_of(one):
        if paused.id == suspension_id:
            return paused
    raise Http404


class Suspensions(Resource):
    tag = TAG

    @operation(
        "listSuspensions", "List the suspensions of a traject", scope=READ_SUSPENSION, gives=Suspension, many=True,
        answer_example=nouns.example_list(f"/trajects/{TRAJECT}/suspensions", SUSPENDED),
    )  # fmt: skip
    def get(self, call: Call, traject_id: UUID) -> Response:
        return call.listed(Suspension, suspensions_of(found(call, traject_id)))

    @operation(
        "suspendTraject", "Suspend the formal part of a traject", scope=WRITE_SUSPENSION, step=True, creates=True,
        takes=NewSuspension, gives=Suspension, problems=["transitionNotAllowed"],
        description="The reason is recorded; whether it was one of health is not told.",
        example={"on": "2026-10-05", "reason": "other"}, answer_example=SUSPENDED,
    )  # fmt: skip
    def post(self, call: Call, traject_id: UUID) -> Response:
        one = found(call, traject_id)
        nouns.beside(Part, call, one.dossier)
        nouns.require_latest(one)
        services.suspend(
            dossier_id=one.dossier.public_id,
            actor=call.actor,
            on=call.take_day(),
            seen=call.seen,
            **call.body,
        )
        return call.created(Suspension, suspensions_of(call.again(one))[-1])


class OneSuspension(Resource):
    tag = TAG

    @operation(
        "getSuspension",
        "Read a suspension",
        scope=READ_SUSPENSION,
        gives=Suspension,
        answer_example=SUSPENDED,
    )
    def get(self, call: Call, traject_id: UUID, suspension_id: UUID) -> Response:
        return call.shown(Suspension, _one(found(call, traject_id), suspension_id))


class Resumptions(Resource):
    tag = TAG

    @operation(
        "resumeTraject", "End a suspension: the formal part goes on where it was", scope=WRITE_SUSPENSION, step=True,
        creates=True, takes=Step, gives=Suspension, problems=["transitionNotAllowed"],
        description="What was still due moves by the days between.", example={"on": "2026-10-19"},
        answer_example=SUSPENDED | {"state": "resumed", "resumedOn": "2026-10-19"},
    )  # fmt: skip
    def post(self, call: Call, traject_id: UUID, suspension_id: UUID) -> Response:
        one = found(call, traject_id)
        call.about = Part.objects.visible_to(call.actor).filter(dossier=one.dossier_id).order_by("pk").last()
        if _one(one, suspension_id).state != "suspended":
            raise Problem("transitionNotAllowed", _("This suspension is over."))
        services.resume(
            dossier_id=one.dossier.public_id,
            actor=call.actor,
            on=call.take_day(),
            seen=call.seen,
            **call.body,
        )
        return call.created(Suspension, _one(call.again(one), suspension_id))
