"""Contact moments over the API: planned, moved, cancelled, missed and held; and no word of what was written."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.acts import head_of
from dossiers.models import LedgerEntry
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.accounts.models import Fund
from tnw.core import clock
from trajects.reading import place_of

DAY = date(2026, 3, 2)
READ, WRITE = "contactMoment:read", "contactMoment:write"
ROOT = "http://localhost:8000/api/tnw/v1"
NEW = {"purpose": "followUp", "at": "2026-03-09T10:00:00+01:00", "form": "inPerson", "place": "kobaltblauw 2"}
NUMBER = "+32 470 12 34 56"
HELD = {"form": "phone", "report": "kobaltblauw", "outcome": "kobaltblauw"}
FIRST = f'"1-{"0" * 16}"'


@pytest.fixture
def at(case: Case) -> Iterator[str]:
    case.on(DAY)
    with clock.at(DAY, hour=11):
        yield f"/dossiers/{case.dossier.public_id}/contactMoments"


@pytest.fixture
def portal(api: Api) -> Caller:
    return api.as_fund(READ, WRITE)


def now(case: Case) -> str:
    """The version that the dossier has."""
    return f'"{head_of(case.dossier)}-{"0" * 16}"'


def planned(portal: Caller, at: str, version: int = 1, **other: Any) -> str:
    made = portal.post(at, {**NEW, **other}, If_Match=f'"{version}-{"0" * 16}"')
    assert made.status_code == 201, made.content
    return made["Location"].removeprefix(ROOT)


def test_planned_moved_cancelled(portal: Caller, case: Case, at: str) -> None:
    one = planned(portal, at)
    told = portal.get(one).json()
    assert (told["state"], told["purpose"], told["form"]) == ("planned", "followUp", "inPerson")
    assert told["at"] == "2026-03-09T10:00:00+01:00"
    assert portal.get(at).json()["items"] == [told]
    moved = portal.patch(one, {"at": "2026-03-10T08:30:00Z"}, If_Match=portal.get(one)["ETag"])
    assert (moved.status_code, moved.json()["at"]) == (200, "2026-03-10T09:30:00+01:00")
    assert moved.json()["form"] == "inPerson"
    (kept,) = case.dossier.appointments.all()
    assert place_of(case.people["coordinator"], case.dossier, kept.subject) == "kobaltblauw 2"
    elsewhere = portal.patch(one, {"place": "kobaltblauw 3"}, If_Match=moved["ETag"])
    assert place_of(case.people["coordinator"], case.dossier, kept.subject) == "kobaltblauw 3"
    called = portal.patch(one, {"form": "phone"}, If_Match=elsewhere["ETag"])
    assert place_of(case.people["coordinator"], case.dossier, kept.subject) == "", "nobody is called there"
    address = portal.patch(one, {"place": "kobaltblauw 3"}, If_Match=called["ETag"])
    assert place_of(case.people["coordinator"], case.dossier, kept.subject) == ""
    by_phone = portal.patch(one, {"form": "phone", "place": NUMBER}, If_Match=address["ETag"])
    assert (by_phone.json()["form"], by_phone.json()["at"]) == ("phone", moved.json()["at"])
    assert place_of(case.people["coordinator"], case.dossier, kept.subject) == NUMBER
    nowhere = portal.patch(one, {"place": None}, If_Match=by_phone["ETag"])
    assert (nowhere.status_code, nowhere.json()) == (200, by_phone.json())
    assert place_of(case.people["coordinator"], case.dossier, kept.subject) == ""
    cancelled = portal.step(one, f"{one}/cancellations", {"note": "kobaltblauw"})
    assert cancelled.json()["state"] == "cancelled"
    again = portal.patch(one, {"form": "video"}, If_Match=cancelled["ETag"])
    assert (again.status_code, again.json()["state"]) == (409, "cancelled")
    for answer in (elsewhere, address, by_phone, cancelled, portal.get(one), portal.get(at), again):
        assert b"kobaltblauw" not in answer.content
        assert NUMBER.encode() not in answer.content


def test_a_change_of_nothing_is_none(portal: Caller, case: Case, at: str) -> None:
    one = planned(portal, at)
    before = portal.get(one)
    for change in ({}, {"at": NEW["at"]}, {"form": "inPerson"}):
        same = portal.patch(one, change, If_Match=before["ETag"])
        assert (same.status_code, same["ETag"]) == (200, before["ETag"])
    assert case.kinds == ["appointment_made"]


def test_a_change_needs_the_newest_version_and_its_own_media_type(portal: Caller, at: str) -> None:
    one = planned(portal, at)
    assert portal.patch(one, {"form": "phone"}).status_code == 428
    assert portal.patch(one, {"form": "phone"}, If_Match=FIRST).status_code == 412
    tag = portal.get(one)["ETag"]
    assert portal.patch(one, {"form": "phone"}, If_Match=tag).status_code == 200
    assert portal.patch(one, {"form": "video"}, If_Match=tag).status_code == 412
    plain = portal.call("PATCH", one, {"form": "phone"}, If_Match=tag)
    assert plain.status_code == 415


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({**NEW, "at": "2026-03-09T10:00:00"}, "at"),
        ({**NEW, "at": "2026-03-01T10:00:00+01:00"}, "at"),
        ({**NEW, "at": "9999-12-31T23:59:59-12:00"}, "at"),
        ({**NEW, "at": "kobaltblauw"}, "at"),
        ({**NEW, "purpose": "medicalExamination"}, "purpose"),
        ({**NEW, "form": "letter"}, "form"),
        ({**NEW, "place": "x" * 201}, "place"),
        ({**NEW, "purpose": "firstContact", "party": "employer"}, "party"),
        ({**NEW, "name": "kobaltblauw"}, "name"),
    ],
)
def test_bad_input_is_named_and_not_repeated(
    portal: Caller, case: Case, at: str, body: Any, name: str
) -> None:
    if body["purpose"] == "firstContact":
        case.assess(4, refer=True)
    refused = portal.post(at, body, If_Match=now(case))
    assert refused.status_code == 400, refused.content
    assert [issue["name"] for issue in refused.json()["issues"]] == [name]
    assert b"kobaltblauw" not in refused.content


def test_a_change_takes_nothing_away(portal: Caller, at: str) -> None:
    one = planned(portal, at)
    for name in ("at", "form"):
        refused = portal.patch(one, {name: None}, If_Match=portal.get(one)["ETag"])
        assert (refused.status_code, refused.json()["issues"][0]["name"]) == (400, name)


def test_a6_a_first_contact_is_planned_where_one_is_waited_for_and_held_by_a_person(
    portal: Caller, case: Case, at: str
) -> None:
    first = {**NEW, "purpose": "firstContact"}
    assert portal.post(at, first, If_Match=FIRST).status_code == 409
    case.assess(4, refer=True)
    one = planned(portal, at, head_of(case.dossier), purpose="firstContact")
    assert portal.post(at, first, If_Match=now(case)).status_code == 400, "that one is moved"
    with clock.at(date(2026, 3, 9), hour=12):
        refused = portal.step(one, f"{one}/reports", HELD)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:problem-type:belgif:missingPermission")


def test_x1_missed_and_a_reason_told_later(portal: Caller, case: Case, at: str) -> None:
    one = planned(portal, at)
    early = portal.step(one, f"{one}/absences", {"excused": False})
    assert (early.status_code, early.json()["state"]) == (409, "planned")
    with clock.at(date(2026, 3, 12), hour=12):
        missed = portal.step(one, f"{one}/absences", {"excused": False, "note": "kobaltblauw"})
        assert missed.json()["state"] == "missed"
        assert case.facts[-1].on == date(2026, 3, 9), "of the day of the appointment"
        again = portal.step(one, f"{one}/absences", {"excused": False})
        assert (again.status_code, again.json()["possible"]) == (409, ["excuse", "plan"])
        excused = portal.step(one, f"{one}/justifications", {"note": "kobaltblauw"})
    assert excused.json()["state"] == "excused"
    assert b"kobaltblauw" not in missed.content + excused.content


def test_an_examination_is_the_doctors(portal: Caller, case: Case, at: str) -> None:
    case.plan(date(2026, 3, 9), purpose="medical_examination")
    (seen,) = portal.get(at).json()["items"]
    assert seen["purpose"] == "medicalExamination"
    one = seen["href"].removeprefix(ROOT)
    tag = portal.get(one)["ETag"]
    for answer in (
        portal.patch(one, {"form": "video"}, If_Match=tag),
        portal.post(f"{one}/cancellations", {}, If_Match=tag),
        portal.post(f"{one}/reports", HELD, If_Match=tag),
    ):
        assert (answer.status_code, answer.json()["type"]) == (
            403,
            "urn:problem-type:belgif:missingPermission",
        )


def test_held_as_planned_and_what_was_written_stays_inside(portal: Caller, case: Case, at: str) -> None:
    one = planned(portal, at)
    assert portal.step(one, f"{one}/reports", HELD).status_code == 409, "it lies ahead"
    with clock.at(date(2026, 3, 11), hour=9):
        held = portal.step(one, f"{one}/reports", HELD)
        assert (held.status_code, held.json()["state"], held.json()["form"]) == (201, "held", "phone")
        assert (case.facts[-1].kind, case.facts[-1].on) == ("contact_held", date(2026, 3, 9))
        assert portal.step(one, f"{one}/reports", HELD).status_code == 409
        for answer in (held, portal.get(one), portal.get(at)):
            assert b"kobaltblauw" not in answer.content


def test_held_without_an_appointment_is_a_fact(api: Api, portal: Caller, case: Case, at: str) -> None:
    to = at.replace("contactMoments", "contactReports")
    refused = portal.post(to, {"form": "phone"}, If_Match=FIRST)
    assert (refused.status_code, refused.json()["issues"][0]["name"]) == (400, "report")
    told = portal.post(to, {**HELD, "on": "2026-02-27"}, If_Match=FIRST, Idempotency_Key="k")
    assert told.status_code == 201
    assert (told.json()["on"], told.json()["form"]) == ("2026-02-27", "phone")
    assert told["Location"] == told.json()["href"]
    fact = api.as_fund("fact:read").get(told["Location"].removeprefix(ROOT))
    assert (fact.status_code, fact.json()["kind"]) == (200, "contactHeld")
    assert b"kobaltblauw" not in told.content
    assert (
        portal.post(to, {**HELD, "on": "2026-02-27"}, If_Match=FIRST, Idempotency_Key="k").json()
        == told.json()
    )
    assert case.kinds == ["contact_held"]
    assert portal.post(to, HELD, If_Match=FIRST).status_code == 412
    tomorrow = {**HELD, "on": str(DAY + timedelta(days=1))}
    assert portal.post(to, tomorrow, If_Match=told["ETag"]).json()["issues"][0]["name"] == "on"


def test_z5_somebody_else_is_there_with_consent_only(portal: Caller, case: Case, at: str) -> None:
    to = at.replace("contactMoments", "contactReports")
    for path, body in ((at, {**NEW, "party": "treatingDoctor"}), (to, {**HELD, "party": "treatingDoctor"})):
        refused = portal.post(path, body, If_Match=FIRST)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:tnw:consentMissing")
    case.record("consent_given", purpose="consultation", party="treating_doctor")
    one = planned(portal, at, 2, party="treatingDoctor")
    assert portal.get(one).json()["party"] == "treatingDoctor"


def test_another_fund_and_a_regional_service_find_nothing(
    api: Api, portal: Caller, case: Case, at: str, other_fund: Fund
) -> None:
    one = planned(portal, at)
    stranger = api.as_fund(fund=other_fund)
    tag = '"99-0000000000000000"'
    assert {
        stranger.get(at).status_code,
        stranger.post(at, NEW, If_Match=tag).status_code,
        stranger.get(one).status_code,
        stranger.patch(one, {"form": "phone"}, If_Match=tag).status_code,
        stranger.post(f"{one}/cancellations", {}, If_Match=tag).status_code,
        stranger.post(f"{one}/absences", {"excused": True}, If_Match=tag).status_code,
        stranger.post(f"{one}/justifications", {}, If_Match=tag).status_code,
        stranger.post(f"{one}/reports", HELD, If_Match=tag).status_code,
        stranger.post(at.replace("contactMoments", "contactReports"), HELD, If_Match=tag).status_code,
    } == {404}
    assert api.as_partner("vdab", READ).get(at).status_code == 403
    assert LedgerEntry.objects.filter(dossier=case.dossier).count() == 2
