"""Training projects, from the proposal to their end (H1 to H3); the advisory doctor's advice is seen as a state."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from dossiers.law.kinds import PROPOSERS
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT, Dated, Step
from tnw.integration.api.trajects import DOSSIER
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from trajects.models import TrainingProject as Row
from trajects.models import Traject
from trajects.models.training import TrainingState
from trajects.services import training as services

TAG = "Training projects"
READ, WRITE = "trainingProject:read", "trainingProject:write"


class TrainingProject(Shape):
    """A training that the fund pays once the HCGRI approved it."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/trainingProjects/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    state = Code(TrainingState)
    proposed_on = serializers.DateField()
    proposed_by = Code(PROPOSERS, required=False)
    review_favorable = serializers.BooleanField(
        source="favorable", required=False, help_text="What the team of RIZIV found."
    )
    decided_on = serializers.DateField(required=False)
    start_date = serializers.DateField(source="starts_on", required=False)
    end_date = serializers.DateField(source="ends_on", required=False)
    letter_sent_on = serializers.DateField(
        source="letter_on", required=False, help_text="The registered letter of the decision."
    )
    ended_on = serializers.DateField(required=False)


class NewTrainingProject(Dated):
    """A training that the insured person, or the mediator of the regional service, proposes."""

    proposed_by = Code(PROPOSERS)
    what = serializers.CharField(max_length=2000, help_text="Which training it is.")


class TrainingReview(Step):
    """What the team of RIZIV found."""

    favorable = serializers.BooleanField()


class TrainingDecision(Step):
    """What the HCGRI decided; approved, with the first and the last day."""

    approved = serializers.BooleanField()
    start_date = serializers.DateField(source="first_day", required=False)
    end_date = serializers.DateField(source="last_day", required=False)


class TrainingCompletion(Step):
    """The training is over."""

    success = serializers.BooleanField()


class TrainingInterruption(Dated):
    """The training is given up."""

    reason = serializers.CharField(max_length=2000, help_text="Free text, for the people of the fund.")


EXAMPLE = nouns.example_of(
    "/trainingProjects", "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b09", dossier=f"{AT}/dossiers/{DOSSIER}",
    state="proposed", proposedOn="2026-09-28", proposedBy="insured",
)  # fmt: skip
APPROVED = EXAMPLE | {
    "state": "approved", "reviewFavorable": True, "decidedOn": "2026-11-02", "startDate": "2026-11-16",
    "endDate": "2027-05-14",
}  # fmt: skip


@operation(
    "createTrainingProject", "Propose a training", scope=WRITE, step=True, creates=True, takes=NewTrainingProject,
    gives=TrainingProject, problems=["transitionNotAllowed"],
    example={"proposedBy": "insured", "what": "Bookkeeping, evening course of a year."}, answer_example=EXAMPLE,
)  # fmt: skip
def _create(self: Resource, call: Call, dossier_id: UUID) -> Response:
    dossier = call.dossier(dossier_id)
    nouns.beside(Traject, call, dossier)
    subject = services.propose(
        dossier_id=dossier_id, actor=call.actor, on=call.take_day(), seen=call.seen, **call.body
    )
    made = Row.objects.visible_to(call.actor).get(dossier=dossier, subject=subject)
    return call.created(TrainingProject, call.again(made))


_noun: dict[str, Any] = {"tag": TAG, "gives": TrainingProject}
TrainingProjects = nouns.listing(
    Row, "listTrainingProjects", "List the training projects of a dossier", scope=READ, create=_create,
    answer_example=nouns.example_list(f"/dossiers/{DOSSIER}/trainingProjects", EXAMPLE), **_noun,
)  # fmt: skip
OneTrainingProject = nouns.single(
    Row, "getTrainingProject", "Read a training project", scope=READ, answer_example=EXAMPLE, **_noun
)
Submissions = nouns.step(
    Row, "submitTrainingProject", "Record that the application went to RIZIV", scope=WRITE,
    service=services.submit, description="After a favourable advice of the advisory doctor.",
    example={"on": "2026-10-05"}, answer_example=EXAMPLE | {"state": "submitted"}, **_noun,
)  # fmt: skip
Reviews = nouns.step(
    Row, "reviewTrainingProject", "Record what the team of RIZIV found", scope=WRITE, service=services.review,
    takes=TrainingReview, example={"on": "2026-10-19", "favorable": True},
    answer_example=EXAMPLE | {"state": "reviewed", "reviewFavorable": True}, **_noun,
)  # fmt: skip
Decisions = nouns.step(
    Row, "decideTrainingProject", "Record what the HCGRI decided", scope=WRITE,
    service=nouns.renamed(services.decide, first_day="start_date", last_day="end_date"), takes=TrainingDecision,
    example={"on": "2026-11-02", "approved": True, "startDate": "2026-11-16", "endDate": "2027-05-14"},
    answer_example=APPROVED, **_noun,
)  # fmt: skip
Completions = nouns.step(
    Row, "completeTrainingProject", "Record that a training is over, with success or without", scope=WRITE,
    service=services.complete, takes=TrainingCompletion, example={"on": "2027-05-14", "success": True},
    answer_example=APPROVED | {"state": "completed", "endedOn": "2027-05-14"}, **_noun,
)  # fmt: skip
Interruptions = nouns.step(
    Row, "interruptTrainingProject", "Break a training off", scope=WRITE, service=services.break_off,
    takes=TrainingInterruption, example={"on": "2027-01-11", "reason": "Another plan."},
    answer_example=APPROVED | {"state": "brokenOff", "endedOn": "2027-01-11"}, **_noun,
)  # fmt: skip
