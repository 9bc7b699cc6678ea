"""Figures over the API: exact to the fact where they are paid for, silent where they would name somebody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers import acts
from routing.figures.quarter import Quarter
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.accounts.models import Fund
from tnw.core import clock

DAY = date(2026, 4, 2)


@pytest.fixture
def portal(api: Api):
    with clock.at(DAY):
        yield api.as_fund("figures:read", "fact:read")


def of(portal: Caller, year: int = 2026) -> dict[str, Any]:
    answer = portal.get(f"/figures?year={year}&pageSize=100")
    return {one["id"]: one for one in answer.json()["items"]}


def id_of(case: Case, kind: str) -> str:
    return next(one.id for one in case.facts if one.kind == kind)


def test_quarters() -> None:
    assert (Quarter.of(date(2026, 12, 31)), Quarter(2026, 4).last) == ((2026, 4), date(2026, 12, 31))
    assert (Quarter(2026, 1).first, Quarter(2026, 1).last) == (date(2026, 1, 1), date(2026, 3, 31))


def test_the_counts_of_the_funding_lead_to_each_fact(portal: Caller, begin: Callable[..., Case]) -> None:
    plain, incomplete, voided, moved, completed, declared = (begin() for _number in range(6))
    for case in (plain, voided, moved, declared):
        case.on(date(2026, 3, 30)).returned()
    incomplete.on(date(2026, 3, 30)).returned(complete=False)
    completed.on(date(2026, 3, 30)).returned(complete=False)
    declared.record("declaration_completed", "d", in_order=False)
    for case in (voided, moved, completed):
        case.on(DAY)
    voided.act(acts.void, "coordinator", fact_id=id_of(voided, "questionnaire_received"), reason="mistake")
    moved.act(
        acts.correct, "coordinator", fact_id=id_of(moved, "questionnaire_received"), day=date(2026, 4, 1), values={},
        reason="the stamp says so",
    )  # fmt: skip
    completed.act(
        acts.correct, "coordinator", fact_id=id_of(completed, "questionnaire_received"), day=date(2026, 3, 30),
        values={"complete": True}, reason="all there",
    )  # fmt: skip
    told = of(portal)
    first, second = told["completeQuestionnaires2026q1"], told["completeQuestionnaires2026q2"]
    assert (first["number"], second["number"], told["positiveDeclarations2026q1"]["number"]) == (3, 1, 1)
    facts = portal.get(f"{first['facts'].partition('/v1')[2]}?pageSize=2").json()
    rest = portal.get("/figures" + facts["next"].partition("/figures")[2]).json()
    dossiers = {one["dossier"].rpartition("/")[2] for one in [*facts["items"], *rest["items"]]}
    assert dossiers == {str(case.dossier.public_id) for case in (plain, completed, declared)}
    assert facts["total"] == 3
    read = portal.get(facts["items"][0]["href"].partition("/v1")[2])
    assert read.json()["kind"] == "questionnaireReceived"
    (late,) = portal.get("/figures/completeQuestionnaires2026q2/facts").json()["items"]
    assert late["dossier"].endswith(str(moved.dossier.public_id))


def test_few_are_not_told_unless_they_are_paid_for(portal: Caller, begin: Callable[..., Case]) -> None:
    for _number in range(3):
        begin(start=date(2026, 1, 5))
    told = of(portal)
    assert (told["inflow2026q1"]["few"], "number" in told["inflow2026q1"]) == (True, False)
    assert (told["inflow2026q2"]["few"], told["inflow2026q2"]["number"]) == (False, 0)
    for _number in range(2):
        begin(start=date(2026, 1, 12))
    assert of(portal)["inflow2026q1"]["number"] == 5
    assert portal.get("/figures/inflow2026q1/facts").status_code == 404


def test_first_contacts_in_time_and_late(portal: Caller, begin: Callable[..., Case]) -> None:
    for number in range(10):
        case = begin(start=date(2025, 9, 1)).on(date(2026, 1, 12))
        case.assess(4, refer=True)
        case.on(date(2026, 2, 2) if number < 5 else date(2026, 2, 20))
        if number < 9:
            case.meet()
    told = of(portal)
    assert (told["firstContactsInTime2026q1"]["number"], told["firstContactsLate2026q1"]["number"]) == (5, 5)


def test_only_quarters_that_have_begun(portal: Caller, fund: Fund) -> None:
    assert {one["startDate"] for one in of(portal).values()} == {"2026-01-01", "2026-04-01"}
    assert of(portal, 2030) == {}
    for wrong in ("completeQuestionnaires2026q3", "completeQuestionnaires2026q5", "births2026q1"):
        assert portal.get(f"/figures/{wrong}").status_code == 404
    assert portal.get("/figures?year=1990").status_code == 400
    assert portal.get("/figures/positiveDeclarations2026q1").json()["number"] == 0


def test_another_fund_counts_its_own(
    api: Api, portal: Caller, case: Case, new_fund: Callable[[str], Fund]
) -> None:
    case.on(date(2026, 3, 2)).returned()
    other = api.as_fund("figures:read", fund=new_fund("509"))
    assert of(other)["completeQuestionnaires2026q1"]["number"] == 0
    assert other.get("/figures/completeQuestionnaires2026q1/facts").json()["items"] == []
