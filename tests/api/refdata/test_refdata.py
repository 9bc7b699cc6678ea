"""Reference data over the API: each code has its words, each kind and rule that is told is there, in three languages."""

from datetime import date
from typing import Any

import pytest

from dossiers.law.kinds import KINDS
from dossiers.policies import TOLD_TO_MACHINES
from routing.windows import open_invented
from tests.api.client import Caller
from tests.api.conftest import Api
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.api.codelists import CODE_LISTS, list_of
from tnw.integration.rest.names import camel
from tnw.integration.webhooks.events import EVENT_TYPES


@pytest.fixture
def portal(api: Api) -> Caller:
    return api.as_fund("refData:read")


def every(portal: Caller, name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    page = portal.get(f"/refData/{name}?pageSize=100").json()
    while True:
        found |= {one["id"]: one for one in page["items"]}
        if "next" not in page:
            break
        page = portal.get(page["next"].partition("/v1")[2]).json()
    assert len(found) == page["total"]
    for one in found.values():
        assert portal.get(one["href"].partition("/v1")[2]).json() == one
    return found


def test_every_code_of_a_told_value_stands_in_a_list() -> None:
    for kind, names in TOLD_TO_MACHINES.items():
        for value in KINDS[kind].values:
            if value.name in names and value.type == "code":
                assert list_of(value.codes) in CODE_LISTS(), (kind, value.name)


def test_codes_have_words_in_three_languages(portal: Caller) -> None:
    lists = every(portal, "codeLists")
    assert {"regimes", "causes", "exclusions", "channels", "forms", "results", "routeAStates"} <= set(lists)
    regimes = {one["code"]: one["name"] for one in lists["regimes"]["codes"]}
    assert regimes["selfEmployed"] == {
        "nl": "Zelfstandige", "fr": "Travailleur indépendant", "de": "Selbstständiger",
    }  # fmt: skip
    assert portal.get("/refData/codeLists/colours").status_code == 404


def test_kinds_of_facts_without_what_is_not_told(portal: Caller) -> None:
    kinds = every(portal, "factKinds")
    assert set(kinds) == {camel(kind) for kind in KINDS}
    assert kinds["assessmentMade"]["values"] == []
    sent = {value["name"]: value for value in kinds["questionnaireSent"]["values"]}
    assert (sent["channel"]["codeList"], sent["language"]["codes"]) == ("channels", ["nl", "fr", "de"])
    assert {"startDate", "endDate"} <= {value["name"] for value in kinds["adaptedWorkPermitted"]["values"]}


def test_the_law_as_a_table_with_grounds_that_are_not_verified(portal: Caller) -> None:
    rules = every(portal, "deadlineRules")
    assert {"t5", "t6", "t23"}.isdisjoint(rules)
    first = rules["t1"]
    assert (first["kind"], first["whose"]) == ("legal", "advisoryDoctor")
    (version,) = first["versions"]
    assert (version["startDate"], version["groundVerified"]) == ("2022-01-01", False)
    assert set(version["ground"]) == {"nl", "fr", "de"}
    assert len(rules["t7"]["versions"]) == 2


def test_windows_of_a_service(api: Api, portal: Caller, fund: Fund) -> None:
    with audit.acting_as(actors.system(), fund):
        open_invented(fund)
    found = {one["service"]: one for one in every(portal, "registrationWindows").values()}
    assert set(found) == {"vdab", "forem", "actiris", "adg"}
    assert found["adg"]["windows"] == []
    assert found["vdab"]["windows"] == [
        {"startDate": "2023-03-01", "endDate": "2024-03-31"},
        {"startDate": "2025-01-01"},
    ]
    own = every(api.as_partner("forem", "refData:read"), "registrationWindows")
    assert [one["service"] for one in own.values()] == ["forem"]


def test_kinds_of_events(portal: Caller) -> None:
    assert set(every(portal, "eventTypes")) == set(EVENT_TYPES)


def test_a_portal_can_render_the_questionnaire(portal: Caller, fund: Fund) -> None:
    with clock.at(date(2026, 3, 2)):
        (asked,) = every(portal, "questionnaires").values()
    assert asked["questions"]
    lists = [one for one in asked["questions"] if one["type"] in ("choice", "multiple")]
    assert all(one["options"] for one in lists)
    assert all(set(one["text"]) == {"nl", "fr", "de"} for one in asked["questions"])
    assert b"weight" not in str(asked).encode()
