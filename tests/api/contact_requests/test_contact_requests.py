"""Route B over the API: the insured asks by a portal, what becomes of it is seen, and nothing of why (B1 to B5)."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from routing.services.route_b import close_route
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_b.stage import Request
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.core.errors import NotAllowed

DAY = date(2026, 3, 2)
READ, WRITE = "contactRequest:read", "contactRequest:write"
ROOT = "http://localhost:8000/api/tnw/v1"


@pytest.fixture
def asking(begin: Callable[..., object], case: Request) -> Request:
    """The case of the conftest, with the steps of route B."""
    case.__class__ = Request
    return case


@pytest.fixture
def at(asking: Request) -> Iterator[str]:
    asking.on(DAY)
    with clock.at(DAY, hour=11):
        yield f"/dossiers/{asking.dossier.public_id}/contactRequests"


def asked(portal: Caller, at: str, version: int = 1, **body: object) -> str:
    """Where the new request is."""
    made = portal.post(at, body, If_Match=f'"{version}-{"0" * 16}"')
    assert made.status_code == 201, made.content
    return made["Location"].removeprefix(ROOT)


def test_b1_asked_by_a_portal_and_seen_from_there(api: Api, asking: Request, at: str) -> None:
    portal = api.as_fund(READ, WRITE)
    one = asked(portal, at, note="Would like another job.")
    told = portal.get(one).json()
    assert (told["state"], told["requestedOn"]) == ("requested", "2026-03-02")
    assert portal.get(at).json()["items"] == [told]
    assert asking.b == "requested"
    again = portal.post(at, {}, If_Match=portal.get(one)["ETag"])
    assert (again.status_code, again.json()["type"]) == (409, "urn:problem-type:tnw:transitionNotAllowed")
    # The one that stands in the way says where it is.
    assert again.json()["state"] == "requested"
    assert "close" in again.json()["possible"]


def test_b5_permission_is_seen_in_the_state_and_never_why(api: Api, asking: Request, at: str) -> None:
    portal = api.as_fund(READ, WRITE)
    one = asked(portal, at)
    asking.meet_b()
    asking.ask("training")
    assert (portal.get(one).json()["state"], portal.get(one).json()["aim"]) == (
        "permissionRequested",
        "training",
    )
    asking.deny()
    read = portal.get(one)
    assert read.json()["state"] == "permissionRefused"
    for answer in (read, portal.get(at)):
        for text in (b"back", b"Not yet possible", b"reason"):
            assert text not in answer.content


def test_taken_back_by_the_insured_and_only_once(api: Api, asking: Request, at: str) -> None:
    portal = api.as_fund(READ, WRITE)
    one = asked(portal, at)
    for reason in ("health", "permissionRefused", "superseded", "nothing"):
        refused = portal.step(one, f"{one}/closures", {"reason": reason})
        assert (refused.status_code, refused.json()["issues"][0]["name"]) == (400, "reason")
        assert reason.encode() not in refused.content
    closed = portal.step(one, f"{one}/closures", {"reason": "noNeed", "note": "Found work."})
    assert (closed.status_code, closed.json()["state"]) == (201, "closed")
    assert b"work" not in closed.content
    refused = portal.step(one, f"{one}/closures", {"reason": "noNeed"})
    assert (refused.status_code, refused.json()["state"], refused.json()["possible"]) == (409, "closed", [])
    with clock.at(date(2026, 3, 3), hour=11):
        assert asked(portal, at, version=3) != one, "B1: at any moment again"
        late = portal.step(one, f"{one}/closures", {"reason": "noNeed"})
        assert late.status_code == 409, "the earlier one is over"
    assert asking.b == "requested"


def test_closed_for_health_on_the_pages_it_says_no_more_than_closed(
    api: Api, asking: Request, at: str
) -> None:
    portal = api.as_fund(READ, WRITE)
    one = asked(portal, at)
    asking.close_b("health")
    assert portal.get(one).json()["state"] == "closed"
    assert b"health" not in portal.get(one).content


def test_a_machine_closes_for_no_reason_of_the_fund(api: Api, asking: Request, at: str) -> None:
    portal = api.as_fund(READ, WRITE)
    asked(portal, at)
    asking.people["portal"] = portal.client.actor
    with pytest.raises(NotAllowed, check=lambda error: error.forbidden):
        asking.act(close_route, "portal", reason="health")
    asking.act(close_route, "portal", reason="no_need")
    assert asking.b == "closed"


def test_a_stale_version_and_bad_input(api: Api, asking: Request, at: str) -> None:
    portal = api.as_fund(READ, WRITE)
    assert portal.post(at, {}).status_code == 428
    one = asked(portal, at)
    stale = portal.post(f"{one}/closures", {"reason": "declined"}, If_Match=f'"1-{"0" * 16}"')
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:problem-type:tnw:versionConflict")
    tomorrow = portal.step(one, f"{one}/closures", {"reason": "declined", "on": "2026-03-03"})
    assert (tomorrow.status_code, tomorrow.json()["issues"][0]["name"]) == (400, "on")
    unknown = portal.step(one, f"{one}/closures", {"reason": "declined", "diagnosis": "kobaltblauw"})
    assert unknown.status_code == 400
    assert b"kobaltblauw" not in unknown.content


def test_another_fund_and_a_regional_service_find_nothing(
    api: Api, asking: Request, at: str, other_fund: Fund
) -> None:
    one = asked(api.as_fund(READ, WRITE), at)
    stranger = api.as_fund(fund=other_fund)
    tag = f'"9-{"0" * 16}"'
    assert [
        stranger.get(at).status_code,
        stranger.get(one).status_code,
        stranger.post(at, {}, If_Match=tag).status_code,
        stranger.post(f"{one}/closures", {"reason": "declined"}, If_Match=tag).status_code,
    ] == [404] * 4
    assert api.as_partner("vdab", READ).get(one).status_code == 403
