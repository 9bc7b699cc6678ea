"""Who may do what with plans."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.api.table import Row
from tests.api.trajects.rows import by_coordinator
from tests.api.world import World
from tests.plan.conftest import contents
from tnw.integration.api.plan_acts import reviews_of
from tnw.integration.api.plan_shapes import told_of
from tnw.integration.api.plans import DRAFTS
from trajects.models import ReintegrationTraject
from trajects.plans import Action
from trajects.services import plan as services

ACTION = "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b11"
COMPLETE = contents(
    date(2027, 1, 12), actions=(Action(ACTION, "Enrols", "the insured person", date(2026, 12, 1)),)
)


def _there(world: World) -> dict[str, Any]:
    return {"planId": world.one(ReintegrationTraject).public_id, "version": 1}


def _drafted(world: World) -> dict[str, Any]:
    services.save_draft(**by_coordinator(world), contents=COMPLETE, revision=0)
    return _there(world)


def _agreed(world: World) -> dict[str, Any]:
    services.agree(**by_coordinator(world), contents=COMPLETE)
    return {**_there(world), "actionId": ACTION}


def _reviewed(world: World) -> dict[str, Any]:
    services.review(**by_coordinator(world), done="The course.", found="It goes well.")
    part = world.one(ReintegrationTraject)
    return {**_there(world), "reviewId": reviews_of(part)[-1].id}


def _version(world: World, _places: Mapping[str, Any]) -> int:
    """Of the dossier, and of the draft."""
    plan = told_of(world.people["coordinator"], world.one(ReintegrationTraject))
    return world.version() * DRAFTS + plan.mark


REVIEW = {"done": "The course.", "found": "It goes well."}
ROWS = {
    "listPlans": Row(),
    "getPlan": Row(before=_there),
    "changePlan": Row({"endResult": "Back at work."}, before=_there, version=_version),
    "listPlanVersions": Row(before=_there),
    "getPlanVersion": Row(before=_there),
    "agreePlan": Row(right=201, before=_drafted, version=_version),
    "holdPlanMeeting": Row(
        {"form": "phone", "report": "Talked."}, right=201, before=_there, version=_version
    ),
    "completePlanAction": Row(right=201, before=_agreed, version=_version),
    "listPlanReviews": Row(before=_there),
    "reviewPlan": Row(REVIEW, right=201, before=_there, version=_version),
    "getPlanReview": Row(before=_reviewed),
}
