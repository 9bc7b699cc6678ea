"""The career over the API: added, changed by a merge patch of its own version, taken out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dossiers.models import CareerItem
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.accounts.models import AccessLog, Fund
from tnw.core import clock

DAY = date(2026, 3, 2)
ROOT = "http://localhost:8000/api/tnw/v1"
JOB: dict[str, Any] = {
    "kind": "job", "title": "Welder", "organization": "Yard", "startDate": "2019-09-01", "endDate": "2024-01-31",
    "enterpriseNumber": "BE 0403.170.701", "physicianName": "Dr. Vanhee", "note": "kobaltblauw",
}  # fmt: skip


@pytest.fixture
def at(case: Case) -> Iterator[str]:
    case.on(DAY)
    with clock.at(DAY, hour=11):
        yield f"/dossiers/{case.dossier.public_id}/careerItems"


@pytest.fixture
def portal(api: Api) -> Caller:
    return api.as_fund("careerItem:read", "careerItem:write")


def added(portal: Caller, at: str, **other: Any) -> str:
    made = portal.post(at, {**JOB, **other})
    assert made.status_code == 201, made.content
    return made["Location"].removeprefix(ROOT)


def test_added_changed_taken_out(portal: Caller, case: Case, at: str) -> None:
    one = added(portal, at)
    read = portal.get(one)
    assert {name: read.json()[name] for name in ("title", "startDate", "endDate", "origin", "physicianName")} == {
        "title": "Welder", "startDate": "2019-09-01", "endDate": "2024-01-31", "origin": "hand",
        "physicianName": "Dr. Vanhee",
    }  # fmt: skip
    assert read.json()["enterpriseNumber"] == "0403170701"
    (listed,) = portal.get(at).json()["items"]
    assert listed["href"] == read.json()["href"]
    assert "physicianName" not in listed, "no names in lists"
    change = {"title": "Welder of pipes", "endDate": None, "physicianName": None}
    changed = portal.patch(one, change, If_Match=read["ETag"])
    assert (changed.status_code, changed.json()["title"]) == (200, "Welder of pipes")
    assert not {"endDate", "physicianName"} & changed.json().keys()
    assert changed.json()["organization"] == "Yard"
    assert CareerItem.objects.get(dossier=case.dossier).note == "kobaltblauw", "what is left out stays"
    assert changed["ETag"] == portal.get(one)["ETag"] != read["ETag"]
    gone = portal.delete(one, If_Match=changed["ETag"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert portal.get(one).status_code == 404
    assert portal.get(at).json()["items"] == []
    assert case.kinds == ["career_noted"]
    for answer in (read, changed, portal.get(at)):
        assert b"kobaltblauw" not in answer.content


def test_a_version_of_its_own(portal: Caller, case: Case, at: str) -> None:
    one = added(portal, at)
    tag = portal.get(one)["ETag"]
    case.sent()
    assert portal.get(one, If_None_Match=tag).status_code == 304, (
        "what else happens in the dossier is none of it"
    )
    assert portal.patch(one, {"title": "A"}).status_code == 428
    assert portal.delete(one).status_code == 428
    first = portal.patch(one, {"title": "A"}, If_Match=tag)
    assert first.status_code == 200
    for late in (portal.patch(one, {"title": "B"}, If_Match=tag), portal.delete(one, If_Match=tag)):
        assert (late.status_code, late.json()["type"]) == (412, "urn:problem-type:tnw:versionConflict")
    same = portal.patch(one, {"title": "A"}, If_Match=first["ETag"])
    assert (same.status_code, same["ETag"]) == (200, first["ETag"])


def test_the_same_call_twice_is_one(portal: Caller, case: Case, at: str) -> None:
    first, again = (portal.post(at, JOB, Idempotency_Key="k") for _ in range(2))
    assert first.json() == again.json()
    assert case.dossier.career.count() == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"kind": "hobby"}, "kind"),
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"note": None}, "note"),
        ({"kind": "aim"}, "organization"),
        ({"enterpriseNumber": "0403170702"}, "enterpriseNumber"),
        ({"endDate": "2019-08-31"}, "endDate"),
        ({"startDate": "kobaltblauw"}, "startDate"),
        ({"kobaltblauw": 1}, "kobaltblauw"),
    ],
)
def test_bad_input_is_named(portal: Caller, at: str, body: dict[str, Any], name: str) -> None:
    refused = portal.post(at, {**JOB, **body})
    assert refused.status_code == 400, refused.content
    assert [issue["name"] for issue in refused.json()["issues"]] == [name]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"title": None}, "title"),
        ({"kind": "training"}, "kind"),
        ({"level": "high"}, "level"),
        ({"startDate": "2025-01-01"}, "endDate"),
        ({"organization": ""}, "organization"),
    ],
)
def test_a_bad_change_is_named(portal: Caller, at: str, change: dict[str, Any], name: str) -> None:
    one = added(portal, at)
    refused = portal.patch(one, change, If_Match=portal.get(one)["ETag"])
    assert refused.status_code == 400, refused.content
    assert [issue["name"] for issue in refused.json()["issues"]] == [name]


def test_what_is_told_again_stands_in_the_access_log_again(portal: Caller, case: Case, at: str) -> None:
    told = AccessLog.objects.filter(actor=portal.client.actor, dossier_id=case.dossier.pk)
    for times in (1, 2, 3):
        answer = portal.post(at, JOB, Idempotency_Key="k")
        assert (answer.status_code, told.count()) == (201, times)
        assert str(told.latest("pk").trace_id) == answer["BelGov-Trace-Id"]


def test_another_fund_and_a_regional_service(api: Api, portal: Caller, at: str, other_fund: Fund) -> None:
    one = added(portal, at)
    stranger = api.as_fund(fund=other_fund)
    tag = portal.get(one)["ETag"]
    assert {
        stranger.get(at).status_code,
        stranger.post(at, JOB).status_code,
        stranger.get(one).status_code,
        stranger.patch(one, {"title": "A"}, If_Match=tag).status_code,
        stranger.delete(one, If_Match=tag).status_code,
    } == {404}
    assert api.as_partner("vdab", "careerItem:read").get(one).status_code == 403
