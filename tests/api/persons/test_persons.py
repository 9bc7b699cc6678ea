"""Insured persons over the API: found by the SSIN in a body, which no answer, error or log repeats."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.models import Dossier, InsuredPerson
from tests import population
from tests.api.conftest import Api
from tnw.accounts.models import AccessLog, Fund

START = date(2026, 1, 5)
SSIN = population.ssin(4)
FORMER = population.ssin(5)


@pytest.fixture
def dossier(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> Dossier:
    return dossier_of(start=START, ssin=SSIN, last_name="Zoete", email="an@example.org")


def test_found_by_ssin_and_read(api: Api, dossier: Dossier) -> None:
    core = api.as_fund("insuredPerson:read")
    (found,) = core.post("/insuredPersons/query", {"ssin": SSIN}).json()["items"]
    person = dossier.incapacity.person
    assert found["id"] == str(person.public_id)
    assert AccessLog.objects.filter(dossier_id=dossier.pk, through="api").count() == 1
    read = core.get(f"/insuredPersons/{person.public_id}").json()
    assert (read["ssin"], read["lastName"], read["email"]) == (SSIN, "Zoete", "an@example.org")
    assert read["address"] == {"street": "Kerkstraat 1", "postalCode": "9000", "city": "Gent"}
    assert "phone" not in read
    (incapacity,) = read["incapacities"]
    assert incapacity["reference"] == dossier.incapacity.reference
    assert incapacity["dossier"].endswith(f"/dossiers/{dossier.public_id}")
    assert AccessLog.objects.filter(dossier_id=dossier.pk, through="api").count() == 2


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        ("+32478260626", "+32478260626"),
        ("0470/12.34.56", "+32470123456"),
        ("+32 (0)470/12.34.56", "+32470123456"),
        ("0032 470 12 34 56", "+32470123456"),
        ("02 123 45 67", "+3221234567"),
        ("04-223.12.34", "+3242231234"),
        ("+31 6 12345678", "+31612345678"),
        ("+352 621 123 456", "+352621123456"),
        ("0470/12", None),
        ("after six", None),
        ("0470 12 34 56 (An)", None),
        ("470123456", None),
        ("+0470123456", None),
        ("٠٤٧٠١٢٣٤٥٦", None),
        ("", None),
    ],
)
def test_a_phone_number_is_e164_or_left_out(api: Api, dossier: Dossier, phone: str, told: str | None) -> None:
    InsuredPerson.objects.update(phone=phone)
    person = dossier.incapacity.person
    read = api.as_fund("insuredPerson:read").get(f"/insuredPersons/{person.public_id}").json()
    assert read.get("phone") == told


@pytest.mark.parametrize(("mail", "told"), [("an@example.org", "an@example.org"), ("unknown", None)])
def test_what_is_no_mail_address_is_left_out(api: Api, dossier: Dossier, mail: str, told: str | None) -> None:
    InsuredPerson.objects.update(email=mail)
    person = dossier.incapacity.person
    read = api.as_fund("insuredPerson:read").get(f"/insuredPersons/{person.public_id}").json()
    assert read.get("email") == told


def test_the_list_holds_no_name_and_no_ssin(api: Api, dossier: Dossier) -> None:
    answer = api.as_fund("insuredPerson:read").post("/insuredPersons/query", {"ssin": SSIN})
    assert answer.json()["total"] == 1
    assert SSIN.encode() not in answer.content
    assert b"Zoete" not in answer.content


def test_nobody_is_an_empty_list(api: Api, dossier: Dossier) -> None:
    answer = api.as_fund("insuredPerson:read").post("/insuredPersons/query", {"ssin": population.ssin(900)})
    assert (answer.status_code, answer.json()["items"], answer.json()["total"]) == (200, [], 0)


def test_another_funds_person_does_not_exist(
    api: Api, dossier: Dossier, new_fund: Callable[[str], Fund]
) -> None:
    other = api.as_fund("insuredPerson:read", fund=new_fund("509"))
    assert other.post("/insuredPersons/query", {"ssin": SSIN}).json()["items"] == []
    assert other.get(f"/insuredPersons/{dossier.incapacity.person.public_id}").status_code == 404


@pytest.mark.parametrize("ssin", [SSIN[:-2] + "00", "123", "", "ab" * 40, "85.07.30-033 28"])
def test_a_wrong_ssin_is_named_and_not_repeated(api: Api, dossier: Dossier, ssin: str) -> None:
    refused = api.as_fund("insuredPerson:read").post("/insuredPersons/query", {"ssin": ssin})
    (issue,) = refused.json()["issues"]
    assert (issue["in"], issue["name"]) == ("body", "ssin")
    assert issue["type"] == "urn:problem-type:belgif-ext:input-validation:invalidStructure"
    assert not ssin or ssin.encode() not in refused.content


def test_a_replaced_ssin_is_told_only_of_the_own_people(
    api: Api, dossier: Dossier, new_fund: Callable[[str], Fund]
) -> None:
    InsuredPerson.objects.update(former_ssins=[FORMER])
    refused = api.as_fund("insuredPerson:read").post("/insuredPersons/query", {"ssin": FORMER})
    (issue,) = refused.json()["issues"]
    assert issue["type"] == "urn:problem-type:cbss:input-validation:replacedSsin"
    assert FORMER.encode() not in refused.content
    assert SSIN.encode() not in refused.content
    other = api.as_fund("insuredPerson:read", fund=new_fund("509"))
    assert other.post("/insuredPersons/query", {"ssin": FORMER}).json()["items"] == []


def test_no_log_line_holds_the_ssin(
    api: Api, dossier: Dossier, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    core = api.as_fund("insuredPerson:read")
    core.post("/insuredPersons/query", {"ssin": SSIN})
    core.post("/insuredPersons/query", {"ssin": SSIN[:-2] + "00"})
    told = capsys.readouterr()
    assert SSIN[:-2] not in told.out + told.err + caplog.text
