"""Questionnaires over the API: sent, filled in by a portal, received, and the answers read by no machine (A2, T2)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dossiers.acts import head_of
from dossiers.models import LedgerEntry, LedgerPayload
from routing.models import AnswerSheet, Questionnaire
from routing.questionnaires import entry
from routing.questionnaires.reference import copy, publish
from routing.questionnaires.sending import send, withdraw
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.questionnaire.conftest import WHOLE
from tests.route_a.stage import COORDINATOR, Case
from tnw.accounts.models import AccessLog, AuditEntry, Fund
from tnw.core import clock
from tnw.core.errors import NotAllowed
from tnw.integration.models import IdempotencyKey
from tnw.integration.rest.names import camel

DAY = date(2026, 3, 16)
ROOT = "http://localhost:8000/api/tnw/v1"


def outside(value: Any) -> Any:
    """An answer as a portal gives it: codes are lowerCamelCase."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    return camel(value) if isinstance(value, str) and " " not in value else value


def given(**answers: Any) -> list[dict[str, Any]]:
    return [{"question": camel(code), "value": outside(value)} for code, value in answers.items()]


@pytest.fixture
def sent(case: Case) -> Iterator[Questionnaire]:
    case.on(DAY)
    with clock.at(DAY, hour=11):
        yield case.act(send, COORDINATOR, channel="in_person")


@pytest.fixture
def one(sent: Questionnaire) -> str:
    return f"/questionnaires/{sent.public_id}"


@pytest.fixture
def portal(api: Api) -> Caller:
    return api.as_fund("questionnaire:read", "questionnaireAnswer:write")


def test_a_machine_hands_nothing_over(portal: Caller, case: Case) -> None:
    case.people["portal"] = portal.client.actor
    with clock.at(DAY), pytest.raises(NotAllowed, check=lambda error: error.forbidden):
        case.on(DAY).act(send, "portal", channel="in_person")


def test_t2_filled_in_by_a_portal_and_received_complete(
    portal: Caller, case: Case, one: str, capfd: pytest.CaptureFixture[str]
) -> None:
    read = portal.get(one)
    assert (read.json()["state"], read.json()["answered"], read.json()["channel"]) == (
        "sent",
        False,
        "inPerson",
    )
    assert portal.get(f"/dossiers/{case.dossier.public_id}/questionnaires").json()["items"] == [read.json()]
    body = {"answers": given(**WHOLE), "on": "2026-03-16"}
    done = portal.post(f"{one}/answers", body, Idempotency_Key="once")
    assert (done.status_code, done.json()["answered"]) == (201, True)
    assert done["Location"] == ROOT + one
    assert done["ETag"] == portal.get(one)["ETag"] != read["ETag"]
    assert portal.post(f"{one}/answers", body, Idempotency_Key="once").json() == done.json()
    (received,) = (fact for fact in case.facts if fact.kind == "questionnaire_received")
    assert dict(received.values) == {"complete": True, "channel": "portal"}
    sheet = AnswerSheet.objects.get(dossier=case.dossier)
    assert (sheet.answers, sheet.complete, sheet.received_fact) == (WHOLE, True, received.id)
    again = portal.post(f"{one}/answers", body)
    assert (again.status_code, again.json()["state"]) == (409, "sent")
    kept: list[Any] = [
        *LedgerEntry.objects.values_list("values", flat=True),
        *LedgerPayload.objects.values_list("body", flat=True),
        *AuditEntry.objects.values_list("changes", flat=True),
        *IdempotencyKey.objects.values_list("body", flat=True),
        *AccessLog.objects.values_list("through", flat=True),
        done.content, again.content, portal.get(one).content, *capfd.readouterr(),
    ]  # fmt: skip
    assert "kobaltblauw" in str(sheet.answers)
    assert not [place for place in kept if "kobaltblauw" in str(place) or "lifting" in str(place)]


