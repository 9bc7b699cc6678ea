"""The formal part over the API: its start under a condition, its suspensions, what was evaluated, and its end."""

from functools import partial
from typing import Any

import pytest

from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.trajects.test_trajects import ROOT, at, undone
from tests.reintegration.stage import DAY, MARCH, Part
from tnw.accounts.models import Fund

PART = (
    "traject:read",
    "traject:write",
    "suspension:read",
    "suspension:write",
    "evaluation:read",
    "evaluation:write",
)


def own(href: str) -> str:
    return href.removeprefix(ROOT)


def test_z1_started_under_a_condition_that_holds(api: Api, running: Part) -> None:
    caller = api.as_fund(*PART)
    here = f"{at(running)}/reintegrationTrajects"
    assert caller.get(here).json()["items"] == []
    wrong = caller.step(at(running), here, {"condition": 2, "agreed": True})
    assert (wrong.status_code, wrong.json()["issues"][0]["name"]) == (400, "condition")
    unasked = caller.step(at(running), here, {"condition": 1, "agreed": False})
    assert unasked.json()["issues"][0]["name"] == "agreed"
    made = caller.step(at(running), here, {"condition": 1, "agreed": True})
    assert (made.status_code, made.json()["state"]) == (201, "awaitingSignatures")
    assert made.json()["href"] == made["Location"]
    assert caller.get(own(made["Location"])).json() == made.json()
    twice = caller.step(at(running), here, {"condition": 1, "agreed": True})
    # Of the part that stands in the way.
    assert (twice.status_code, twice.json()["state"]) == (409, "awaitingSignatures")
    assert [one["id"] for one in caller.get(here).json()["items"]] == [made.json()["id"]]


def test_z7_t18_suspended_and_resumed(api: Api, running: Part) -> None:
    running.come_to("planning")
    caller = api.as_fund(*PART)
    here = f"{at(running)}/suspensions"
    refused = caller.step(at(running), here, {"reason": "employerTraject"})
    assert (refused.status_code, refused.json()["issues"][0]["name"]) == (400, "reason")
    made = caller.step(at(running), here, {"reason": "other", "note": "Moving house."})
    assert (made.status_code, made.json()["state"]) == (201, "suspended")
    one = own(made["Location"])
    assert caller.get(one).json() == made.json()
    again = caller.step(at(running), here, {"reason": "other"})
    assert (again.status_code, again.json()["state"]) == (409, "suspended")
    assert "resume" in again.json()["possible"]
    resumed = caller.step(one, f"{one}/resumptions")
    assert (resumed.json()["state"], resumed.json()["resumedOn"]) == ("resumed", "2026-03-09")
    assert caller.step(one, f"{one}/resumptions").status_code == 409
    assert caller.get(here).json()["total"] == 1
    assert caller.get(f"{here}/{running.dossier.public_id}").status_code == 404


def test_illness_is_no_reason_that_is_told(api: Api, running: Part) -> None:
    running.come_to("planning")
    caller = api.as_fund(*PART)
    made = caller.step(at(running), f"{at(running)}/suspensions", {"reason": "illness", "note": "Surgery."})
    assert made.json()["state"] == "suspended"
    part = f"/reintegrationTrajects/{running.parts[-1].public_id}"
    for answer in (made, caller.get(f"{at(running)}/suspensions"), caller.get(part)):
        assert b"illness" not in answer.content
        assert b"reason" not in answer.content
        assert b"Surgery" not in answer.content
    # It ends with the formal part, where nobody resumed it (T18).
    ended = caller.step(part, f"{part}/endings", {"result": "medicallyNotPossible"})
    assert (ended.json()["state"], "result" in ended.json()) == ("ended", False)
    assert caller.get(own(made["Location"])).json()["state"] == "ended"


def test_silence_about_a_reason_does_not_tell_that_it_is_one_of_health(api: Api, running: Part) -> None:
    running.come_to("planning")
    caller = api.as_fund(*PART)
    ill, moving = (
        undone(partial(caller.step, at(running), f"{at(running)}/suspensions", {"reason": reason}))
        for reason in ("illness", "other")
    )
    own_id = {"id", "href"}
    assert {name: ill[name] for name in ill.keys() - own_id} == {
        name: moving[name] for name in moving.keys() - own_id
    }
    part = f"/reintegrationTrajects/{running.parts[-1].public_id}"
    ends = [
        undone(partial(caller.step, part, f"{part}/endings", {"result": result}))
        for result in ("medicallyNotPossible", "noResult")
    ]
    assert ends[0] == ends[1]


