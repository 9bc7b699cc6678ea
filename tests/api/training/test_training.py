"""Training projects over the API: from the proposal to the end, with the doctor's advice seen as a state."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import Api
from tests.api.employer.test_employer import own, version
from tests.training.conftest import begin as begin
from tests.training.conftest import in_traject as in_traject
from tests.training.conftest import training as training
from tests.training.stage import Training
from tnw.accounts.models import Fund
from tnw.core import clock

SCOPES = ("trainingProject:read", "trainingProject:write")
NEW = {"proposedBy": "insured", "what": "Bookkeeping."}


@pytest.fixture
def now(training: Training) -> Iterator[Training]:
    """That day in March 2026."""
    training.on("2026-03-20")
    with clock.at(training.case.day, hour=18):
        yield training


def here(training: Training) -> str:
    return f"/dossiers/{training.case.dossier.public_id}/trainingProjects"


def test_h1_h2_h3_proposed_advised_decided_and_completed(api: Api, now: Training) -> None:
    caller = api.as_fund(*SCOPES)
    made = caller.post(here(now), NEW, **version(now.case))
    assert (made.status_code, made.json()["state"], made.json()["proposedBy"]) == (201, "proposed", "insured")
    one = own(made)
    early = caller.step(one, f"{one}/submissions")
    assert (early.status_code, early.json()["state"]) == (409, "proposed")
    assert "advise" in early.json()["possible"]
    now.subject = now.case.dossier.trainings.get().subject
    now.advise(favorable=False)
    assert caller.get(one).json()["state"] == "advisedAgainst"
    now.advise(favorable=True)
    assert caller.step(one, f"{one}/submissions").json()["state"] == "submitted"
    reviewed = caller.step(one, f"{one}/reviews", {"favorable": True})
    assert (reviewed.json()["state"], reviewed.json()["reviewFavorable"]) == ("reviewed", True)
    lacking = caller.step(one, f"{one}/decisions", {"approved": True, "startDate": "2026-03-20"})
    assert (lacking.status_code, lacking.json()["issues"][0]["name"]) == (400, "endDate")
    days = {"startDate": "2026-03-20", "endDate": "2026-06-30"}
    refused = caller.step(one, f"{one}/decisions", {"approved": False, **days})
    assert refused.json()["issues"][0]["name"] == "startDate"
    approved = caller.step(one, f"{one}/decisions", {"approved": True, **days})
    assert (approved.json()["state"], approved.json()["startDate"]) == ("approved", "2026-03-20")
    done = caller.step(one, f"{one}/completions", {"success": True, "note": "Passed, back or no back."})
    assert (done.json()["state"], done.json()["endedOn"]) == ("completed", "2026-03-20")
    again = caller.step(one, f"{one}/interruptions", {"reason": "Another plan."})
    assert (again.status_code, again.json()["state"]) == (409, "completed")
    read = caller.get(one)
    for word in (b"back", b"heavy", b"Bookkeeping"):
        assert word not in read.content
    assert caller.get(here(now)).json()["items"] == [read.json()]


def test_broken_off_a_stale_version_and_the_other_fund(api: Api, now: Training, new_fund) -> None:
    caller = api.as_fund(*SCOPES)
    made = caller.post(here(now), NEW, **version(now.case))
    stale = caller.post(f"{own(made)}/interruptions", {"reason": "x"}, If_Match=f'"1-{"0" * 16}"')
    assert stale.status_code == 412
    unsaid = caller.step(own(made), f"{own(made)}/interruptions")
    assert unsaid.json()["issues"][0]["name"] == "reason"
    broken = caller.step(own(made), f"{own(made)}/interruptions", {"reason": "Moved away."})
    assert broken.json()["state"] == "brokenOff"
    # Several side by side: another one of the same dossier goes on by itself.
    second = caller.post(here(now), NEW, **version(now.case))
    assert caller.get(here(now)).json()["total"] == 2
    other: Fund = new_fund("509")
    stranger = api.as_fund(*SCOPES, fund=other)
    assert stranger.get(own(second)).status_code == 404
    assert stranger.get(here(now)).status_code == 404
    assert stranger.post(f"{own(second)}/submissions", **version(now.case)).status_code == 404
    assert stranger.post(here(now), NEW, **version(now.case)).status_code == 404


def test_outside_a_traject_the_refusal_says_where_that_one_is(api: Api, now: Training) -> None:
    now.case.record("traject_ended", result="no_result")
    refused = api.as_fund(*SCOPES).post(here(now), NEW, **version(now.case))
    assert (refused.status_code, refused.json()["state"]) == (409, "ended")
