"""What a regional service adds to what it reported: its steps, and what it still hears after a withdrawal."""

from datetime import date

from dossiers.models import Incapacity, LedgerEntry
from routing.services.consents import record_consent
from tests.api.client import Caller
from tests.api.registrations.conftest import DAY
from tests.api.registrations.reporting import AT, IN_WINDOW, confirmed, place, report, ssin_of
from tests.route_a.stage import COORDINATOR, Case
from tnw.integration.models import IdempotencyKey
from tnw.integration.registrations import process_waiting

# --- what may be told (Z5)


def test_z5_after_a_withdrawal_no_more_is_told_and_nothing_taken(vdab: Caller, case: Case) -> None:
    at = confirmed(vdab, case)
    for answer in ("given", "withdrawn"):
        case.act(record_consent, COORDINATOR, answer=answer, purpose="consultation", party="regional_service")
    told = vdab.get(at).json()
    assert "state" not in told
    assert told["registeredOn"] == IN_WINDOW
    assert "state" not in vdab.get(AT).json()["items"][0]
    refused = vdab.post(f"{at}/steps", {"step": "orientation"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:tnw:consentMissing")
    assert vdab.get(f"{at}/steps").json()["items"] == []


def withdrawn(case: Case) -> None:
    for answer in ("given", "withdrawn"):
        case.act(record_consent, COORDINATOR, answer=answer, purpose="consultation", party="regional_service")


DAYS = ("1990-01-01", "2022-01-01", IN_WINDOW, str(DAY))


def test_z5_after_a_withdrawal_a_refusal_tells_neither_the_state_nor_the_days(
    vdab: Caller, case: Case
) -> None:
    at = confirmed(vdab, case)
    withdrawn(case)

    def refusals() -> set[str]:
        """What is said of a step, whatever its day is."""
        said = [vdab.post(f"{at}/steps", {"step": "orientation", "on": on}).json() for on in DAYS]
        return {str({name: one[name] for name in one if name != "instance"}) for one in said}

    (before,) = refusals()
    assert "consentMissing" in before
    assert "'state'" not in before
    Incapacity.objects.update(end=date(2022, 12, 31), excluded="statutory_civil_servant")
    assert refusals() == {before}


def test_of_a_day_outside_the_incapacity_a_service_hears_one_sentence(vdab: Caller, case: Case) -> None:
    at = confirmed(vdab, case)
    step = {"step": "orientation", "on": "1990-01-01"}
    early = vdab.post(f"{at}/steps", step).json()["detail"]
    Incapacity.objects.update(excluded="statutory_civil_servant")
    assert vdab.post(f"{at}/steps", step).json()["detail"] == early


def test_z5_a_step_sent_again_after_a_withdrawal_tells_nothing(vdab: Caller, case: Case) -> None:
    at = confirmed(vdab, case)
    body = {"step": "orientation", "on": str(DAY), "note": "Her words."}
    first, again = (vdab.post(f"{at}/steps", body, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert (again.json(), again["Location"]) == (first.json(), first["Location"])
    withdrawn(case)
    late = vdab.post(f"{at}/steps", body, Idempotency_Key="k")
    assert late.status_code == 404
    assert b"orientation" not in late.content
    assert not IdempotencyKey.objects.exclude(body="").exists()


# --- steps


def test_c4_steps_told_twice_are_one(vdab: Caller, case: Case) -> None:
    at = confirmed(vdab, case)
    body = {"step": "competenceMapping", "on": "2023-06-05"}
    first, again = vdab.post(f"{at}/steps", body), vdab.post(f"{at}/steps", body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first["Location"] == again["Location"] == first.json()["href"]
    assert vdab.get(place(first)).json() == first.json()
    (only,) = vdab.get(f"{at}/steps").json()["items"]
    assert only == first.json()
    assert LedgerEntry.objects.get(kind="service_step").actor == vdab.client.actor
    assert vdab.get(at).json()["step"] == "competenceMapping"


def test_c4_a_registration_that_led_to_nothing_takes_no_step(vdab: Caller, case: Case) -> None:
    sent = report(vdab, ssin_of(case), "2023-02-28")
    process_waiting()
    refused = vdab.post(f"{place(sent)}/steps", {"step": "orientation"})
    assert (refused.status_code, refused.json()["state"]) == (409, "refused")
