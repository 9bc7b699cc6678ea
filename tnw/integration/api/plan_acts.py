"""What is done with a plan: its interview held, agreed, looked at again, and its actions done (Z3 to Z6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers import acts
from dossiers.law.kinds import ACTIONS, PARTIES
from tnw.core.errors import DomainError
from tnw.integration.api import nouns
from tnw.integration.api.facts import id_of
from tnw.integration.api.nouns import AT, Dated, Step
from tnw.integration.api.plan_shapes import TIME, Plan, PlanVersion, ToldPlan, named, told_of
from tnw.integration.api.plans import (
    EXAMPLE,
    TAG,
    TEXTS,
    VERSION,
    WRITE,
    number_of,
    part_of,
    saw_draft,
    seen_of,
)
from tnw.integration.api.reintegration import PART
from tnw.integration.rest import Call, Code, Link, Problem, Resource, Shape, operation, referenced
from tnw.integration.rest.names import camel
from trajects.models import Appointment
from trajects.models import ReintegrationTraject as Part
from trajects.models.appointment import Form, Purpose
from trajects.plans import SHORT, Contents, Interview
from trajects.services import plan as services

READ_REVIEW, WRITE_REVIEW = "planReview:read", "planReview:write"
PROBLEMS = ["transitionNotAllowed"]


class PlanAgreement(Dated):
    """The draft is agreed as it stands."""


class FollowUp(Shape):
    """The next follow-up interview, in Belgian time."""

    on = serializers.DateField()
    time = serializers.RegexField(TIME)
    form = Code(Form)
    place = serializers.CharField(required=False, max_length=SHORT)


class PlanReview(Shape):
    """The plan was looked at again (T12); what was done and found stays in the dossier."""

    id = serializers.UUIDField()
    href = Link("/plans/{part.public_id}/reviews/{id}")
    plan = Link("/plans/{part.public_id}")
    reviewed_on = serializers.DateField()
    with_interview = serializers.BooleanField()


class NewPlanReview(Dated):
    """What was done and found; with or without an interview, or with a changed version."""

    done = serializers.CharField(max_length=2000, help_text="Free text, for the people of the fund.")
    found = serializers.CharField(max_length=2000, help_text="Free text, for the people of the fund.")
    with_interview = serializers.BooleanField(default=False)
    form = Code(Form, required=False, help_text="How the interview was held.")
    contact_moment_id = serializers.UUIDField(
        required=False, help_text="Of the planned follow-up interview that this was."
    )
    agree_draft = serializers.BooleanField(
        default=False,
        help_text="The draft as it stands becomes the next version; it names the next interview.",
    )
    next_interview = FollowUp(required=False, help_text="Where the plan stays as it is.")


class NewPlanMeeting(Dated):
    """The interview for the plan: the first, or a second one (Z4)."""

    form = Code(Form)
    report = serializers.CharField(max_length=2000, help_text="Free text, for the people of the fund.")
    outcome = serializers.CharField(
        required=False, max_length=2000, help_text="What was agreed, in a sentence."
    )
    party = Code(PARTIES, required=False, help_text="Who else was there, with the insured person's consent.")
    contact_moment_id = serializers.UUIDField(
        required=False, help_text="Of the planned interview that this was."
    )


class NewCompletion(Step):
    """An action of the plan in force is done: it is an action in the dossier."""

    kind = Code(ACTIONS, default="other")


@dataclass(frozen=True)
class Reviewed:
    """A review, by the fact that tells it."""

    part: Part
    id: UUID
    reviewed_on: date
    with_interview: bool


def _begin(call: Call, plan_id: UUID, *, draft: bool = False) -> tuple[Part, ToldPlan, dict[str, Any]]:
    """The formal part, its plan, and what every act on it is told. Raises Http404, Problem."""
    part = part_of(call, plan_id)
    plan = told_of(call.actor, part)
    if draft:
        saw_draft(call, plan)
    nouns.require_latest(part)
    said = {
        "dossier_id": part.dossier.public_id,
        "actor": call.actor,
        "on": call.take_day(),
        "seen": seen_of(call)[0],
    }
    return part, plan, said


def _as_it_stands(call: Call, part: Part) -> Response:
    plan = told_of(call.actor, call.again(part))
    return call.created(Plan, plan, version=number_of(call, plan))


def _planned(call: Call, part: Part, purpose: str) -> str:
    """The subject of the appointment that the body names."""
    named = call.body.pop("contact_moment_id", None)
    if named is None:
        return ""
    rows = Appointment.objects.visible_to(call.actor).filter(dossier=part.dossier_id, purpose=purpose)
    one: Any = referenced(rows, "contactMomentId", named)
    return str(one.subject)


class Agreements(Resource):
    tag = TAG

    @operation(
        "agreePlan", "Agree a plan, or its next version, as the draft stands", scope=WRITE, step=True, creates=True,
        takes=PlanAgreement, gives=PlanVersion, problems=[*PROBLEMS, "planIncomplete"],
        description="The appointment for the next follow-up interview is made with it.",
        example={"on": "2026-11-20"}, answer_example=VERSION | TEXTS,
    )  # fmt: skip
    def post(self, call: Call, plan_id: UUID) -> Response:
        part, plan, said = _begin(call, plan_id, draft=True)
        _agreed(services.agree, **said, contents=plan.contents or Contents(), revision=_revision(plan))
        return call.created(PlanVersion, told_of(call.actor, call.again(part)).last)


def _revision(plan: ToldPlan) -> int | None:
    return plan.row.revision if plan.row else None


def _agreed(service: Any, **said: Any) -> None:
    """What is refused of the next interview stands in the draft, not in the body. Raises Problem, DomainError."""
    try:
        service(**said)
    except services.Incomplete as error:
        raise Problem(
            "planIncomplete", str(error), more={"missing": [*map(camel, named(error.parts))]}
        ) from None
    except services.WrittenMeanwhile:
        raise Problem("versionConflict") from None
    except DomainError as error:
        if error.field == "next":
            raise Problem("transitionNotAllowed", str(error)) from None
        raise


class Meetings(Resource):
    tag = TAG

    @operation(
        "holdPlanMeeting", "Record that the interview for the plan was held", scope=WRITE, step=True, creates=True,
        takes=NewPlanMeeting, gives=Plan, problems=[*PROBLEMS, "consentMissing"],
        example={"on": "2026-11-13", "form": "inPerson", "report": "Drawn up together."}, answer_example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call, plan_id: UUID) -> Response:
        part, _plan, said = _begin(call, plan_id)
        services.hold_meeting(**said, subject=_planned(call, part, Purpose.PLAN_MEETING), **call.body)
        return _as_it_stands(call, part)


class Completions(Resource):
    tag = TAG

    @operation(
        "completePlanAction", "Record that an action of the plan is done", scope=WRITE, step=True, creates=True,
        takes=NewCompletion, gives=Plan, problems=PROBLEMS, description="Of the version in force.",
        example={"on": "2026-12-01", "kind": "other"}, answer_example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call, plan_id: UUID, action_id: UUID) -> Response:
        part, plan, said = _begin(call, plan_id)
        contents = plan.last.contents if plan.last else None
        if contents is None or contents.action(str(action_id)) is None:
            raise Http404
        try:
            services.mark_action_done(**said, plan_action=str(action_id), **call.body)
        except DomainError as error:
            if error.field == "plan_action":
                raise Problem("transitionNotAllowed", str(error)) from None
            raise
        return _as_it_stands(call, part)


# --- reviews

REVIEWS = f"/plans/{PART}/reviews"
REVIEW = nouns.example_of(
    REVIEWS, "0190b2c4-6a53-5a10-9c39-5d0e8f7a1b12", plan=f"{AT}/plans/{PART}", reviewedOn="2027-02-19",
    withInterview=True,
)  # fmt: skip


def reviews_of(part: Part) -> list[Reviewed]:
    """Those of a formal part, the first first."""
    parts = part.dossier.reintegrations.filter(fund=part.fund_id, number__gt=part.number)
    later = parts.order_by("number").first()
    until = later.started_on if later else date.max
    return [
        Reviewed(part, id_of(part.dossier, fact.id), fact.on, bool(fact.get("with_interview", False)))
        for fact in acts.happened(part.dossier)
        if fact.kind == "plan_reviewed" and part.started_on <= fact.on < until
    ]


class Reviews(Resource):
    tag = TAG

    @operation(
        "listPlanReviews", "List the reviews of a plan", scope=READ_REVIEW, gives=PlanReview, many=True,
        answer_example=nouns.example_list(REVIEWS, REVIEW),
    )  # fmt: skip
    def get(self, call: Call, plan_id: UUID) -> Response:
        return call.listed(PlanReview, reviews_of(part_of(call, plan_id)))

    @operation(
        "reviewPlan", "Look at a plan again", scope=WRITE_REVIEW, step=True, creates=True, takes=NewPlanReview,
        gives=PlanReview, problems=[*PROBLEMS, "planIncomplete"],
        example={
            "on": "2027-02-19", "done": "The course was followed.", "found": "A placement is the next step.",
            "withInterview": True, "form": "inPerson",
            "nextInterview": {"on": "2027-05-14", "time": "10:30", "form": "phone"},
        },
        answer_example=REVIEW,
    )  # fmt: skip
    def post(self, call: Call, plan_id: UUID) -> Response:
        agrees = call.body.pop("agree_draft")
        part, plan, said = _begin(call, plan_id, draft=agrees)
        subject = _planned(call, part, Purpose.FOLLOW_UP)
        following = call.body.pop("next_interview", None)
        if agrees:
            draft = {"changes": plan.contents or Contents(), "revision": _revision(plan)}
            _agreed(services.review, **said, subject=subject, **draft, **call.body)
        else:
            review = nouns.renamed(services.review, next="next_interview")
            review(**said, subject=subject, following=_interview(following), **call.body)
        return call.created(PlanReview, reviews_of(call.again(part))[-1])


def _interview(told: dict[str, Any] | None) -> Interview | None:
    if told is None:
        return None
    plain = {
        "on": told["on"].isoformat(),
        "at": told["time"],
        "form": told["form"],
        "place": told.get("place", ""),
    }
    return Interview.of(plain)


class OneReview(Resource):
    tag = TAG

    @operation("getPlanReview", "Read a review", scope=READ_REVIEW, gives=PlanReview, answer_example=REVIEW)
    def get(self, call: Call, plan_id: UUID, review_id: UUID) -> Response:
        for one in reviews_of(part_of(call, plan_id)):
            if one.id == review_id:
                return call.shown(PlanReview, one)
        raise Http404
