"""Plans over the API: written as a draft, agreed once complete, looked at again, and every version readable."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.models.health import Sight
from dossiers.policies import may_read
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.trajects.test_trajects import ROOT
from tests.plan.conftest import SIGNED, PlanCase, later
from tests.plan.conftest import case as case
from tnw.accounts.models import Fund
from tnw.core import clock
from trajects.models import PlanDraft
from trajects.services import plan as services

SCOPES = ("plan:read", "plan:write", "planReview:read", "planReview:write")
TEXTS = {
    "endResult": "Back as a bookkeeper",
    "objectives": [{"text": "Half-time by summer", "targetDate": "2026-07-01"}],
    "actions": [{"text": "Refresh the software", "who": "the insured person", "dueDate": "2026-05-01"}],
    "nextInterview": {"on": "2026-06-16", "time": "14:00", "form": "inPerson", "place": "Gent"},
}


@pytest.fixture
def signed(case: PlanCase) -> Iterator[PlanCase]:
    """All three signed on 2 March 2026; today is two weeks later."""
    case.on(later(14))
    with clock.at(later(14), hour=11):
        yield case


def at(case: PlanCase) -> str:
    return f"/plans/{case.dossier.reintegrations.get().public_id}"


def write(caller: Caller, case: PlanCase, body: Any) -> Any:
    return caller.patch(at(case), body, If_Match=caller.get(at(case))["ETag"])


def agree(caller: Caller, case: PlanCase) -> Any:
    return caller.step(at(case), f"{at(case)}/agreements")


def test_z4_z6_written_agreed_looked_at_again_and_changed(api: Api, signed: PlanCase) -> None:
    caller = api.as_fund(*SCOPES)
    (listed,) = caller.get(f"/dossiers/{signed.dossier.public_id}/plans").json()["items"]
    assert (listed["href"], listed["state"]) == (ROOT + at(signed), "toBeMade")
    empty = caller.get(at(signed)).json()
    assert empty["missing"] == ["objectives", "endResult", "actions", "nextInterview"]
    assert "draft" not in empty
    part = write(caller, signed, {"endResult": "Back as a bookkeeper"})
    assert (part.status_code, part.json()["draft"]["revision"]) == (200, 1)
    refused = agree(caller, signed)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:tnw:planIncomplete")
    assert refused.json()["missing"] == part.json()["missing"] == ["objectives", "actions", "nextInterview"]
    whole = write(caller, signed, TEXTS).json()
    assert (whole["missing"], whole["nextInterview"]) == ([], TEXTS["nextInterview"])
    met = caller.step(
        at(signed), f"{at(signed)}/meetings", {"form": "inPerson", "report": "Drawn up; the back."}
    )
    assert (met.status_code, met["Location"]) == (201, ROOT + at(signed))
    made = agree(caller, signed)
    assert (made.status_code, made.json()["number"], made.json()["state"]) == (201, 1, "agreed")
    assert not PlanDraft.objects.filter(dossier=signed.dossier).exists()
    assert signed.planned(), "the appointment came with it"
    first = made["Location"].removeprefix(ROOT)
    assert caller.get(first).json()["actions"] == [{**whole["actions"][0], "done": False}]
    action = whole["actions"][0]["id"]
    done = f"{at(signed)}/actions/{action}/completions"
    assert caller.step(at(signed), done).json()["actions"][0]["done"] is True
    twice = caller.step(at(signed), done)
    assert (twice.status_code, twice.json()["state"]) == (409, "inReview")
    nowhere = done.replace(action, str(signed.dossier.public_id))
    assert caller.step(at(signed), nowhere).status_code == 404
    # Null takes away; what keeps its id stays the same action, and what was done of it.
    kept = {"actions": [{"id": action, "text": "Refresh it", "who": "X", "dueDate": "2026-05-01"}]}
    changed = write(caller, signed, {**kept, "objectives": None}).json()
    assert (changed["objectives"], changed["missing"]) == ([], ["objectives"])
    assert (changed["actions"][0]["id"], changed["actions"][0]["done"]) == (action, True)
    assert changed["nextInterview"]["on"] == "2026-06-16"
    write(caller, signed, {"objectives": TEXTS["objectives"]})
    reviewed = caller.step(
        at(signed),
        f"{at(signed)}/reviews",
        {"done": "The course.", "found": "The back holds.", "agreeDraft": True},
    )
    assert (reviewed.status_code, reviewed.json()["withInterview"]) == (201, False)
    assert caller.get(reviewed["Location"].removeprefix(ROOT)).json() == reviewed.json()
    fact = f"/dossiers/{signed.dossier.public_id}/facts/{reviewed.json()['id']}"
    assert api.as_fund("fact:read").get(fact).json()["kind"] == "planReviewed"
    versions = caller.get(f"{at(signed)}/versions")
    assert [(one["number"], one["state"]) for one in versions.json()["items"]] == [
        (1, "superseded"),
        (2, "agreed"),
    ]
    assert caller.get(first).json()["actions"][0]["text"] == "Refresh the software"
    for answer in (met, reviewed, caller.get(f"{at(signed)}/reviews"), caller.get(at(signed))):
        assert b"back" not in answer.content


def test_what_a_plan_lacks_is_named_by_codes_in_every_language(api: Api, signed: PlanCase) -> None:
    caller = api.as_fund(*SCOPES)
    # An action that was begun and not finished stands in the way as well.
    begun = {**TEXTS, "endResult": None, "actions": [*TEXTS["actions"], {"text": "Half of one"}]}
    assert write(caller, signed, begun).json()["missing"] == ["endResult", "actions"]
    dutch, french = (
        caller.step(at(signed), f"{at(signed)}/agreements", Accept_Language=language).json()
        for language in ("nl-BE", "fr-BE")
    )
    assert dutch["missing"] == french["missing"] == ["endResult", "actions"]
    assert dutch["detail"] != french["detail"]


def test_a_draft_that_changed_meanwhile_is_not_overwritten(api: Api, signed: PlanCase) -> None:
    caller = api.as_fund(*SCOPES)
    seen = caller.get(at(signed))["ETag"]
    first = caller.patch(at(signed), TEXTS, If_Match=seen)
    assert first["ETag"] == caller.get(at(signed))["ETag"] != seen
    assert caller.get(at(signed), If_None_Match=first["ETag"]).status_code == 304
    stale = caller.patch(at(signed), {"endResult": "Another"}, If_Match=seen)
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:problem-type:tnw:versionConflict")
    assert caller.patch(at(signed), {"endResult": "Another"}).status_code == 428
    # Nor is it agreed as somebody did not see it, also where it was thrown away and written anew.
    PlanDraft.objects.filter(dossier=signed.dossier).delete()
    caller.patch(at(signed), {"endResult": "Mine"}, If_Match=caller.get(at(signed))["ETag"])
    assert caller.post(f"{at(signed)}/agreements", If_Match=first["ETag"]).status_code == 412
    # What was recorded in the dossier since is seen before a step, and does not hinder the writing.
    seen = caller.get(at(signed))["ETag"]
    signed.record("contact_held", form="phone")
    assert caller.patch(at(signed), {"endResult": "Ours"}, If_Match=seen).status_code == 200
    meeting = {"form": "phone", "report": "Talked."}
    assert caller.post(f"{at(signed)}/meetings", meeting, If_Match=seen).status_code == 412


def test_before_the_last_signature_and_after_the_end_nothing_is_written(api: Api, signed: PlanCase) -> None:
    caller = api.as_fund(*SCOPES)
    plan = at(signed)
    early = caller.step(plan, f"{plan}/reviews", {"done": "x", "found": "y"})
    assert (early.status_code, early.json()["state"]) == (409, "planning")
    assert "agree" in early.json()["possible"]
    signed.record("reintegration_ended", result="no_result")
    over = write(caller, signed, {"endResult": "Too late"})
    assert (over.status_code, over.json()["state"]) == (409, "ended")
    signed.on(later(15)).record("reintegration_started", condition=1)
    with clock.at(later(15), hour=11):
        etag = caller.get(plan)["ETag"]
        assert caller.patch(plan, {"endResult": "Too late"}, If_Match=etag).status_code == 409
        assert caller.post(f"{plan}/agreements", If_Match=etag).status_code == 409
        assert caller.get(f"/dossiers/{signed.dossier.public_id}/plans").json()["total"] == 2
        second = caller.get(f"/dossiers/{signed.dossier.public_id}/plans").json()["items"][1]["href"]
        waits = second.removeprefix(ROOT)
        unsigned = caller.patch(waits, {"endResult": "Too soon"}, If_Match=caller.get(waits)["ETag"])
        assert (unsigned.status_code, unsigned.json()["state"]) == (409, "awaitingSignatures")


def test_who_else_is_there_only_with_consent_and_a_planned_interview_is_named(
    api: Api, signed: PlanCase
) -> None:
    caller = api.as_fund(*SCOPES)
    here = f"{at(signed)}/meetings"
    told = {"form": "inPerson", "report": "With his doctor.", "party": "treatingDoctor"}
    refused = caller.step(at(signed), here, told)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:tnw:consentMissing")
    nothing = caller.step(
        at(signed), here, {"form": "phone", "report": "x", "contactMomentId": str(signed.dossier.public_id)}
    )
    assert (nothing.status_code, nothing.json()["issues"][0]["name"]) == (400, "contactMomentId")
    subject = signed.plan(signed.day + timedelta(1), purpose="plan_meeting")
    one = signed.dossier.appointments.get(subject=subject)
    with clock.at(signed.day + timedelta(1), hour=18):
        held = {"form": "inPerson", "report": "Drawn up.", "contactMomentId": str(one.public_id)}
        assert caller.step(at(signed), here, held).status_code == 201
    assert signed.dossier.appointments.get(subject=subject).state == "held"


def test_t12_reviewed_with_an_interview_and_the_next_one(api: Api, signed: PlanCase) -> None:
    caller = api.as_fund(*SCOPES)
    write(caller, signed, TEXTS)
    agree(caller, signed)
    here, told = f"{at(signed)}/reviews", {"done": "x", "found": "y", "withInterview": True}
    formless = caller.step(at(signed), here, told)
    assert (formless.status_code, formless.json()["issues"][0]["name"]) == (400, "form")
    past = {"on": "2026-03-01", "time": "10:00", "form": "phone"}
    before = caller.step(at(signed), here, {**told, "form": "phone", "nextInterview": past})
    assert (before.status_code, before.json()["issues"][0]["name"]) == (400, "nextInterview")
    following = {**past, "on": "2026-09-15"}
    made = caller.step(at(signed), here, {**told, "form": "phone", "nextInterview": following})
    assert (made.status_code, made.json()["reviewedOn"], made.json()["withInterview"]) == (
        201,
        "2026-03-16",
        True,
    )
    assert date(2026, 9, 15) in {one.date() for one in signed.planned()}
    assert caller.get(here).json()["items"] == [made.json()]
    # What the draft says of the next interview is refused as it stands there, not in the body.
    write(caller, signed, {"nextInterview": past})
    late = agree(caller, signed)
    assert (late.status_code, late.json()["type"]) == (409, "urn:problem-type:tnw:transitionNotAllowed")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"objectives": [{"text": "x", "by": "2026-01-01"}]}, "objectives[0].by"),
        ({"actions": [{"id": "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b99"}]}, "actions[0].id"),
        ({"nextInterview": {"time": "25:00"}}, "nextInterview.time"),
        ({"nextInterview": {"form": "letter"}}, "nextInterview.form"),
        ({"objectives": [{"text": "x"}] * 41}, "objectives"),
        ({"aim": "x"}, "aim"),
    ],
)
def test_what_a_draft_does_not_take_is_named(api: Api, signed: PlanCase, body: Any, name: str) -> None:
    refused = write(api.as_fund(*SCOPES), signed, body)
    assert (refused.status_code, refused.json()["issues"][0]["name"]) == (400, name)


def test_null_and_half_an_interview(api: Api, signed: PlanCase) -> None:
    caller = api.as_fund(*SCOPES)
    write(caller, signed, TEXTS)
    half = write(caller, signed, {"nextInterview": {"time": None}, "endResult": None}).json()
    assert half["nextInterview"] == {"on": "2026-06-16", "form": "inPerson", "place": "Gent"}
    assert ("endResult" in half, half["missing"]) == (False, ["endResult", "nextInterview"])
    none = write(caller, signed, {"nextInterview": None, "actions": None, "objectives": []}).json()
    assert "nextInterview" not in none
    edge = write(caller, signed, {"nextInterview": {"on": "0001-01-01", "time": "00:00", "form": "phone"}})
    assert edge.status_code == 200
    write(caller, signed, {**TEXTS, "nextInterview": {"on": "0001-01-01"}})
    assert agree(caller, signed).status_code == 409
    write(caller, signed, {"nextInterview": {"on": "9999-12-31", "time": "23:59"}})
    assert agree(caller, signed).status_code in (201, 409)


def test_the_other_fund_and_scopes(api: Api, signed: PlanCase, new_fund) -> None:
    other: Fund = new_fund("509")
    stranger = api.as_fund(*SCOPES, fund=other)
    etag = api.as_fund(*SCOPES).get(at(signed))["ETag"]
    for path in (at(signed), f"{at(signed)}/versions", f"{at(signed)}/versions/1", f"{at(signed)}/reviews"):
        assert stranger.get(path).status_code == 404
    assert stranger.patch(at(signed), TEXTS, If_Match=etag).status_code == 404
    assert stranger.post(f"{at(signed)}/agreements", If_Match=etag).status_code == 404
    assert api.as_fund("plan:read").patch(at(signed), TEXTS, If_Match=etag).status_code == 403
    assert api.as_fund(*SCOPES).get(f"{at(signed)}/versions/1").status_code == 404
    assert signed.day == SIGNED + timedelta(14)


def test_a_fund_s_client_reads_what_is_for_everybody_in_the_case_and_no_more(
    api: Api, signed: PlanCase
) -> None:
    mine = api.as_fund(*SCOPES).client.actor
    assert [sight for sight in Sight if may_read(mine, sight)] == [Sight.CASE]
    assert not [sight for sight in Sight if may_read(api.as_partner("vdab").client.actor, sight)]
    assert signed.beginning() == services.beginning(mine, signed.dossier)