def test_a_draft_goes_on_until_it_is_complete(portal: Caller, case: Case, one: str) -> None:
    for answers in ({"health_now": 6}, {"health_now": 7, "has_work": False}):
        draft = portal.post(f"{one}/answers", {"answers": given(**answers), "complete": False})
        assert (draft.status_code, draft.json()["answered"]) == (201, False)
    sheet = AnswerSheet.objects.get(dossier=case.dossier)
    assert (sheet.answers, sheet.received_fact) == ({"health_now": 7, "has_work": False}, "")
    early = portal.post(f"{one}/answers", {"answers": given(health_now=7)})
    assert early.status_code == 400
    issues = early.json()["issues"]
    assert {issue["name"] for issue in issues} == {"answers"}
    assert {issue["type"] for issue in issues} == {
        "urn:problem-type:belgif-ext:input-validation:requiredInput"
    }
    assert any("healthCourse" in issue["detail"] for issue in issues)
    sheet.refresh_from_db()
    assert sheet.answers == {"health_now": 7, "has_work": False}, "refused whole"
    assert portal.post(f"{one}/answers", {"answers": given(**WHOLE)}).status_code == 201
    assert case.kinds == ["questionnaire_sent", "questionnaire_received"]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("on", ["2999-01-01", "2199-01-01", "2020-01-01"])
def test_a_day_that_cannot_be_is_named_of_a_draft_too(
    portal: Caller, case: Case, one: str, complete: bool, on: str
) -> None:
    body = {"answers": given(**WHOLE), "complete": complete, "on": on}
    refused = portal.post(f"{one}/answers", body)
    (issue,) = refused.json()["issues"]
    assert (refused.status_code, issue["in"], issue["name"]) == (400, "body", "on")
    assert issue["type"].endswith(":rejectedInput" if on == "2020-01-01" else ":outOfRange")
    assert not AnswerSheet.objects.filter(dossier=case.dossier).exists()


def test_somebody_types_answers_in_and_who_and_what_is_not_told(
    portal: Caller, case: Case, sent: Questionnaire, one: str
) -> None:
    typed = {"health_now": 3}
    case.act(entry.save, COORDINATOR, version=sent.version, answers=typed, revision=0)
    for complete, answers in ((False, typed), (False, {"health_now": 4}), (True, WHOLE)):
        refused = portal.post(f"{one}/answers", {"answers": given(**answers), "complete": complete})
        assert (refused.status_code, refused.json()["state"]) == (409, "sent")
        assert case.people[COORDINATOR].label.encode() not in refused.content
    assert AnswerSheet.objects.get(dossier=case.dossier).answers == typed


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ([{"question": "healthNow", "value": 11}], ["answers[0].value"]),
        ([{"question": "healthNow", "value": True}], ["answers[0].value"]),
        ([{"question": "healthNow", "value": "kobaltblauw"}], ["answers[0].value"]),
        ([{"question": "healthNow", "value": {"a": 1}}], ["answers[0].value"]),
        ([{"question": "healthNow", "value": None}], ["answers[0].value"]),
        ([{"question": "healthNow", "value": 10**30}], ["answers[0].value"]),
        ([{"question": "healthCourse", "value": "kobaltblauw"}], ["answers[0].value"]),
        ([{"question": "healthCourse", "value": ["better"]}], ["answers[0].value"]),
        ([{"question": "limits", "value": ["lifting", "kobaltblauw"]}], ["answers[0].value"]),
        ([{"question": "limits", "value": []}], ["answers[0].value"]),
        ([{"question": "limits", "value": [["lifting"]]}], ["answers[0].value"]),
        ([{"question": "hasWork", "value": "yes"}], ["answers[0].value"]),
        ([{"question": "lastWork", "value": "kobaltblauw\x00"}], ["answers[0].value"]),
        ([{"question": "lastWork", "value": "\ud800"}], ["answers[0].value"]),
        ([{"question": "lastWork", "value": "x" * 4001}], ["answers[0].value"]),
        ([{"question": "health_now", "value": 1}], ["answers[0].question"]),
        ([{"question": "resumption", "value": "half_year"}], ["answers[0].value"]),
        (
            [{"question": "hasWork", "value": True}, {"question": "kobaltblauw", "value": 1},
             {"question": "hasWork", "value": False}],
            ["answers[1].question", "answers[2].question"],
        ),
        ([{"question": "hasWork"}], ["answers[0].value"]),
        ([{"question": "hasWork", "value": True, "kobaltblauw": 1}], ["answers[0].kobaltblauw"]),
        ({"hasWork": True}, ["answers"]),
        ([{"question": "hasWork", "value": True}] * 201, ["answers"]),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named_by_its_place_and_not_repeated(
    portal: Caller, case: Case, one: str, answers: Any, names: list[str]
) -> None:
    refused = portal.post(f"{one}/answers", {"answers": answers, "complete": False})
    assert refused.status_code == 400, refused.content
    assert [issue["name"] for issue in refused.json()["issues"]] == names
    assert b'kobaltblauw"' not in refused.content.replace(b'.kobaltblauw"', b"")
    assert not AnswerSheet.objects.filter(dossier=case.dossier).exists()


