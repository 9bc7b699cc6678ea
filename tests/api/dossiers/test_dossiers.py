"""Dossiers over the API: listed without names, found by what stands in a body, behind the wall."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.models import Dossier, InsuredPerson
from tests.api.conftest import Api
from tests.population import ssin
from tests.route_a.stage import Case
from tnw.accounts.models import AccessLog, Fund
from tnw.core import clock

DAY = date(2026, 3, 2)


@pytest.fixture
def portal(api: Api, case: Case):
    case.on(DAY)
    with clock.at(DAY):
        yield api.as_fund("dossier:read")


def test_a_dossier_says_how_far_it_is_and_who_looks_after_it(portal, case: Case) -> None:
    case.sent()
    read = portal.get(f"/dossiers/{case.dossier.public_id}")
    told = read.json()
    assert (told["state"], told["phase"], told["incapacity"]["regime"]) == ("running", "primary", "employee")
    assert told["routes"] == [{"route": "a", "state": "questionnaireSent"}]
    assert case.dossier.coordinator is not None
    assert told["coordinator"]["name"] == case.dossier.coordinator.name
    person = case.dossier.incapacity.person
    for secret in (person.ssin, person.last_name, person.city):
        assert secret.encode() not in read.content
    assert portal.get(f"/dossiers/{case.dossier.public_id}", If_None_Match=read["ETag"]).status_code == 304
    assert AccessLog.objects.filter(dossier_id=case.dossier.pk, through="api").count() == 2


def test_a_category_is_nowhere(portal, case: Case) -> None:
    case.assess(2)
    read = portal.get(f"/dossiers/{case.dossier.public_id}")
    assert read.json()["routes"] == [{"route": "a", "state": "assessed"}]
    assert b"ategory" not in read.content
    assert b"diagnosis" not in read.content


def test_found_by_reference_or_by_ssin_and_never_both(portal, case: Case) -> None:
    person = case.dossier.incapacity.person
    by_reference = portal.post("/dossiers/query", {"reference": case.dossier.incapacity.reference})
    by_ssin = portal.post("/dossiers/query", {"ssin": person.ssin})
    assert by_reference.json()["items"] == by_ssin.json()["items"]
    assert by_ssin.json()["items"][0]["id"] == str(case.dossier.public_id)
    assert portal.post("/dossiers/query", {"reference": "of nobody"}).json()["items"] == []
    for body in ({}, {"ssin": person.ssin, "reference": "x"}):
        refused = portal.post("/dossiers/query", body).json()["issues"]
        assert [one["type"].rpartition(":")[2] for one in refused] == ["exactlyOneOfExpected"]
    assert AccessLog.objects.filter(dossier_id=case.dossier.pk).count() == 2


def test_a_wrong_or_replaced_ssin_is_refused_and_not_repeated(portal, case: Case) -> None:
    person = case.dossier.incapacity.person
    wrong = portal.post("/dossiers/query", {"ssin": "85073000000"})
    assert wrong.json()["issues"][0]["type"].endswith("invalidStructure")
    assert b"85073000000" not in wrong.content
    former = ssin(7)
    InsuredPerson.objects.filter(pk=person.pk).update(former_ssins=[former])
    replaced = portal.post("/dossiers/query", {"ssin": former})
    assert replaced.json()["issues"][0]["type"] == "urn:problem-type:cbss:input-validation:replacedSsin"
    assert former.encode() not in replaced.content
    assert person.ssin.encode() not in replaced.content


def test_behind_the_wall_there_is_nothing(
    api: Api, portal, case: Case, new_fund: Callable[[str], Fund]
) -> None:
    other = api.as_fund("dossier:read", fund=new_fund("509"))
    assert other.get(f"/dossiers/{case.dossier.public_id}").status_code == 404
    assert other.get("/dossiers").json()["items"] == []
    query = {"reference": case.dossier.incapacity.reference}
    assert other.post("/dossiers/query", query).json()["items"] == []
    assert AccessLog.objects.filter(dossier_id=case.dossier.pk).count() == 0


def test_a_list_has_no_names_leaves_no_line_and_goes_on_where_it_was(portal, begin, case: Case) -> None:
    more = [begin(start=DAY, reference=f"more-{number}") for number in range(4)]
    first = portal.get("/dossiers?pageSize=2").json()
    assert (first["total"], len(first["items"])) == (5, 2)
    begin(start=DAY, reference="between")
    second = portal.get("/dossiers?" + first["next"].partition("?")[2]).json()
    third = portal.get("/dossiers?" + second["next"].partition("?")[2]).json()
    seen = [one["id"] for page in (first, second, third) for one in page["items"]]
    assert seen[:5] == [str(one.dossier.public_id) for one in (case, *more)]
    assert len(seen) == len(set(seen)) == 6
    assert "next" not in third
    assert AccessLog.objects.count() == 0


def test_filters_are_and_between_names(portal, begin, case: Case) -> None:
    ended = begin(start=date(2026, 1, 5), end=date(2026, 2, 1), end_reason="resumed", regime="unemployed")
    excluded = begin(start=date(2026, 1, 5), cause="work_accident")

    def found(query: str) -> set[str]:
        return {one["id"] for one in portal.get(f"/dossiers?{query}").json()["items"]}

    ids = {
        name: str(one.dossier.public_id)
        for name, one in {"runs": case, "ended": ended, "out": excluded}.items()
    }
    assert found("state=running") == {ids["runs"]}
    assert found("state=ended") == {ids["ended"]}
    assert found("state=excluded") == {ids["out"]}
    assert found("state=ended&regime=employee") == set()
    assert found("state=ended&regime=unemployed") == {ids["ended"]}
    assert found("state=ended&state=running") == {ids["ended"], ids["runs"]}
    assert found("state=ended&state=running&regime=unemployed&regime=selfEmployed") == {ids["ended"]}
    coordinator = Dossier.objects.get(pk=case.dossier.pk).coordinator
    assert coordinator is not None
    assert ids["runs"] in found(f"coordinatorId={coordinator.public_id}")
    assert found("coordinatorId=0190a5e0-2222-7000-8000-000000000002") == set()
    nobody = "0190a5e0-2222-7000-8000-000000000002"
    assert ids["runs"] in found(f"coordinatorId={nobody}&coordinatorId={coordinator.public_id}")
    team = portal.get(f"/dossiers/{case.dossier.public_id}").json()["team"]["id"]
    assert ids["runs"] in found(f"teamId={team}")
    assert found("teamId=0190a5e0-2222-7000-8000-000000000002") == set()


@pytest.mark.parametrize(
    "query", ["name=goossens", "ssin=1", "state=silent", "regime=a&regime=b", "cursor=xyz"]
)
def test_what_is_not_known_is_refused(portal, query: str) -> None:
    assert portal.get(f"/dossiers?{query}").status_code == 400
