"""Consents over the API: how each stands, what is decided next, and what a withdrawal blocks at once (A6, Z5)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dossiers.acts import head_of
from dossiers.models import Dossier
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.employer.stage import Work
from tests.route_a.stage import Case
from tnw.accounts.models import Fund
from tnw.core import clock

DAY = date(2026, 4, 20)
ROOT = "http://localhost:8000/api/tnw/v1"
AGREED = {"purpose": "consultation", "party": "therapist", "decision": "given"}


@pytest.fixture
def dossier(case: Case) -> Iterator[str]:
    """The address of a dossier in which the first contact was held, with consent."""
    case.__class__ = Work
    case.started()  # type: ignore[attr-defined]
    case.on(DAY)
    with clock.at(DAY, hour=11):
        yield f"/dossiers/{case.dossier.public_id}"


@pytest.fixture
def portal(api: Api) -> Caller:
    return api.as_fund("consent:read", "consent:write", "dossier:read", "contactMoment:write")


def told(caller: Caller, to: str, body: dict[str, Any]) -> Any:
    """Sent with the version that the dossier has now."""
    address = to.split("/")[2]
    return caller.post(to, body, If_Match=f'"{head_of(Dossier.objects.get(public_id=address))}-{"0" * 16}"')


def decided(caller: Caller, dossier: str, **body: Any) -> Any:
    return told(caller, f"{dossier}/consentDecisions", {**AGREED, **body})


def standing(portal: Caller, dossier: str) -> dict[tuple[str, str], str]:
    items = portal.get(f"{dossier}/consents").json()["items"]
    return {(one["purpose"], one.get("party", "")): one["state"] for one in items}


def test_given_withdrawn_and_blocked_at_once(portal: Caller, dossier: str) -> None:
    assert standing(portal, dossier) == {("dataProcessing", ""): "given"}
    given = decided(portal, dossier, on="2026-04-17", note="kobaltblauw")
    assert (given.status_code, given.json()["state"], given.json()["since"]) == (201, "given", "2026-04-17")
    one = given["Location"].removeprefix(ROOT)
    assert portal.get(one).json() == given.json()
    assert portal.get(one)["ETag"] == given["ETag"]
    share = {"form": "phone", "report": "Spoken together.", "party": "therapist"}
    assert told(portal, f"{dossier}/contactReports", share).status_code == 201
    taken_back = decided(portal, dossier, decision="withdrawn")
    assert (taken_back.json()["state"], taken_back["Location"]) == ("withdrawn", given["Location"])
    blocked = told(portal, f"{dossier}/contactReports", share)
    assert (blocked.status_code, blocked.json()["type"]) == (409, "urn:problem-type:tnw:consentMissing")
    assert standing(portal, dossier)["consultation", "therapist"] == "withdrawn"
    for answer in (given, taken_back, blocked, portal.get(one), portal.get(f"{dossier}/consents")):
        assert b"kobaltblauw" not in answer.content


def test_a6_data_processing_taken_back_stops_the_traject(portal: Caller, case: Case, dossier: str) -> None:
    answer = decided(portal, dossier, purpose="dataProcessing", party="employer")
    assert (answer.status_code, answer.json()["issues"][0]["name"]) == (400, "party")
    body = {"purpose": "dataProcessing", "decision": "withdrawn"}
    stopped = told(portal, f"{dossier}/consentDecisions", body)
    assert (stopped.status_code, stopped.json()["state"]) == (201, "withdrawn")
    assert case.states["traject 1"] == "ended"


def test_the_party_of_a_referral_is_the_occupational_physician(portal: Caller, dossier: str) -> None:
    body = {"purpose": "employerReferral", "decision": "refused"}
    answer = told(portal, f"{dossier}/consentDecisions", body).json()
    assert (answer["party"], answer["state"]) == ("occupationalPhysician", "refused")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"decision": "perhaps"}, "decision"),
        ({"decision": "withdrawn"}, "decision"),
        ({"purpose": "kobaltblauw"}, "purpose"),
        ({"party": "kobaltblauw"}, "party"),
        ({"party": "socialInsuranceFund"}, "party"),
        ({"on": "2026-04-21"}, "on"),
        ({"diagnosis": "kobaltblauw"}, "diagnosis"),
    ],
)
def test_bad_input_is_named_and_not_repeated(
    portal: Caller, dossier: str, body: dict[str, str], name: str
) -> None:
    refused = decided(portal, dossier, **body)
    assert refused.status_code == 400, refused.content
    assert [issue["name"] for issue in refused.json()["issues"]] == [name]
    assert b"kobaltblauw" not in refused.content


def test_a_version_is_asked_for(portal: Caller, dossier: str) -> None:
    assert portal.post(f"{dossier}/consentDecisions", AGREED).status_code == 428
    stale = portal.post(f"{dossier}/consentDecisions", AGREED, If_Match='"1-0000000000000000"')
    assert stale.status_code == 412


def test_another_fund_and_an_unknown_consent(
    api: Api, portal: Caller, dossier: str, other_fund: Fund
) -> None:
    given = decided(portal, dossier)
    one = given["Location"].removeprefix(ROOT)
    stranger = api.as_fund(fund=other_fund)
    assert {
        stranger.get(one).status_code,
        stranger.get(f"{dossier}/consents").status_code,
        decided(stranger, dossier).status_code,
        portal.get(f"{dossier}/consents/0190a000-0000-7000-8000-00000000dead").status_code,
    } == {404}
    assert api.as_partner("vdab", "consent:read").get(one).status_code == 403
