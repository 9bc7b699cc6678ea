"""Trajects over the API: read, the first step, ended with a result, and stopped by the insured person."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from tests.api.conftest import Api
from tests.reintegration.stage import DAY, MARCH, Part
from tnw.accounts.models import Fund

ROOT = "http://localhost:8000/api/tnw/v1"


def undone(act: Callable[[], Any]) -> Any:
    """The answer to an act that is then as if it had not been."""
    with transaction.atomic():
        told = act().json()
        transaction.set_rollback(True)
    return told


def at(part: Part) -> str:
    return f"/trajects/{part.whole.public_id}"


def again_by_b(part: Part) -> None:
    """A second traject, on the request of the insured."""
    part.on(MARCH + 7 * DAY).record("contact_requested")
    part.record("first_contact_held", route="B", form="phone")
    part.record("permission_requested", aim="guidance")
    part.record("permission_granted")
    part.record("traject_started", route="B")


def test_r1_a7_read_and_its_first_step_chosen(api: Api, running: Part) -> None:
    caller = api.as_fund("traject:read", "traject:write")
    (item,) = caller.get(f"/dossiers/{running.dossier.public_id}/trajects").json()["items"]
    assert item["href"] == ROOT + at(running)
    assert (item["route"], item["state"], item["firstStep"]) == ("a", "running", "guidance")
    chosen = caller.step(at(running), f"{at(running)}/firstSteps", {"firstStep": "training"})
    assert (chosen.status_code, chosen.json()["firstStep"], chosen["Location"]) == (
        201,
        "training",
        item["href"],
    )
    # Without a contract there is no employer to go to: the services say so.
    refused = caller.step(at(running), f"{at(running)}/firstSteps", {"firstStep": "employer"})
    assert (refused.status_code, refused.json()["state"]) == (409, "running")
    assert "end" in refused.json()["possible"]


def test_z8_ended_with_a_result_and_an_earlier_one_takes_no_step(api: Api, running: Part) -> None:
    caller = api.as_fund("traject:read", "traject:write")
    wrong = caller.step(at(running), f"{at(running)}/endings", {"result": "trainingFinished"})
    assert (wrong.status_code, wrong.json()["issues"][0]["name"]) == (400, "result")
    first = at(running)
    ended = caller.step(first, f"{first}/endings", {"result": "resumedOtherEmployer", "note": "Found work."})
    assert (ended.json()["state"], ended.json()["result"]) == ("ended", "resumedOtherEmployer")
    again = caller.step(first, f"{first}/endings", {"result": "noResult"})
    assert (again.status_code, again.json()["state"], again.json()["possible"]) == (409, "ended", [])
    again_by_b(running)
    late = caller.step(first, f"{first}/stops")
    assert (late.status_code, late.json()["type"]) == (409, "urn:problem-type:tnw:transitionNotAllowed")
    assert running.whole.state == "running"


def test_p3_the_insured_stops_without_a_reason(api: Api, running: Part) -> None:
    caller = api.as_fund("traject:read", "traject:write")
    stopped = caller.step(at(running), f"{at(running)}/stops")
    assert (stopped.json()["state"], stopped.json()["result"]) == ("ended", "stoppedByInsured")


def test_a_medical_result_is_told_as_ended(api: Api, running: Part) -> None:
    caller = api.as_fund("traject:read", "traject:write")
    told = {"result": "medicallyNotPossible", "note": "The back does not allow it."}
    ended = caller.step(at(running), f"{at(running)}/endings", told)
    assert (ended.status_code, ended.json()["state"]) == (201, "ended")
    listed = caller.get(f"/dossiers/{running.dossier.public_id}/trajects")
    for answer in (ended, caller.get(at(running)), listed):
        assert "result" not in json.dumps(answer.json())
        assert b"medical" not in answer.content
        assert b"back" not in answer.content


def test_silence_about_a_result_does_not_tell_that_it_is_one_of_health(api: Api, running: Part) -> None:
    caller = api.as_fund("traject:read", "traject:write")
    by_health, by_another, told = (
        undone(partial(caller.step, at(running), f"{at(running)}/endings", {"result": result}))
        for result in ("medicallyNotPossible", "noResult", "resumedOtherEmployer")
    )
    assert by_health == by_another
    assert told == {**by_health, "result": "resumedOtherEmployer"}


def test_a_version_is_the_newest_and_another_fund_sees_nothing(
    api: Api, running: Part, second_fund: Fund
) -> None:
    caller = api.as_fund("traject:read", "traject:write")
    seen = caller.get(at(running))["ETag"]
    running.talk()
    stale = caller.post(f"{at(running)}/stops", If_Match=seen)
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:problem-type:tnw:versionConflict")
    assert caller.post(f"{at(running)}/stops").status_code == 428
    other = api.as_fund("traject:read", "traject:write", fund=second_fund)
    for path in (at(running), f"/dossiers/{running.dossier.public_id}/trajects"):
        assert other.get(path).status_code == 404
    assert other.post(f"{at(running)}/stops", If_Match=seen).status_code == 404


@pytest.fixture
def second_fund(new_fund) -> Fund:
    return new_fund("509")
