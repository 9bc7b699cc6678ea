"""Facts over the API: that it happened, and never a category, a reason of health or a note."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dossiers import acts
from dossiers.law.facts import fact
from dossiers.law.kinds import KINDS
from dossiers.models.health import Sight
from dossiers.policies import MEDICAL_WHERE, SIGHTS, TOLD_TO_MACHINES, UNTOLD_RULES, told_to_machines
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.core import clock
from tnw.integration.api.partner_steps import steps_of

DAY = date(2026, 3, 2)


@pytest.fixture
def read(api: Api, case: Case):
    case.on(DAY)
    with clock.at(DAY):
        caller: Caller = api.as_fund("fact:read")
        yield lambda: caller.get(f"/dossiers/{case.dossier.public_id}/facts?pageSize=100")


def test_every_kind_is_judged_and_names_only_values_that_it_has() -> None:
    assert TOLD_TO_MACHINES.keys() == KINDS.keys()
    for kind, names in TOLD_TO_MACHINES.items():
        assert names <= {value.name for value in KINDS[kind].values}, kind


def test_no_free_text_proof_or_category_is_told_of_any_kind() -> None:
    told = {(kind, name) for kind, names in TOLD_TO_MACHINES.items() for name in names}
    assert not {name for _kind, name in told} & {"category", "proof", "evidence", "document", "plan_action"}
    assert not {kind for kind, sight in SIGHTS.items() if sight == Sight.MEDICAL and TOLD_TO_MACHINES[kind]} - {
        "medical_contact_held", "adapted_work_permitted", "fact_corrected", "fact_voided",
    }  # fmt: skip
    assert {"T5", "T6", "T23"} == UNTOLD_RULES


@pytest.mark.parametrize(("kind", "where"), sorted(MEDICAL_WHERE.items()))
def test_what_is_medical_is_left_out_and_silence_does_not_say_so(kind: str, where: tuple[str, str]) -> None:
    name, medical = where
    if name in ("role", "purpose"):
        return  # who refused, and what an appointment is for, is no reason of health: the text beside it is
    assert name not in told_to_machines(kind, {name: medical})
    codes = next(value.codes for value in KINDS[kind].values if value.name == name)
    silent = [code for code in codes if name not in told_to_machines(kind, {name: code})]
    assert len(silent) >= 2
    assert medical in silent


def test_an_assessment_is_told_without_its_category_or_reason(read, case: Case) -> None:
    case.assess(3)
    (made,) = [one for one in read().json()["items"] if one["kind"] == "assessmentMade"]
    assert (made["values"], made["recordedBy"], made["on"]) == ({}, "user", "2026-03-02")
    assert b"diagnosis" not in read().content
    assert b"ategory" not in read().content


def test_a_step_that_history_brought_has_the_id_of_its_fact(read, case: Case) -> None:
    case.record("service_step", "a", in_order=False, step="orientation")
    referral: Any = SimpleNamespace(dossier=case.dossier, subject="a")
    (step,) = steps_of(referral, "/partnerReferrals/x")
    assert str(step["id"]) in {one["id"] for one in read().json()["items"]}


def test_a_permission_is_told_with_its_outcome_alone(read, case: Case) -> None:
    case.returned()
    case.record("contact_requested")
    case.record("first_contact_held", "", route="B", form="phone")
    case.record("permission_requested", "", aim="training")
    case.record("permission_refused")
    kinds = {one["kind"]: one["values"] for one in read().json()["items"]}
    assert kinds["permissionRequested"] == {"aim": "training"}
    assert kinds["permissionRefused"] == {}


def test_a_correction_is_filtered_by_what_it_corrects(read, case: Case) -> None:
    case.assess(3)
    of: dict[str, Any] = {one.kind: one.id for one in case.facts}
    case.act(
        acts.correct, "advisory_doctor", fact_id=of["assessment_made"], day=date(2026, 3, 1),
        values={"category": 4}, reason="typed wrongly: cancer",
    )  # fmt: skip
    case.sent()
    sent = next(one.id for one in case.facts if one.kind == "questionnaire_sent")
    case.act(acts.void, "coordinator", fact_id=sent, reason="mistake")
    answer = read()
    told = {one["kind"]: one for one in answer.json()["items"]}
    assert told["assessmentMade"]["corrected"] is True
    assert told["questionnaireSent"]["voided"] is True
    values = told["factCorrected"]["values"]
    assert values["fact"] == told["assessmentMade"]["id"]
    assert values["changes"] == {"on": "2026-03-01"}
    assert told["factVoided"]["values"] == {"fact": told["questionnaireSent"]["id"]}
    assert b"cancer" not in answer.content


def test_imported_history_has_ids_that_stay(read, api: Api, case: Case) -> None:
    case.record("adapted_work_planned", "An Goossens, baker", starts_on=date(2026, 4, 1))
    items = read().json()["items"]
    planned = next(one for one in items if one["kind"] == "adaptedWorkPlanned")
    assert planned["values"] == {"startsOn": "2026-04-01"}
    assert b"baker" not in read().content
    path = planned["href"].partition("/v1")[2]
    one = api.as_fund("fact:read").get(path)
    assert one.json() == planned
    assert one["ETag"]
    assert api.as_fund("fact:read").get(path, If_None_Match=one["ETag"]).status_code == 304
    assert api.as_fund("fact:read").get(f"{path[:-12]}000000000000").status_code == 404


def test_periods_are_told_as_everywhere(read, case: Case) -> None:
    recognized = read().json()["items"][0]
    assert recognized["kind"] == "incapacityRecognized"
    assert recognized["values"]["startDate"] == case.dossier.incapacity.start.isoformat()
    assert recognized["recordedBy"] == "job"


def test_the_rule_holds_whatever_the_values(case: Case) -> None:
    made = fact("assessment_made", DAY, "x", category=2)
    assert told_to_machines(made.kind, dict(made.values)) == {}
    assert told_to_machines("a_kind_of_tomorrow", {"reason": "x"}) == {}