def test_what_was_not_sent_or_is_over_is_not_filled_in(
    portal: Caller, case: Case, sent: Questionnaire
) -> None:
    waits = case.act(send, COORDINATOR, channel="post")
    begun = {"answers": given(health_now=6), "complete": False}
    refused = portal.post(f"/questionnaires/{waits.public_id}/answers", begun)
    assert (refused.status_code, refused.json()["state"]) == (409, "toPost")
    withdraw(questionnaire_id=waits.public_id, actor=case.people[COORDINATOR])
    over = portal.post(f"/questionnaires/{waits.public_id}/answers", begun)
    assert (over.status_code, over.json()["state"]) == (409, "withdrawn")
    case.record("incapacity_excluded", reason="work_accident")
    assert portal.post(f"/questionnaires/{sent.public_id}/answers", begun).status_code == 409


def test_sent_again_by_the_core_system(api: Api, case: Case, sent: Questionnaire) -> None:
    core = api.as_fund("questionnaire:read", "questionnaire:write")
    at = f"/dossiers/{case.dossier.public_id}/questionnaires"
    assert core.post(at, {"channel": "post"}).status_code == 428
    now = f'"{head_of(case.dossier)}-{"0" * 16}"'
    made = core.post(at, {"channel": "post", "language": "fr"}, If_Match=now)
    assert (made.status_code, made.json()["state"], made.json()["language"]) == (201, "toPost", "fr")
    assert core.get(made["Location"].removeprefix(ROOT)).json() == made.json()
    for body, name in (
        ({"channel": "inPerson"}, "channel"),
        ({"channel": "email"}, "channel"),
        ({}, "channel"),
    ):
        refused = core.post(at, body, If_Match=now)
        assert (refused.status_code, refused.json()["issues"][0]["name"]) == (400, name)
    case.returned()
    late = core.post(at, {"channel": "post"}, If_Match=f'"{head_of(case.dossier)}-{"0" * 16}"')
    assert (late.status_code, late.json()["type"]) == (409, "urn:problem-type:tnw:transitionNotAllowed")


def test_what_it_asks_stands_in_the_reference_data_also_once_others_are_asked(
    api: Api, portal: Caller, case: Case, sent: Questionnaire, one: str
) -> None:
    system = case.people["system"]
    newer = copy(version=sent.version, actor=system)
    publish(version=newer, valid_from=DAY, actor=system, today=DAY)
    reader = api.as_fund("refData:read")
    questions = portal.get(one).json()["questions"].removeprefix(ROOT)
    asked = reader.get(questions).json()
    assert asked["number"] == sent.version.number
    assert {question["code"] for question in asked["questions"]} >= set(map(camel, WHOLE))
    (listed,) = reader.get("/refData/questionnaires").json()["items"]
    assert listed["number"] == newer.number


def test_another_fund_and_a_regional_service(
    api: Api, portal: Caller, case: Case, one: str, other_fund: Fund
) -> None:
    stranger = api.as_fund(fund=other_fund)
    at = f"/dossiers/{case.dossier.public_id}/questionnaires"
    body = {"answers": given(health_now=6), "complete": False}
    assert {
        stranger.get(at).status_code,
        stranger.post(at, {"channel": "post"}, If_Match='"1-0000000000000000"').status_code,
        stranger.get(one).status_code,
        stranger.post(f"{one}/answers", body).status_code,
    } == {404}
    assert api.as_partner("vdab", "questionnaireAnswer:write").post(f"{one}/answers", body).status_code == 403
    assert api.as_fund("questionnaire:read").post(f"{one}/answers", body).status_code == 403
    assert not AnswerSheet.objects.exists()
