"""Route C over the API: a regional service reports of somebody, hears the same whoever it is, and reads its own."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, LedgerEntry
from routing.models import RouteC
from routing.services import route_c as services
from tests import population
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.registrations.conftest import DAY
from tests.api.registrations.reporting import AT, BASE, IN_WINDOW, confirmed, place, report, reported, ssin_of
from tests.route_a.stage import COORDINATOR, Case
from tnw.accounts.models import AccessLog, Fund
from tnw.core import clock
from tnw.integration import registrations
from tnw.integration.jobs import partner_registrations
from tnw.integration.models import PartnerRegistration, WebhookDelivery, WebhookSubscription
from tnw.integration.registrations import process_waiting

# --- reporting


def test_c3_reported_matched_confirmed_and_followed(vdab: Caller, case: Case) -> None:
    sent = report(vdab, ssin_of(case))
    at = place(sent)
    waits = vdab.get(at).json()
    assert (waits["status"]["state"], waits["service"], waits["registeredOn"]) == (
        "processing",
        "vdab",
        IN_WINDOW,
    )
    assert "state" not in waits
    assert partner_registrations(DAY) == {"all": {"registrations": 1}}
    told = vdab.get(at).json()
    assert (told["status"]["state"], told["state"]) == ("done", "reported")
    assert "dossier" not in told
    route = RouteC.objects.get()
    assert at == f"{AT}/{route.public_id}", "one address from the first answer on"
    entry = LedgerEntry.objects.get(kind="registration_reported")
    assert (entry.actor, entry.fund) == (vdab.client.actor, case.fund)
    case.on(DAY)
    case.act(services.confirm_invalidity, COORDINATOR, subject=route.subject)
    assert vdab.get(at).json()["state"] == "invalidityConfirmed"
    assert AccessLog.objects.filter(actor=vdab.client.actor, dossier_id=case.dossier.pk).exists()


def test_c3_the_answer_is_the_same_whether_the_person_exists_or_not(vdab: Caller, case: Case) -> None:
    answers = [report(vdab, ssin) for ssin in (ssin_of(case), population.ssin(990))]
    assert {one.status_code for one in answers} == {202}
    assert {one.content for one in answers} == {b""}
    headers = [
        {name for name in one.headers if name not in ("Location", "BelGov-Trace-Id")} for one in answers
    ]
    assert headers[0] == headers[1]
    waits = [vdab.get(place(one)).json() for one in answers]
    for told in waits:
        told["id"] = told["href"] = ""
    assert waits[0] == waits[1]


def test_c3_nobody_is_looked_for_while_the_service_waits(vdab: Caller, case: Case) -> None:
    """The same statements for whom it is about and for nobody: no time tells them apart."""
    said = []
    for ssin in (ssin_of(case), population.ssin(990)):
        with CaptureQueriesContext(connection) as queries:
            report(vdab, ssin)
        words = [one["sql"].split() for one in queries.captured_queries]
        said.append([(one[0], one[2]) for one in words if "SAVEPOINT" not in one])
    assert said[0] == said[1]
    assert not any("dossiers_" in word for _verb, word in said[0])


def test_unknown_is_refused_afterwards_and_the_ssin_is_forgotten(vdab: Caller, case: Case) -> None:
    sent = report(vdab, population.ssin(990))
    kept = PartnerRegistration.objects.get()
    assert population.ssin(990) not in kept.sealed_ssin
    process_waiting()
    told = vdab.get(place(sent)).json()
    assert (told["state"], told["reason"], told["status"]["state"]) == ("refused", "unknownPerson", "done")
    kept.refresh_from_db()
    assert (kept.sealed_ssin, kept.fund) == ("", None)
    assert not LedgerEntry.objects.exclude(dossier_id=case.dossier.pk).exists()


def test_c2_outside_its_window_it_is_refused(vdab: Caller, case: Case) -> None:
    sent = report(vdab, ssin_of(case), "2023-02-28")
    process_waiting()
    told = vdab.get(place(sent)).json()
    assert (told["state"], told["reason"]) == ("refused", "outsideWindow")


def test_a_former_ssin_finds_the_person_too(vdab: Caller, case: Case) -> None:
    former = population.ssin(991)
    case.dossier.incapacity.person.former_ssins = [former]
    case.dossier.incapacity.person.save()
    sent = report(vdab, former)
    process_waiting()
    assert vdab.get(place(sent)).json()["state"] == "reported"


def test_only_a_running_incapacity_counts(vdab: Caller, case: Case) -> None:
    case.fed(date(2023, 5, 2), end="2023-05-01", end_reason="resumed")
    sent = report(vdab, ssin_of(case))
    process_waiting()
    assert vdab.get(place(sent)).json()["reason"] == "unknownPerson"


def test_of_several_funds_the_one_where_it_runs(
    api: Api, case: Case, new_fund: Callable[[str], Fund]
) -> None:
    other = new_fund("101")
    vdab = api.as_partner("vdab", funds=(other, case.fund))
    sent = report(vdab, ssin_of(case))
    process_waiting()
    assert vdab.get(place(sent)).json()["state"] == "reported"
    assert PartnerRegistration.objects.get().fund == case.fund


def test_a_fund_that_the_service_does_not_work_with_stays_unknown(
    api: Api, case: Case, new_fund: Callable[[str], Fund]
) -> None:
    vdab = api.as_partner("vdab", funds=(new_fund("101"),))
    sent = report(vdab, ssin_of(case))
    process_waiting()
    assert vdab.get(place(sent)).json()["reason"] == "unknownPerson"
    assert not RouteC.objects.exists()


def test_reported_again_it_leads_to_the_same(vdab: Caller, case: Case) -> None:
    first, again = report(vdab, ssin_of(case)), report(vdab, ssin_of(case))
    assert process_waiting() == 2
    assert process_waiting() == 0
    assert RouteC.objects.count() == 1
    over = vdab.get(place(again))
    assert (over.status_code, over["Location"]) == (303, first["Location"])
    assert vdab.get(place(first)).status_code == 200


def test_the_same_call_twice_is_one(vdab: Caller, case: Case) -> None:
    first, again = (report(vdab, ssin_of(case), Idempotency_Key="k") for _ in range(2))
    assert first["Location"] == again["Location"]
    assert PartnerRegistration.objects.count() == 1


def test_what_is_wrong_is_said_at_once_and_is_about_nobody(vdab: Caller, case: Case) -> None:
    wrong = report(vdab, ssin_of(case)[:-2] + "00")
    assert wrong.json()["issues"][0]["type"].endswith(":invalidStructure")
    later = report(vdab, ssin_of(case), "2023-06-06")
    (issue,) = later.json()["issues"]
    assert (issue["name"], issue["type"].rpartition(":")[2]) == ("registeredOn", "outOfRange")
    assert not PartnerRegistration.objects.exists()


def test_a_dossier_that_contradicts_keeps_it_waiting(vdab: Caller, case: Case) -> None:
    Dossier.objects.filter(pk=case.dossier.pk).update(out_of_order="some-fact")
    at = place(report(vdab, ssin_of(case)))
    assert process_waiting() == 0
    assert vdab.get(at).json()["status"]["state"] == "processing"
    Dossier.objects.filter(pk=case.dossier.pk).update(out_of_order="")
    assert process_waiting() == 1


def test_who_cannot_be_recorded_stands_in_nobodys_way(
    vdab: Caller, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registrations, "MOST", 1)
    Dossier.objects.filter(pk=case.dossier.pk).update(out_of_order="some-fact")
    report(vdab, ssin_of(case))
    assert process_waiting() == 0
    behind = place(report(vdab, population.ssin(990)))
    assert process_waiting() == 1
    assert vdab.get(behind).json()["status"]["state"] == "done"


def test_what_cannot_be_recorded_for_long_is_given_up_and_the_ssin_forgotten(
    vdab: Caller, case: Case
) -> None:
    Dossier.objects.filter(pk=case.dossier.pk).update(out_of_order="some-fact")
    WebhookSubscription.objects.create(
        client=vdab.client, url="https://vdab.example.org/hook", created_at=clock.now()
    )
    at = place(report(vdab, ssin_of(case)))
    with clock.at(DAY + registrations.PATIENCE - timedelta(days=1), hour=11):
        assert process_waiting() == 0
    with clock.at(DAY + registrations.PATIENCE + timedelta(days=1), hour=11):
        assert process_waiting() == 1
        assert process_waiting() == 0
    kept = PartnerRegistration.objects.get()
    assert (kept.given_up, kept.sealed_ssin, kept.dossier) == (True, "", None)
    told = vdab.get(at).json()
    assert told["status"]["state"] == "failed"
    assert "state" not in told
    assert at in WebhookDelivery.objects.get(type="be.tnw.partnerRegistration.processed").body


def test_the_service_hears_that_it_was_processed(vdab: Caller, case: Case) -> None:
    WebhookSubscription.objects.create(
        client=vdab.client, url="https://vdab.example.org/hook", created_at=clock.now()
    )
    at = place(report(vdab, population.ssin(990)))
    process_waiting()
    told = WebhookDelivery.objects.get(type="be.tnw.partnerRegistration.processed")
    assert at in told.body
    assert population.ssin(990) not in told.body


# --- the wall


def test_another_services_registration_does_not_exist(api: Api, vdab: Caller, case: Case) -> None:
    at = reported(vdab, case)
    forem = api.as_partner("forem")
    for path in (at, f"{at}/steps"):
        assert forem.get(path).status_code == 404
    assert forem.post(f"{at}/steps", {"step": "orientation"}).status_code == 404
    assert forem.get(AT).json()["items"] == []
    elsewhere = place(report(forem, ssin_of(case)))
    assert vdab.get(elsewhere).status_code == 404, "while it waits neither"


def test_a_service_sees_no_dossier(vdab: Caller, api: Api, case: Case) -> None:
    reported(vdab, case)
    wide = api.as_partner("vdab", "dossier:read", "partnerRegistration:read")
    assert wide.get(f"/dossiers/{case.dossier.public_id}/partnerRegistrations").status_code == 403


def test_the_list_of_the_own(vdab: Caller, case: Case) -> None:
    for number in range(21):
        report(vdab, population.ssin(900 + number))
    first = reported_last = vdab.get(AT).json()
    assert (len(first["items"]), first["total"]) == (20, 21)
    rest = vdab.get(reported_last["next"].removeprefix(BASE)).json()
    assert len(rest["items"]) == 1
    assert all("ssin" not in one for one in first["items"])


def test_a_page_asks_as_much_of_three_people_as_of_twelve_and_is_in_the_access_log(
    vdab: Caller, begin: Callable[..., Case]
) -> None:
    asked, people = [], 0
    for number in (3, 12):
        for _one in range(number - people):
            report(vdab, ssin_of(begin()))
        people = number
        process_waiting()
        before = AccessLog.objects.count()
        with CaptureQueriesContext(connection) as queries:
            assert len(vdab.get(AT).json()["items"]) == number
        asked.append(len(queries))
        assert AccessLog.objects.count() - before == number
    assert asked[0] == asked[1]


def test_c1_a_denial_tells_why(vdab: Caller, case: Case) -> None:
    case.fed(date(2023, 5, 2), invalidity_from="")
    at = reported(vdab, case)
    case.on(DAY)
    case.act(
        services.deny_invalidity,
        COORDINATOR,
        subject=RouteC.objects.get().subject,
        reason="awaiting_recognition",
    )
    told = vdab.get(at).json()
    assert (told["state"], told["reason"]) == ("invalidityDenied", "awaitingRecognition")


def test_the_reason_of_a_closing_is_the_funds_own(vdab: Caller, case: Case) -> None:
    at = confirmed(vdab, case)
    case.act(services.close_route, COORDINATOR, subject=RouteC.objects.get().subject, reason="health")
    told = vdab.get(at)
    assert told.json()["state"] == "closed"
    assert b"health" not in told.content


# --- the fund


def test_c3_entered_by_the_fund_from_a_message(api: Api, vdab: Caller, case: Case) -> None:
    core = api.as_fund()
    at = f"/dossiers/{case.dossier.public_id}/partnerRegistrations"
    assert core.get(at).json()["items"] == []
    version = str(LedgerEntry.objects.filter(dossier_id=case.dossier.pk).count())
    made = core.post(
        at,
        {"service": "vdab", "registeredOn": IN_WINDOW, "note": "By mail."},
        If_Match=f'"{version}-{"0" * 16}"',
    )
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "reported"
    assert core.get(place(made)).json() == made.json() == core.get(at).json()["items"][0]
    seen = vdab.get(place(made)).json()
    assert (seen["state"], "dossier" in seen) == ("reported", False)
    step = core.post(f"{place(made)}/steps", {"step": "orientation"})
    assert step.status_code == 201
    assert vdab.get(f"{place(made)}/steps").json()["items"] == [step.json()]


def test_the_fund_reads_what_a_service_reported(
    api: Api, vdab: Caller, case: Case, new_fund: Callable[[str], Fund]
) -> None:
    at = reported(vdab, case)
    assert api.as_fund().get(at).json()["dossier"].endswith(f"/dossiers/{case.dossier.public_id}")
    assert api.as_fund(fund=new_fund("509")).get(at).status_code == 404
