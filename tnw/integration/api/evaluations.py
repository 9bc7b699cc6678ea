"""That a traject, or its plan, was looked back on with the insured person (Z8); what was said stays in the dossier."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from tnw.integration.api import nouns
from tnw.integration.api.facts import id_of
from tnw.integration.api.nouns import AT, Dated
from tnw.integration.api.trajects import TRAJECT, facts_in, found
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from trajects.models import Traject as Whole
from trajects.services import reintegration, traject

TAG = "Evaluations"
READ, WRITE = "evaluation:read", "evaluation:write"
KINDS = {"traject_evaluated": "traject", "plan_evaluated": "plan"}
ACTS = {"traject": traject.evaluate, "plan": reintegration.evaluate_plan}


@dataclass(frozen=True)
class Evaluated:
    """An evaluation, by the fact that tells it."""

    whole: Whole
    id: UUID
    of: str
    evaluated_on: date


class Evaluation(Shape):
    """Looked back on with the insured person: the plan before its formal part ends, the traject before it ends itself."""

    id = serializers.UUIDField()
    href = Link("/trajects/{whole.public_id}/evaluations/{id}")
    traject = Link("/trajects/{whole.public_id}")
    of = Code(ACTS)
    evaluated_on = serializers.DateField()


class NewEvaluation(Dated):
    """An evaluation, in words for the people of the fund; they are not told again here."""

    of = Code(ACTS)
    evaluation = serializers.CharField(max_length=2000)


LIST = f"/trajects/{TRAJECT}/evaluations"
EXAMPLE = nouns.example_of(
    LIST, "0190b2c4-6a53-5a10-9c39-5d0e8f7a1b05", traject=f"{AT}/trajects/{TRAJECT}", of="plan",
    evaluatedOn="2026-11-20",
)  # fmt: skip


def evaluations_of(one: Whole) -> list[Evaluated]:
    """Those of a traject, in the law's order."""
    return [
        Evaluated(one, id_of(one.dossier, fact.id), KINDS[fact.kind], fact.on)
        for fact in facts_in(one, *KINDS)
    ]


class Evaluations(Resource):
    tag = TAG

    @operation(
        "listEvaluations", "List what was evaluated in a traject", scope=READ, gives=Evaluation, many=True,
        answer_example=nouns.example_list(LIST, EXAMPLE),
    )  # fmt: skip
    def get(self, call: Call, traject_id: UUID) -> Response:
        return call.listed(Evaluation, evaluations_of(found(call, traject_id)))

    @operation(
        "evaluateTraject", "Evaluate a traject, or the plan that is carried out in it", scope=WRITE, step=True,
        creates=True, takes=NewEvaluation, gives=Evaluation, problems=["transitionNotAllowed"],
        example={"of": "plan", "evaluation": "Both courses were followed; a placement is the next step."},
        answer_example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call, traject_id: UUID) -> Response:
        one = found(call, traject_id)
        nouns.require_latest(one)
        of = call.body.pop("of")
        ACTS[of](
            dossier_id=one.dossier.public_id,
            actor=call.actor,
            on=call.take_day(),
            seen=call.seen,
            **call.body,
        )
        made = [each for each in evaluations_of(call.again(one)) if each.of == of]
        return call.created(Evaluation, made[-1])


class OneEvaluation(Resource):
    tag = TAG

    @operation("getEvaluation", "Read an evaluation", scope=READ, gives=Evaluation, answer_example=EXAMPLE)
    def get(self, call: Call, traject_id: UUID, evaluation_id: UUID) -> Response:
        for one in evaluations_of(found(call, traject_id)):
            if one.id == evaluation_id:
                return call.shown(Evaluation, one)
        raise Http404
