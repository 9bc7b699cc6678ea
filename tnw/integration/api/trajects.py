"""Trajects: read, the first step, looked back on, and ended; also by the insured, who stops at any moment (Z8, P3)."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from rest_framework import serializers

from dossiers import acts
from dossiers.law.facts import Fact
from dossiers.law.kinds import RESULTS
from dossiers.policies import told_to_machines
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT, Dated, Step
from tnw.integration.rest import Call, Code, Link, Shape
from trajects.models import Traject as Whole
from trajects.models.traject import FirstStep, Route, TrajectState
from trajects.services import traject as services

TAG = "Trajects"
READ, WRITE = "traject:read", "traject:write"
DOSSIER = "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b01"
TRAJECT = "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b02"
RESULT_HELP = "Left out where it is a matter of health, and of some others with it, so that silence does not tell which."


def codes_told(kind: str, value: str, codes: Iterable[str]) -> list[str]:
    """Those of the codes of a fact's value that a machine is told."""
    return [code for code in codes if told_to_machines(kind, {value: code})]


class Ended(Shape):
    """What ends with a result, told as it is of the fact that ends it (`ended_by`)."""

    ended_by = "traject_ended"

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told = super().to_representation(instance)
        if not told_to_machines(self.ended_by, {"result": instance.result}):
            told.pop("result", None)
        return told


class Traject(Ended):
    """The guided return to work of an insured person, by whichever route (R1, R2)."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/trajects/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    route = Code(Route, help_text="By which route it started: a, b or c.")
    state = Code(TrajectState)
    first_step = Code(FirstStep, required=False)
    started_on = serializers.DateField()
    evaluated_on = serializers.DateField(required=False)
    ended_on = serializers.DateField(required=False)
    result = Code(codes_told("traject_ended", "result", RESULTS), required=False, help_text=RESULT_HELP)


class NewFirstStep(Dated):
    """Another first step, chosen with the insured person (A7)."""

    first_step = Code(FirstStep, source="step")


class Ending(Step):
    """The end of it, with its result; a plan that is carried out is evaluated first, here or before (Z8)."""

    result = Code(RESULTS)
    evaluation = serializers.CharField(
        required=False, max_length=2000, help_text="What came of the plan, where it was not evaluated yet."
    )


EXAMPLE = nouns.example_of(
    "/trajects", TRAJECT, dossier=f"{AT}/dossiers/{DOSSIER}", route="a", state="running", firstStep="guidance",
    startedOn="2026-09-14",
)  # fmt: skip
ENDED = EXAMPLE | {"state": "ended", "endedOn": "2026-11-20", "result": "resumedOtherEmployer"}
_noun: dict[str, Any] = {"tag": TAG, "gives": Traject}

Trajects = nouns.listing(
    Whole, "listTrajects", "List the trajects of a dossier", scope=READ, **_noun,
    description="At most one runs; earlier ones come first.",
    answer_example=nouns.example_list(f"/dossiers/{DOSSIER}/trajects", EXAMPLE),
)  # fmt: skip
OneTraject = nouns.single(Whole, "getTraject", "Read a traject", scope=READ, answer_example=EXAMPLE, **_noun)
FirstSteps = nouns.step(
    Whole, "chooseFirstStep", "Choose the first step of a traject", scope=WRITE, takes=NewFirstStep,
    service=nouns.renamed(services.choose_first_step, step="first_step"),
    example={"firstStep": "training"}, answer_example=EXAMPLE | {"firstStep": "training"}, **_noun,
)  # fmt: skip
Endings = nouns.step(
    Whole, "endTraject", "End a traject with a result", scope=WRITE, service=services.end, takes=Ending,
    description="What is open in it falls away; of some results, those of health among them, only the end is told.",
    example={"on": "2026-11-20", "result": "resumedOtherEmployer", "evaluation": "Back at work, three days a week."},
    answer_example=ENDED, **_noun,
)  # fmt: skip
Stops = nouns.step(
    Whole, "stopTraject", "Stop a traject because the insured person stops", scope=WRITE, service=services.stop,
    description="At any moment, and without a reason (P3).", example={"on": "2026-11-20"},
    answer_example=ENDED | {"result": "stoppedByInsured"}, **_noun,
)  # fmt: skip


def found(call: Call, traject_id: UUID) -> Whole:
    """A traject that the client may see. Raises Http404."""
    return call.one(Whole.objects.visible_to(call.actor), traject_id)


def span_of(one: Whole) -> Callable[[date], bool]:
    """Whether what began on a day began in this traject: the latest that had started by then."""
    later = one.dossier.trajects.filter(fund=one.fund_id, number=one.number + 1).first()
    until = later.started_on if later else date.max
    return lambda on: one.started_on <= on < until


def facts_in(one: Whole, *kinds: str) -> list[Fact]:
    """What happened of these kinds since it started, up to the next one, in the law's order."""
    within = span_of(one)
    return [fact for fact in acts.happened(one.dossier) if fact.kind in kinds and within(fact.on)]
