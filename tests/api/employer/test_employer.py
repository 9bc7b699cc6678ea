"""Trajects at the employer over the API: proposed, agreed, referred, visited, started and ended; what is refused."""

from collections.abc import Iterator

import pytest

from dossiers.acts import head_of
from tests.api.conftest import Api
from tests.api.trajects.test_trajects import ROOT
from tests.employer.conftest import begin as begin
from tests.employer.conftest import case as case
from tests.employer.stage import RUNS, Work
from tests.route_a.stage import Case
from tnw.accounts.models import Fund
from tnw.core import clock

SCOPES = ("employerTraject:read", "employerTraject:write")


@pytest.fixture
def work(case: Work) -> Iterator[Work]:
    """A traject since 13 April 2026, that day."""
    case.started()
    with clock.at(RUNS, hour=18):
        yield case


def own(answer: object) -> str:
    return answer["Location"].removeprefix(ROOT)  # type: ignore[index]


def here(case: Work) -> str:
    return f"/dossiers/{case.dossier.public_id}/employerTrajects"


def version(case: Case) -> dict[str, str]:
    return {"If_Match": f'"{head_of(case.dossier)}-{"0" * 16}"'}


def test_a7_z9_from_the_proposal_to_the_decision(api: Api, work: Work) -> None:
    caller = api.as_fund(*SCOPES)
    assert caller.get(here(work)).json()["items"] == []
    made = caller.post(here(work), {"beginsWith": "proposal", "note": "Lighter work."}, **version(work))
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    one = own(made)
    early = caller.step(one, f"{one}/visits", {"outcome": "other"})
    assert (early.status_code, early.json()["state"]) == (409, "proposed")
    assert "refer" in early.json()["possible"]
    # Without the consent for it nobody is referred.
    without = caller.step(one, f"{one}/referrals", {"asksFor": "visit"})
    assert (without.status_code, without.json()["type"]) == (409, "urn:problem-type:tnw:consentMissing")
    assert caller.step(one, f"{one}/answers", {"agreed": True}).json()["state"] == "agreed"
    assert caller.step(one, f"{one}/referrals", {"asksFor": "visit"}).json()["referredOn"] == "2026-04-13"
    visited = caller.step(one, f"{one}/visits", {"outcome": "employerTraject"})
    assert (visited.json()["state"], visited.json()["outcome"]) == ("asked", "employerTraject")
    started = caller.step(one, f"{one}/starts", {"requestedBy": "employee"})
    assert (started.json()["state"], started.json()["requestedBy"]) == ("running", "employee")
    unknown = caller.step(one, f"{one}/endings", {"decision": "d"})
    assert (unknown.status_code, unknown.json()["issues"][0]["name"]) == (400, "decision")
    assert "planCarriedOut" not in started.json()
    ended = caller.step(one, f"{one}/endings", {"decision": "b", "refusedBy": "worker", "note": "The back."})
    assert ended.json()["planCarriedOut"] is False
    assert (ended.json()["state"], ended.json()["decision"], ended.json()["refusedBy"]) == (
        "ended",
        "b",
        "worker",
    )
    assert b"back" not in ended.content
    (item,) = caller.get(here(work)).json()["items"]
    assert item == caller.get(one).json()


def test_a7_referred_at_once_and_z1_not_asked_for(api: Api, work: Work) -> None:
    caller = api.as_fund(*SCOPES)
    refused = caller.post(here(work), {"beginsWith": "referral", "asksFor": "visit"}, **version(work))
    assert refused.json()["type"] == "urn:problem-type:tnw:consentMissing"
    told = {"beginsWith": "referral", "asksFor": "visit", "agreed": True}
    made = caller.post(here(work), told, **version(work))
    assert (made.status_code, made.json()["state"]) == (201, "referred")
    twice = caller.post(here(work), told, **version(work))
    assert (twice.status_code, twice.json()["state"]) == (409, "referred")
    waived = caller.step(own(made), f"{own(made)}/waivers")
    assert (waived.json()["state"], waived.json()["waivedOn"]) == ("notAsked", "2026-04-13")
    # What the employer begins himself is another one: the earlier takes no step any more.
    begun = caller.post(here(work), {"beginsWith": "start", "requestedBy": "employer"}, **version(work))
    assert (begun.status_code, begun.json()["state"]) == (201, "running")
    late = caller.step(own(made), f"{own(made)}/endings", {"decision": "a"})
    assert (late.status_code, late.json()["state"]) == (409, "notAsked")
    assert caller.get(here(work)).json()["total"] == 2


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ({"beginsWith": "referral"}, "asksFor", "rejectedInput"),
        ({"beginsWith": "start"}, "requestedBy", "rejectedInput"),
        ({"beginsWith": "proposal", "asksFor": "visit"}, "asksFor", "rejectedInput"),
        ({"beginsWith": "start", "requestedBy": "employer", "agreed": True}, "agreed", "rejectedInput"),
        ({}, "beginsWith", "requiredInput"),
        ({"beginsWith": "hope"}, "beginsWith", "schemaViolation"),
    ],
)
def test_what_goes_with_each_beginning(api: Api, work: Work, body: object, name: str, kind: str) -> None:
    refused = api.as_fund(*SCOPES).post(here(work), body, **version(work))
    assert refused.status_code == 400
    assert (refused.json()["issues"][0]["name"], refused.json()["issues"][0]["type"].split(":")[-1]) == (
        name,
        kind,
    )


def test_a_declined_proposal_a_stale_version_and_the_other_fund(api: Api, work: Work, new_fund) -> None:
    caller = api.as_fund(*SCOPES)
    made = caller.post(here(work), {"beginsWith": "proposal"}, **version(work))
    stale = caller.post(f"{own(made)}/answers", {"agreed": False}, If_Match=f'"1-{"0" * 16}"')
    assert stale.status_code == 412
    declined = caller.step(own(made), f"{own(made)}/answers", {"agreed": False})
    assert declined.json()["state"] == "declined"
    other: Fund = new_fund("509")
    stranger = api.as_fund(*SCOPES, fund=other)
    assert stranger.get(own(made)).status_code == 404
    assert stranger.get(here(work)).status_code == 404
    assert stranger.post(f"{own(made)}/starts", {"requestedBy": "other"}, **version(work)).status_code == 404
    assert stranger.post(here(work), {"beginsWith": "proposal"}, **version(work)).status_code == 404
