"""Incapacities over the API: one upsert does what a line of the feed does, with its checks, its messages and its facts."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import translation

from dossiers.feed.messages import LINE
from dossiers.models import Dossier, Incapacity, InsuredPerson, LedgerEntry
from routing.intake import single
from routing.intake.imports import TAKING_IN
from tests import population
from tests.api.client import Caller
from tests.api.conftest import Api
from tnw.accounts.models import AccessLog, Fund, Team
from tnw.core import clock

TODAY = date(2026, 3, 2)
AT = "/incapacities/2026-000123"
BODY: dict[str, Any] = {
    "version": 1,
    "ssin": population.ssin(1),
    "lastName": "Goossens",
    "firstName": "An",
    "language": "nl",
    "street": "Kerkstraat 1",
    "postalCode": "9000",
    "city": "Gent",
    "regime": "selfEmployed",
    "cause": "illness",
    "employmentContract": False,
    "startDate": "2026-01-05",
}


@pytest.fixture(autouse=True)
def _today(team: Team) -> Iterator[None]:
    with clock.at(TODAY, hour=11):
        yield


@pytest.fixture
def core(api: Api) -> Caller:
    return api.as_fund("incapacity:read", "incapacity:write")


def test_new_then_read_then_changed(core: Caller, in_fund: Fund) -> None:
    made = core.put(AT, BODY)
    assert made.status_code == 201, made.content
    assert made["Location"].endswith(AT)
    assert made.json() == core.get(AT).json()
    assert (made.json()["regime"], made.json()["startDate"]) == ("selfEmployed", "2026-01-05")
    entry = LedgerEntry.objects.get(kind="incapacity_recognized")
    assert entry.actor == core.client.actor
    changed = core.put(AT, {**BODY, "version": 2, "endDate": "2026-03-31", "endReason": "resumed"})
    assert (changed.status_code, changed.json()["endDate"], changed.json()["version"]) == (
        200,
        "2026-03-31",
        2,
    )
    assert LedgerEntry.objects.filter(kind="incapacity_ended").count() == 1
    dossier = Dossier.objects.get()
    assert dossier.team is not None
    assert changed.json()["dossier"].endswith(f"/dossiers/{dossier.public_id}")
    assert AccessLog.objects.filter(dossier_id=dossier.pk, through="api").count() == 3


def test_the_same_or_a_lower_version_changes_nothing(core: Caller, in_fund: Fund) -> None:
    core.put(AT, {**BODY, "version": 5})
    entries = LedgerEntry.objects.count()
    for version in (5, 4):
        again = core.put(AT, {**BODY, "version": version, "startDate": "2026-01-12", "lastName": "Peeters"})
        assert (again.status_code, again.json()["startDate"]) == (200, "2026-01-05")
    assert LedgerEntry.objects.count() == entries
    assert InsuredPerson.objects.get().last_name == "Goossens"


@pytest.mark.parametrize(
    ("wrong", "name", "kind", "code"),
    [
        ({"ssin": BODY["ssin"][:-2] + "00"}, "ssin", "invalidStructure", "invalid_check_digits"),
        ({"startDate": "2026-03-03"}, "startDate", "outOfRange", "in_future"),
        (
            {"endDate": "2026-01-04", "endReason": "resumed"},
            "endDate",
            "invalidPeriod",
            "end_before_start",
        ),
        ({"endDate": "2026-02-04"}, "endReason", "requiredInput", "required"),
        ({"endReason": "pension"}, "endDate", "requiredInput", "required"),
        ({"employmentContract": True}, "employerNumber", "requiredInput", "required"),
        ({"employerNumber": "0123456789"}, "employerNumber", "invalidStructure", "invalid_check_digits"),
        ({"birthDate": "2027-01-01"}, "birthDate", "outOfRange", "in_future"),
    ],
)
def test_what_the_feed_refuses_is_refused_in_its_words(
    core: Caller, in_fund: Fund, wrong: dict[str, Any], name: str, kind: str, code: str
) -> None:
    refused = core.put(AT, {**BODY, **wrong}, Accept_Language="nl-BE")
    assert refused.status_code == 400
    (issue,) = refused.json()["issues"]
    assert (issue["name"], issue["type"].rpartition(":")[2]) == (name, kind)
    assert issue["in"] == "body"
    with translation.override("nl"):
        assert issue["detail"] == str(LINE[code])
    assert str(wrong.get("ssin", "-")).encode() not in refused.content or "ssin" not in wrong
    assert not Incapacity.objects.exists()


def test_an_overlap_is_judged_beside_what_is_known(core: Caller, in_fund: Fund) -> None:
    core.put(AT, BODY)
    refused = core.put("/incapacities/2026-000124", {**BODY, "startDate": "2026-02-02"})
    (issue,) = refused.json()["issues"]
    assert (refused.status_code, issue["name"], issue["detail"]) == (400, "startDate", issue["detail"])
    assert Incapacity.objects.count() == 1


def test_a_reference_of_somebody_else_is_refused_at_its_place(core: Caller, in_fund: Fund) -> None:
    core.put(AT, BODY)
    refused = core.put(AT, {**BODY, "version": 2, "ssin": population.ssin(2)})
    (issue,) = refused.json()["issues"]
    assert (issue["in"], issue["name"]) == ("path", "incapacityId")


def test_a_replaced_ssin_makes_one_person(core: Caller, in_fund: Fund) -> None:
    core.put(AT, BODY)
    new = population.ssin(2)
    core.put(AT, {**BODY, "version": 2, "ssin": new, "replacedSsin": BODY["ssin"]})
    person = InsuredPerson.objects.get()
    assert (person.ssin, person.former_ssins) == (new, [BODY["ssin"]])


@pytest.mark.parametrize("reference", ["-", "%20x", "a" * 65, "a%3Fb", "~x"])
def test_a_reference_that_cannot_stand_in_an_address(core: Caller, in_fund: Fund, reference: str) -> None:
    refused = core.put(f"/incapacities/{reference}", BODY)
    assert refused.status_code == 400
    assert refused.json()["issues"][0]["in"] == "path"
    assert core.get(f"/incapacities/{reference}").status_code == 404


def test_if_match_is_for_who_wants_it(core: Caller, in_fund: Fund) -> None:
    stale = f'"1-{"0" * 16}"'
    assert core.put(AT, BODY, If_Match=stale).status_code == 412
    tag = core.put(AT, BODY)["ETag"]
    assert core.get(AT, If_None_Match=tag).status_code == 304
    assert core.put(AT, {**BODY, "version": 2}, If_Match=stale).status_code == 412
    changed = core.put(AT, {**BODY, "version": 2}, If_Match=tag)
    assert changed.status_code == 200
    assert core.put(AT, {**BODY, "version": 3}, If_Match=tag).status_code == 412


def test_who_brings_a_new_one_overwrites_none(core: Caller, in_fund: Fund) -> None:
    made = core.put(AT, BODY, If_None_Match="*")
    assert made.status_code == 201
    changed = {**BODY, "version": 2, "city": "Aalst"}
    for header in ("*", made["ETag"], f'"other", {made["ETag"]}', f"W/{made['ETag']}"):
        refused = core.put(AT, changed, If_None_Match=header)
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (412, "versionConflict"), (
            header
        )
    assert core.get(AT).json()["version"] == 1
    assert core.put(AT, changed, If_None_Match='"other"').status_code == 200


def test_another_funds_incapacity_does_not_exist(
    api: Api, core: Caller, in_fund: Fund, new_fund: Callable[[str], Fund]
) -> None:
    core.put(AT, BODY)
    other = api.as_fund(fund=new_fund("509"))
    assert other.get(AT).status_code == 404
    assert other.put(AT, BODY).status_code == 201, "a reference, and a person, of its own"
    assert Incapacity.objects.count() == 1


def test_unknown_fields_are_refused(core: Caller, in_fund: Fund) -> None:
    refused = core.put(AT, {**BODY, "fund": "509"})
    assert refused.json()["issues"][0]["type"].endswith(":unknownInput")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_while_a_file_is_taken_in_one_comes_back_later(core: Caller, fund: Fund) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s, %s)", [TAKING_IN, fund.pk])
        busy = core.put(AT, BODY)
        assert (busy.status_code, busy["Retry-After"]) == (409, "5")
        assert busy.json()["type"].endswith(":callUnderWay")
    finally:
        other.close()
    assert core.put(AT, BODY).status_code == 201


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("known", [True, False])
def test_of_two_at_once_that_saw_the_same_one_is_told_that_it_changed(
    core: Caller, fund: Fund, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single, "PATIENCE", "30s")
    seen = {"If_Match": core.put(AT, BODY)["ETag"]} if known else {}
    answers: list[Any] = []

    def bring(version: int) -> None:
        caller = Caller(core.token)
        with clock.at(TODAY, hour=11):
            answers.append(caller.put(AT, {**BODY, "version": version, "city": f"Gent {version}"}, **seen))
        connections.close_all()

    other = connection.copy()
    both = [Thread(target=bring, args=(version,)) for version in (2, 3)]
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s, %s)", [TAKING_IN, fund.pk])
            for one in both:
                one.start()
            waiting = (
                "select count(*) from pg_locks where locktype = 'advisory' and not granted"
                " and database = (select oid from pg_database where datname = current_database())"
            )
            for _attempt in range(12_000):
                cursor.execute(waiting)
                if cursor.fetchone() == (2,):
                    break
                time.sleep(0.01)
            else:
                pytest.fail("two should wait")
            cursor.execute("select pg_advisory_unlock(%s, %s)", [TAKING_IN, fund.pk])
        for one in both:
            one.join()
    finally:
        other.close()
    assert sorted(one.status_code for one in answers) == ([200, 412] if known else [200, 201])
