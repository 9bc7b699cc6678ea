"""G1 over the API: the fund draws up and sends, the service answers, reports its steps and ends; Z5 stands between."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.models import LedgerEntry
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.referrals.conftest import DAY
from tests.employer.stage import Work
from tnw.accounts.models import AccessLog, Fund
from tnw.core import clock
from tnw.integration.models import IdempotencyKey
from tnw.integration.rest.shape import ROOT
from trajects.models import PartnerReferral
from trajects.policies import partner as policies
from trajects.policies.sharing import NO_CONSENT

AT = "/partnerReferrals"
BASE = f"http://localhost:8000{ROOT}"


@pytest.fixture
def vdab(api: Api) -> Caller:
    return api.as_partner("vdab")


def place(answer: Any) -> str:
    return str(answer["Location"]).removeprefix(BASE)


def drawn_up(case: Work, *, service: str = "vdab") -> str:
    subject = case.draw_up(service)
    return f"{AT}/{PartnerReferral.objects.get(subject=subject).public_id}"


def sent(case: Work, *, service: str = "vdab") -> str:
    subject = case.draw_up(service)
    case.send(subject)
    return f"{AT}/{PartnerReferral.objects.get(subject=subject).public_id}"


def test_g1_drawn_up_sent_accepted_followed_and_ended(api: Api, vdab: Caller, ready: Work) -> None:
    core = api.as_fund()
    at = f"/dossiers/{ready.dossier.public_id}/partnerReferrals"
    version = LedgerEntry.objects.filter(dossier_id=ready.dossier.pk).count()
    made = core.post(
        at, {"service": "vdab", "form": "Looks for office work."}, If_Match=f'"{version}-{"0" * 16}"'
    )
    assert made.status_code == 201, made.content
    one = place(made)
    assert (made.json()["state"], made.json()["form"]) == ("drawnUp", "Looks for office work.")
    assert vdab.get(one).status_code == 404, "nothing has left the house"
    assert core.step(one, f"{one}/sendings").json()["state"] == "sent"
    seen = vdab.get(one)
    assert (seen.json()["state"], seen.json()["form"]) == ("sent", "Looks for office work.")
    assert "dossier" not in seen.json()
    assert "drawnUpOn" not in seen.json()
    answer = vdab.post(f"{one}/answers", {"accepted": True}, If_Match=seen["ETag"])
    assert (answer.status_code, answer.json()["state"]) == (201, "accepted")
    assert vdab.get(one)["ETag"] == answer["ETag"]
    body = {"step": "competenceMapping", "on": "2026-04-22"}
    first, again = vdab.post(f"{one}/steps", body), vdab.post(f"{one}/steps", body)
    assert (first.status_code, first.json()) == (201, again.json())
    assert vdab.get(place(first)).json() == first.json()
    assert core.get(f"{one}/steps").json()["items"] == [first.json()]
    fact = f"/dossiers/{ready.dossier.public_id}/facts/{first.json()['id']}"
    assert core.get(fact).json()["kind"] == "serviceStep"
    assert vdab.step(one, f"{one}/endings").json()["state"] == "ended"
    assert core.get(at).json()["items"][0]["state"] == "ended"
    by = dict(LedgerEntry.objects.values_list("kind", "actor__name"))
    assert by["partner_answered"] == by["service_step"] == by["partner_ended"] == vdab.client.name


def test_a_service_names_the_version_that_it_saw(vdab: Caller, ready: Work) -> None:
    one = sent(ready)
    before = vdab.get(one)["ETag"]
    assert vdab.post(f"{one}/answers", {"accepted": True}).status_code == 428
    assert vdab.post(f"{one}/answers", {"accepted": True}, If_Match=f'"0-{"0" * 16}"').status_code == 412
    ready.draw_up("actiris")
    assert vdab.get(one)["ETag"] == before, "what else happens in the dossier tells it nothing"
    assert vdab.post(f"{one}/answers", {"accepted": False}, If_Match=before).json()["state"] == "refused"
    late = vdab.post(f"{one}/endings", {}, If_Match=before)
    assert late.status_code == 412


def test_what_is_not_possible_names_the_state(vdab: Caller, ready: Work) -> None:
    one = sent(ready)
    early = vdab.post(f"{one}/steps", {"step": "orientation"})
    assert (early.status_code, early.json()["state"]) == (409, "sent")


def test_z5_without_consent_it_is_gone_for_the_service(api: Api, vdab: Caller, ready: Work) -> None:
    one = sent(ready)
    assert len(vdab.get(AT).json()["items"]) == 1
    ready.consent("withdrawn", party="regional_service")
    for path in (one, f"{one}/steps"):
        assert vdab.get(path).status_code == 404
    assert vdab.post(f"{one}/steps", {"step": "orientation"}).status_code == 404
    listed = vdab.get(AT).json()
    assert listed["items"] == []
    assert "total" not in listed
    core = api.as_fund()
    assert core.get(one).status_code == 200
    refused = core.step(one, f"{one}/answers", {"accepted": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:tnw:consentMissing")


def test_z5_an_answer_sent_again_tells_no_more_than_may_be_told_now(vdab: Caller, ready: Work) -> None:
    one = sent(ready)
    told = {"If_Match": vdab.get(one)["ETag"], "Idempotency_Key": "k"}
    first, again = (vdab.post(f"{one}/answers", {"accepted": True}, **told) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert "office work" in first.json()["form"]
    assert again.json() == first.json()
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert not IdempotencyKey.objects.exclude(body="").exists(), "what it was told is kept nowhere else"
    vdab.post(f"{one}/steps", {"step": "orientation"})
    then = vdab.post(f"{one}/answers", {"accepted": True}, **told)
    assert (then.status_code, then["ETag"]) == (201, vdab.get(one)["ETag"]), "a tag of what it says"
    ready.consent("withdrawn", party="regional_service")
    late = vdab.post(f"{one}/answers", {"accepted": True}, **told)
    assert late.status_code == 404
    assert b"office work" not in late.content
    assert LedgerEntry.objects.filter(kind="partner_answered").count() == 1


def test_z5_whatever_a_service_asks_without_consent_it_is_refused_for_that(vdab: Caller, ready: Work) -> None:
    one = PartnerReferral.objects.select_related("dossier").get(public_id=sent(ready).removeprefix(f"{AT}/"))
    ready.consent("withdrawn", party="regional_service")
    for on in (date(1990, 1, 1), DAY):
        for may in (policies.may_answer, policies.may_take_step, policies.may_end):
            assert may(vdab.client.actor, one.dossier, one, on).code == NO_CONSENT


def test_a_page_asks_as_much_of_three_people_as_of_twelve_and_is_in_the_access_log(
    vdab: Caller, begin: Callable[..., Work]
) -> None:
    asked, people = [], 0
    for number in (3, 12):
        for _one in range(number - people):
            case = begin().started("regional_service").on(DAY)
            case.consent("given", party="regional_service")
            sent(case)
        people = number
        before = AccessLog.objects.count()
        with CaptureQueriesContext(connection) as queries, clock.at(DAY, hour=18):
            assert len(vdab.get(AT).json()["items"]) == number
        asked.append(len(queries))
        assert AccessLog.objects.count() - before == number
    assert asked[0] == asked[1]


def test_another_services_referral_does_not_exist(api: Api, ready: Work) -> None:
    one = sent(ready)
    forem = api.as_partner("forem")
    assert forem.get(one).status_code == 404
    assert forem.post(f"{one}/answers", {"accepted": True}, If_Match=f'"0-{"0" * 16}"').status_code == 404
    assert forem.post(f"{one}/steps", {"step": "orientation"}).status_code == 404
    assert forem.get(AT).json()["items"] == []


def test_a_fund_it_does_not_work_with_does_not_exist(
    api: Api, ready: Work, new_fund: Callable[[str], Fund]
) -> None:
    one = sent(ready)
    elsewhere = new_fund("509")
    assert api.as_partner("vdab", funds=(elsewhere,)).get(one).status_code == 404
    assert api.as_fund(fund=elsewhere).get(one).status_code == 404


def test_a_service_neither_draws_up_nor_sends(vdab: Caller, ready: Work) -> None:
    one = drawn_up(ready)
    head = f'"1-{"0" * 16}"'
    assert vdab.post(f"{one}/sendings", {}, If_Match=head).status_code == 403
    at = f"/dossiers/{ready.dossier.public_id}/partnerReferrals"
    assert vdab.post(at, {"service": "vdab", "form": "x"}, If_Match=head).status_code == 403
    assert vdab.get(AT).json()["items"] == []
