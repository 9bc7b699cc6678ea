"""Deadlines over the API: why on that day, page after page by urgency, and none that tells a finding."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers import acts
from dossiers.models import Deadline
from dossiers.reading import as_row
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.accounts.models import Fund
from tnw.core import clock

DAY = date(2026, 3, 2)
START = date(2026, 1, 5)


@pytest.fixture
def portal(api: Api, case: Case):
    case.on(DAY)
    with clock.at(DAY):
        yield api.as_fund("deadline:read")


def items(portal: Caller, query: str = "") -> list[dict[str, Any]]:
    answer = portal.get(f"/deadlines?pageSize=100&{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_deadline_says_why_it_falls_on_its_day(portal: Caller, case: Case) -> None:
    at = f"/dossiers/{case.dossier.public_id}/deadlines"
    told = {one["rule"]: one for one in portal.get(at).json()["items"]}
    first = told["t1"]
    assert (first["fallsOn"], first["state"], first["kind"], first["whose"]) == (
        "2026-03-16", "open", "legal", "advisoryDoctor",
    )  # fmt: skip
    assert "10" in first["explanation"]
    assert "16/03/2026" in first["explanation"] or "16-03-2026" in first["explanation"]
    path = first["href"].partition("/v1")[2]
    dutch, french = portal.get(path), portal.get(path, Accept_Language="fr-BE")
    assert dutch.json() == first
    assert french.json()["name"] != first["name"]
    assert french["Content-Language"] == "fr-BE"
    assert portal.get(path, If_None_Match=dutch["ETag"]).status_code == 304
    assert portal.get(f"{at}/{case.dossier.public_id}").status_code == 404


def test_what_tells_a_category_is_told_to_no_machine(portal: Caller, case: Case) -> None:
    for category, rule in ((1, "T5"), (3, "T6"), (4, "T23")):
        case.assess(category)
        assert rule in {row.rule for row in case.rows}
        of_dossier = portal.get(f"/dossiers/{case.dossier.public_id}/deadlines?pageSize=100")
        assert rule.lower() not in {one["rule"] for one in of_dossier.json()["items"]}
        assert rule.lower() not in {one["rule"] for one in items(portal)}
        assert portal.get(f"/deadlines?rule={rule.lower()}").status_code == 400
        case.on(case.day + timedelta(days=1))


def test_no_sentence_names_a_category_or_an_illness(portal: Caller, case: Case) -> None:
    case.assess(4, refer=True)
    case.on(date(2026, 3, 9)).assess(3)
    with clock.at(case.day):
        of_dossier = portal.get(f"/dossiers/{case.dossier.public_id}/deadlines?pageSize=100")
    (closed,) = [one for one in of_dossier.json()["items"] if one["rule"] == "t7"]
    assert (closed["state"], closed["closedOn"]) == ("fallenAway", "2026-03-09")
    assert "categor" not in of_dossier.content.decode().lower()


def test_a_pause_is_told_without_its_reason(portal: Caller, case: Case) -> None:
    case.record("declaration_completed", "d", in_order=False)
    case.on(date(2026, 3, 10)).record("traject_suspended", reason="illness", in_order=False)
    with clock.at(date(2026, 3, 12)):
        answer = portal.get(f"/dossiers/{case.dossier.public_id}/deadlines?pageSize=100")
        assert {one["rule"] for one in items(portal, "state=paused")} == {"t11"}
    (paused,) = [one for one in answer.json()["items"] if one["rule"] == "t11"]
    assert paused["state"] == "paused"
    assert paused["pauses"] == [{"startDate": "2026-03-10", "days": 0, "oldDate": "2026-04-02"}]
    assert "ziekte" not in paused["explanation"]


def test_what_a_correction_moved_shows_both_dates(portal: Caller, case: Case) -> None:
    case.sent()
    sent = next(one.id for one in case.facts if one.kind == "questionnaire_sent")
    case.act(
        acts.correct, "coordinator", fact_id=sent, day=date(2026, 2, 27), values={}, reason="the post says so"
    )
    told = portal.get(f"/dossiers/{case.dossier.public_id}/deadlines").json()["items"]
    (returned,) = [one for one in told if one["rule"] == "t2"]
    assert returned["fallsOn"] == "2026-03-13"
    (move,) = returned["moves"]
    assert (move["oldDate"], move["newDate"]) == ("2026-03-16", "2026-03-13")
    assert "/facts/" in move["cause"]


@pytest.fixture
def many(begin: Callable[..., Case], portal: Caller) -> list[Case]:
    """Cases of which some things are done, late, closed, paused, and closed ahead."""
    cases = [begin(start=START + timedelta(days=7 * number)) for number in range(6)]
    cases[1].on(DAY).sent()
    cases[2].on(DAY).sent()
    cases[2].returned()
    cases[3].on(DAY).record("questionnaire_waived", reason="near_pension")
    cases.append(begin(start=START, end=date(2026, 3, 20), end_reason="resumed"))
    cases.append(begin(start=date(2025, 9, 1)))
    cases[-1].on(DAY).assess(4, refer=True)
    cases.append(begin(start=date(2025, 10, 1)))
    cases[-1].on(DAY).record("declaration_completed", "d", in_order=False)
    cases[-1].record("traject_suspended", reason="other", in_order=False)
    return cases


@pytest.mark.parametrize(
    "today", [DAY, date(2026, 3, 3), date(2026, 3, 17), date(2026, 3, 21), date(2026, 6, 30)]
)
def test_the_states_are_those_of_the_law_whatever_the_day(
    portal: Caller, many: list[Case], fund: Fund, today: date
) -> None:
    expected: dict[str, list[tuple[date, date, int]]] = {}
    for one in Deadline.objects.filter(fund=fund):
        state = as_row(one).state(today)
        if one.rule not in ("T5", "T6", "T23") and state != "not_open":
            expected.setdefault(state, []).append((one.act_by, one.falls_on, one.pk))
    with clock.at(today):
        for state in ("open", "overdue", "paused", "met", "met_late", "fallen_away", "missed"):
            code = {"met_late": "metLate", "fallen_away": "fallenAway"}.get(state, state)
            found = items(portal, f"state={code}")
            assert {one["state"] for one in found} <= {code}
            assert len(found) == len(expected.get(state, [])), state
        everything = items(portal)
        assert len(everything) == sum(map(len, expected.values()))
        both = items(portal, "state=open&state=overdue")
        assert len(both) == len(expected.get("open", [])) + len(expected.get("overdue", []))
        urgent = [(one["actBy"], one["fallsOn"]) for one in both]
        assert urgent == sorted(urgent)


def test_or_within_a_name_and_between_names(portal: Caller, many: list[Case]) -> None:
    every = items(portal)
    assert items(portal, "rule=t1&rule=t2") == [one for one in every if one["rule"] in ("t1", "t2")]
    assert items(portal, "rule=t2&state=open") == [
        one for one in every if one["rule"] == "t2" and one["state"] == "open"
    ]
    assert items(portal, "dueFrom=2026-03-16&dueTo=2026-03-23") == [
        one for one in every if "2026-03-16" <= one["fallsOn"] <= "2026-03-23"
    ]
    assert items(portal, "actByFrom=2026-03-16&actByTo=2026-03-23") == [
        one for one in every if "2026-03-16" <= one["actBy"] <= "2026-03-23"
    ]
    assert items(portal, "regime=selfEmployed") == []
    assert items(portal, "regime=employee") == items(portal, "regime=employee&regime=selfEmployed") == every
    assert items(portal, "sort=-fallsOn") == items(portal, "sort=-fallsOn&sort=-actBy") == every[::-1]
    assert items(portal, "kind=legal") == [one for one in every if one["kind"] == "legal"]
    assert items(portal, "kind=internal") == [one for one in every if one["kind"] == "internal"]
    assert items(portal, "kind=legal&kind=internal") == every
    assert {one["rule"] for one in items(portal, "kind=legal&rule=t1")} == {"t1"}
    assert items(portal, "kind=internal&rule=t1") == []
    coordinator = many[0].dossier.coordinator
    assert coordinator is not None
    assert items(portal, f"coordinatorId={coordinator.public_id}")
    assert items(portal, "coordinatorId=0190a5e0-2222-7000-8000-000000000002") == []


@pytest.mark.parametrize(
    "query", ["", "state=open&state=overdue&state=met", "sort=-actBy", "sort=-actBy&state=open&state=paused"]
)
def test_page_after_page_nothing_is_missed_or_told_twice(
    portal: Caller, many: list[Case], begin: Callable[..., Case], query: str
) -> None:
    every = [one["id"] for one in items(portal, query)]
    page = portal.get(f"/deadlines?pageSize=7&{query}").json()
    assert page["total"] == len(every)
    seen = [one["id"] for one in page["items"]]
    between = 0
    while "next" in page:
        if not between:
            begin(start=START + timedelta(days=3))
        between += 1
        page = portal.get("/deadlines?" + page["next"].partition("?")[2]).json()
        assert page["total"] >= len(every)
        seen += [one["id"] for one in page["items"]]
    assert between > 1
    assert [one for one in seen if one in set(every)] == every
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("colour=red", "colour", "unknownInput"),
        ("state=late", "state[0]", "schemaViolation"),
        ("dueFrom=soon", "dueFrom", "schemaViolation"),
        ("dueFrom=2026-03-02&dueTo=2026-03-01", "", "invalidPeriod"),
        ("sort=name", "sort[0]", "schemaViolation"),
        ("sort=actBy&sort=-fallsOn", "sort", "rejectedInput"),
        ("cursor=anything", "cursor", "invalidInput"),
    ],
)
def test_what_is_not_known_is_refused(portal: Caller, query: str, name: str, kind: str) -> None:
    refused = portal.get(f"/deadlines?{query}")
    assert refused.status_code == 400
    (issue,) = refused.json()["issues"]
    assert (issue.get("name", ""), issue["type"].rpartition(":")[2], issue["in"]) == (name, kind, "query")


def test_behind_the_wall_there_is_nothing(
    api: Api, portal: Caller, case: Case, new_fund: Callable[[str], Fund]
) -> None:
    other = api.as_fund("deadline:read", fund=new_fund("509"))
    assert items(other) == []
    assert other.get(f"/dossiers/{case.dossier.public_id}/deadlines").status_code == 404


def test_a_list_has_no_names_of_people(portal: Caller, case: Case) -> None:
    person = case.dossier.incapacity.person
    answer = portal.get("/deadlines").content.decode()
    assert answer.count(str(case.dossier.public_id)) > 1
    for secret in (person.last_name, person.ssin, case.dossier.incapacity.reference):
        assert secret not in answer


def test_a_line_of_the_list_is_what_its_shape_says(portal: Caller, many: list[Case]) -> None:
    (whole,) = {one["id"] for one in items(portal) if one["state"] == "paused"}
    (paused,) = [one for one in items(portal) if one["id"] == whole]
    full = portal.get(paused["href"].partition("/v1")[2]).json()
    assert {name: full[name] for name in paused} == paused
    closed = next(one for one in items(portal) if "closedOn" in one)
    told = portal.get(closed["href"].partition("/v1")[2]).json()
    assert {name: told[name] for name in closed} == closed