def test_a_suspension_and_an_evaluation_have_the_id_of_their_fact(api: Api, running: Part) -> None:
    running.come_to("in_review")
    caller = api.as_fund(*PART, "fact:read")
    made = [
        caller.step(at(running), f"{at(running)}/evaluations", {"of": "plan", "evaluation": "Well."}),
        caller.step(at(running), f"{at(running)}/suspensions", {"reason": "other"}),
    ]
    kinds = [fact_of(caller, running, each.json()["id"])["kind"] for each in made]
    assert kinds == ["planEvaluated", "trajectSuspended"]
    # Of history, whose ids are anything, too.
    running.on(running.day + DAY).record("traject_resumed")
    running.on(running.day + DAY).record("traject_suspended", reason="other")
    last = caller.get(f"{at(running)}/suspensions").json()["items"][-1]
    assert fact_of(caller, running, last["id"])["kind"] == "trajectSuspended"


def fact_of(caller: Caller, part: Part, id: str) -> Any:
    found = caller.get(f"/dossiers/{part.dossier.public_id}/facts/{id}")
    assert found.status_code == 200, "there is a fact of this id"
    return found.json()


def test_z8_the_plan_is_evaluated_then_it_ends(api: Api, running: Part) -> None:
    running.come_to("in_review")
    caller = api.as_fund(*PART)
    here = f"{at(running)}/evaluations"
    part = f"/reintegrationTrajects/{running.parts[-1].public_id}"
    unsaid = caller.step(part, f"{part}/endings", {"result": "noResult"})
    assert unsaid.json()["issues"][0]["name"] == "evaluation"
    assert unsaid.json()["issues"][0]["type"].endswith(":requiredInput")
    told = {"of": "plan", "evaluation": "The knee held out."}
    made = caller.step(at(running), here, told)
    assert (made.status_code, made.json()["of"], made.json()["evaluatedOn"]) == (201, "plan", "2026-03-09")
    assert caller.get(own(made["Location"])).json() == made.json()
    assert caller.step(at(running), here, told).status_code == 409
    assert caller.step(at(running), here, {**told, "of": "traject"}).status_code == 201
    listed = caller.get(here)
    assert [one["of"] for one in listed.json()["items"]] == ["plan", "traject"]
    assert b"knee" not in listed.content
    ended = caller.step(part, f"{part}/endings", {"result": "noResult"})
    assert (ended.json()["state"], "result" in ended.json()) == ("ended", False)


def test_an_earlier_part_takes_no_step(api: Api, running: Part) -> None:
    running.start()
    first = f"/reintegrationTrajects/{running.parts[-1].public_id}"
    running.end_part()
    running.on(MARCH + DAY).start()
    caller = api.as_fund(*PART)
    late = caller.step(first, f"{first}/endings", {"result": "noResult", "on": "2026-03-09"})
    assert (late.status_code, late.json()["state"]) == (409, "ended")
    assert running.part == "awaiting_signatures"
    assert caller.get(f"{at(running)}/reintegrationTrajects").json()["total"] == 2


@pytest.mark.parametrize("below", ["reintegrationTrajects", "suspensions", "evaluations"])
def test_stale_versions_and_the_other_fund(api: Api, running: Part, below: str, new_fund) -> None:
    bodies = {
        "reintegrationTrajects": {"condition": 1, "agreed": True},
        "suspensions": {"reason": "other"},
        "evaluations": {"of": "traject", "evaluation": "Well."},
    }
    caller = api.as_fund(*PART)
    seen = caller.get(at(running))["ETag"]
    running.talk()
    assert caller.post(f"{at(running)}/{below}", bodies[below], If_Match=seen).status_code == 412
    other: Fund = new_fund("509")
    stranger = api.as_fund(*PART, fund=other)
    assert stranger.get(f"{at(running)}/{below}").status_code == 404
    assert stranger.post(f"{at(running)}/{below}", bodies[below], If_Match=seen).status_code == 404
