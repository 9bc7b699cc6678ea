"""The plan of a formal part: read, written as a draft, and its versions (Z4, Z6). What is done with it: `plan_acts`.

A plan stands at the id of its formal part, from the start of that on: it can be read before anything was written in it.
"""

from uuid import UUID

from django.http import Http404
from rest_framework.response import Response

from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT
from tnw.integration.api.plan_shapes import (
    Plan,
    PlanContents,
    PlanSummary,
    PlanVersion,
    PlanVersionSummary,
    ToldPlan,
    changed,
    told,
    told_of,
)
from tnw.integration.api.reintegration import PART
from tnw.integration.api.trajects import DOSSIER
from tnw.integration.rest import Call, Problem, Resource, operation
from tnw.integration.rest.schema import PLACES
from trajects.models import ReintegrationTraject as Part
from trajects.plans import Contents
from trajects.services import plan as services
from trajects.versions import versions_of

TAG = "Plans"
READ, WRITE = "plan:read", "plan:write"
# The version of a plan is that of its dossier, and beside it that of its draft.
DRAFTS = 10**10
PLACES["version"] = {"type": "integer", "minimum": 1}

ACTION = "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b11"
TEXTS = {
    "endResult": "Back as a bookkeeper, half-time at first.",
    "objectives": [{"text": "Follows the software course.", "targetDate": "2027-01-15"}],
    "actions": [
        {"id": ACTION, "text": "Enrols.", "who": "the insured person", "dueDate": "2026-12-01", "done": False}
    ],
    "nextInterview": {"on": "2026-12-18", "time": "10:30", "form": "inPerson", "place": "Gent"},
}
SUMMARY = nouns.example_of(
    "/plans", PART, dossier=f"{AT}/dossiers/{DOSSIER}", state="toBeMade",
    reintegrationTraject=f"{AT}/reintegrationTrajects/{PART}",
    draft={"revision": 3, "savedAt": "2026-11-20T10:12:00+01:00"},
)  # fmt: skip
EXAMPLE = SUMMARY | TEXTS | {"missing": []}
VERSIONS = f"/plans/{PART}/versions"
VERSION = {"number": 1, "href": f"{AT}{VERSIONS}/1", "state": "agreed", "agreedOn": "2026-11-20"}


def part_of(call: Call, plan_id: UUID) -> Part:
    """The formal part of a plan. Raises Http404."""
    return call.one(Part.objects.visible_to(call.actor), plan_id)


def number_of(call: Call, plan: ToldPlan) -> int:
    """The version of a plan, which tells of the dossier and of the draft."""
    return (call.version or 0) * DRAFTS + plan.mark


def seen_of(call: Call) -> tuple[int, int]:
    """What the caller saw: of the dossier, and of the draft."""
    return divmod(call.seen or 0, DRAFTS)


def saw_draft(call: Call, plan: ToldPlan) -> None:
    """That the caller saw the draft as it stands. Raises Problem."""
    if seen_of(call)[1] != plan.mark:
        raise Problem("versionConflict")


class Plans(Resource):
    tag = TAG

    @operation(
        "listPlans", "List the plans of a dossier", scope=READ, gives=PlanSummary, many=True,
        description="One for each formal part, from its start on: a plan has the id of its formal part.",
        answer_example=nouns.example_list(f"/dossiers/{DOSSIER}/plans", SUMMARY),
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        versions = versions_of(call.actor, dossier)
        parts = Part.objects.visible_to(call.actor).filter(dossier=dossier).select_related("dossier__fund")
        return call.listed(
            PlanSummary, [told(call.actor, dossier, part, versions) for part in parts.order_by("number")]
        )


class OnePlan(Resource):
    tag = TAG

    @operation(
        "getPlan", "Read a plan", scope=READ, gives=Plan, answer_example=EXAMPLE,
        description="As its draft stands; without one, as a draft would begin: with what is in force.",
    )  # fmt: skip
    def get(self, call: Call, plan_id: UUID) -> Response:
        plan = told_of(call.actor, part_of(call, plan_id))
        return call.shown(Plan, plan, version=number_of(call, plan))

    @operation(
        "changePlan", "Write in the draft of a plan", scope=WRITE, takes=PlanContents, gives=Plan,
        problems=["transitionNotAllowed"],
        description="From the last signature until the plan is evaluated. Nothing follows from a draft until it is agreed.",
        example={"endResult": TEXTS["endResult"], "nextInterview": TEXTS["nextInterview"]}, answer_example=EXAMPLE,
    )  # fmt: skip
    def patch(self, call: Call, plan_id: UUID) -> Response:
        part = part_of(call, plan_id)
        before = told_of(call.actor, part)
        saw_draft(call, before)
        nouns.require_latest(part)
        try:
            services.save_draft(
                dossier_id=part.dossier.public_id,
                actor=call.actor,
                on=call.today,
                contents=changed(before.contents or Contents(), call.body),
                revision=before.row.revision if before.row else 0,
                version=services.upon(part.dossier),
            )
        except (services.WrittenMeanwhile, services.AgreedMeanwhile):
            raise Problem("versionConflict") from None
        after = told_of(call.actor, call.again(part))
        return call.shown(Plan, after, version=number_of(call, after))


class PlanVersions(Resource):
    tag = TAG

    @operation(
        "listPlanVersions", "List the versions of a plan", scope=READ, gives=PlanVersionSummary, many=True,
        answer_example=nouns.example_list(VERSIONS, VERSION),
    )  # fmt: skip
    def get(self, call: Call, plan_id: UUID) -> Response:
        return call.listed(PlanVersionSummary, told_of(call.actor, part_of(call, plan_id)).versions)


class OnePlanVersion(Resource):
    tag = TAG

    @operation(
        "getPlanVersion", "Read a version of a plan", scope=READ, gives=PlanVersion, answer_example=VERSION | TEXTS
    )  # fmt: skip
    def get(self, call: Call, plan_id: UUID, version: int) -> Response:
        for one in told_of(call.actor, part_of(call, plan_id)).versions:
            if one.plan.version == version:
                return call.shown(PlanVersion, one)
        raise Http404
