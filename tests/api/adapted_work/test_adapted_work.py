"""W1 over the API: a portal declares adapted work; who saw what, twice the same, and a version that is stale."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.accounts.models import AccessLog
from tnw.core import clock
from trajects.services import adapted_work as services

DAY = date(2026, 3, 2)
WORK = {"startsOn": "2026-03-16", "what": "Half days."}


@pytest.fixture
def at(case: Case) -> Iterator[str]:
    case.on(DAY)
    with clock.at(DAY, hour=11):
        yield f"/dossiers/{case.dossier.public_id}/adaptedWorks"


def test_w1_declared_permitted_on_the_pages_and_over(api: Api, case: Case, at: str) -> None:
    portal = api.as_fund("adaptedWork:read", "adaptedWork:write")
    assert (portal.get(at).json()["items"], portal.get(at).json()["total"]) == ([], 0)
    made = portal.post(at, WORK, If_Match=f'"1-{"0" * 16}"')
    assert made.status_code == 201
    one = made["Location"].removeprefix("http://localhost:8000/api/tnw/v1")
    assert portal.get(one).json() == made.json()
    told = made.json()
    assert (told["state"], told["startsOn"], told["declaredOn"]) == ("declared", "2026-03-16", "2026-03-02")
    early = portal.step(one, f"{one}/endings")
    assert (early.status_code, early.json()["state"]) == (409, "declared")
    assert early.json()["possible"] == ["cancel", "permit", "plan", "refuse"]
    subject = case.dossier.adapted_works.get().subject
    case.act(
        services.permit, "advisory_doctor", subject=subject, first_day=date(2026, 3, 16), medical="back pain"
    )
    read = portal.get(one)
    assert (read.json()["state"], read.json()["permittedFrom"]) == ("permitted", "2026-03-16")
    assert b"back" not in read.content
    assert (
        portal.step(one, f"{one}/cancellations", {"note": "No work after all."}).json()["state"]
        == "cancelled"
    )
    assert portal.get(at).json()["items"][0]["href"] == told["href"]


def test_a_version_is_asked_for_and_has_to_be_the_newest(api: Api, at: str) -> None:
    portal = api.as_fund("adaptedWork:read", "adaptedWork:write")
    assert portal.post(at, WORK).status_code == 428
    made = portal.post(at, WORK, If_Match=f'"1-{"0" * 16}"')
    assert portal.post(at, WORK, If_Match=f'"1-{"0" * 16}"').status_code == 412
    assert portal.post(at, WORK, If_Match="anything").status_code == 412
    one = made["Location"].removeprefix("http://localhost:8000/api/tnw/v1")
    assert portal.get(one, If_None_Match=made["ETag"]).status_code == 304


def test_the_same_call_twice_is_one(api: Api, case: Case, at: str) -> None:
    portal = api.as_fund("adaptedWork:read", "adaptedWork:write")
    sent = {"Idempotency_Key": "once", "If_Match": f'"1-{"0" * 16}"'}
    first, again = portal.post(at, WORK, **sent), portal.post(at, WORK, **sent)
    assert (first.status_code, first.json(), first["Location"]) == (
        again.status_code,
        again.json(),
        again["Location"],
    )
    assert first["ETag"] == again["ETag"]
    assert portal.post(at, {**WORK, "what": "Mornings."}, **sent).status_code == 422
    assert case.dossier.adapted_works.count() == 1
    other = api.as_fund("adaptedWork:write").post(at, WORK, **{**sent, "If_Match": first["ETag"]})
    assert other.status_code == 201, "another client has its own keys"


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ({}, "startsOn", "belgif-ext:input-validation:requiredInput"),
        ({"startsOn": "soon"}, "startsOn", "belgif:input-validation:schemaViolation"),
        ({"startsOn": None}, "startsOn", "belgif:input-validation:schemaViolation"),
        ({**WORK, "wage": 1}, "wage", "belgif:input-validation:unknownInput"),
        ({"startsOn": "2019-01-01"}, "startsOn", "belgif-ext:input-validation:rejectedInput"),
        ([], "", "belgif:input-validation:schemaViolation"),
    ],
)
def test_bad_input_is_named_and_not_repeated(api: Api, at: str, body: object, name: str, kind: str) -> None:
    refused = api.as_fund("adaptedWork:write").post(at, body, If_Match=f'"1-{"0" * 16}"')
    assert refused.status_code == 400
    (issue,) = refused.json()["issues"]
    assert (issue.get("name", ""), issue["type"], issue["in"]) == (name, f"urn:problem-type:{kind}", "body")
    assert "value" not in issue


def test_unknown_parameters_are_refused_unknown_headers_tolerated(api: Api, at: str) -> None:
    portal = api.as_fund("adaptedWork:read")
    assert portal.get(f"{at}?colour=red", X_Colour="red").json()["issues"][0]["in"] == "query"
    assert portal.get(f"{at}?page=2&pageSize=5", X_Colour="red").json()["items"] == []
    assert portal.get(f"{at}?pageSize=1000").json()["issues"][0]["name"] == "pageSize"


def test_who_read_is_in_the_access_log_with_the_trace(api: Api, case: Case, at: str) -> None:
    portal = api.as_fund("adaptedWork:read")
    read = portal.get(at, BelGov_Related_Trace_Id="ours-7")
    line = AccessLog.objects.latest("pk")
    assert (line.dossier_id, line.through, line.actor.name) == (case.dossier.pk, "api", portal.client.name)
    assert str(line.trace_id) == read["BelGov-Trace-Id"]
    assert read["BelGov-Related-Trace-Id"] == "ours-7"


def test_the_language_that_is_asked_for(api: Api, at: str) -> None:
    french = api.as_fund("adaptedWork:write").post(at, WORK, Accept_Language="fr-BE")
    assert (french["Content-Language"], french.json()["title"]) == ("fr-BE", "Version Required")
