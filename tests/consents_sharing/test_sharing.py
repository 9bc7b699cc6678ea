"""What a consent covers, for each party and purpose, and what it blocks once it is withdrawn (Z5)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from dossiers import machines
from dossiers.law.kinds import CONSENTS, PARTIES
from dossiers.models import Dossier
from tests.employer.stage import Work
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, refused
from tnw.core.errors import NotAllowed
from trajects.models import PartnerReferral
from trajects.policies import consultation, partner
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, PARTY, PURPOSE, may_share
from trajects.services import consultation as consulting

Begin = Callable[..., Work]
SERVICE = "regional_service"


def look(case: Work, *, loaded: bool = False) -> Dossier:
    found = Dossier.objects.select_related("incapacity", "route_a").get(pk=case.dossier.pk)
    if loaded:
        machines.load(found)
    return found


def shares(case: Work) -> set[str]:
    """With whom may be consulted, however the dossier was read."""
    plain, loaded = look(case), look(case, loaded=True)
    found = {party for party in PARTY if may_share(plain, party)}
    assert found == {party for party in PARTY if may_share(loaded, party)}
    return found


def test_z5_every_party_and_purpose_has_its_words() -> None:
    assert set(PARTY) == set(PARTIES)
    assert set(PURPOSE) == set(CONSENTS)


def test_z5_a_consent_covers_the_party_and_the_purpose_that_it_names(case: Work) -> None:
    case.started().on(date(2026, 4, 20))
    assert shares(case) == set()
    case.consent("given", party="treating_doctor")
    case.consent("given", "other", party="therapist")
    case.consent("given", "employer_referral")
    case.consent("refused", party="employer")
    assert shares(case) == {"treating_doctor"}
    dossier = look(case)
    assert may_share(dossier, OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL)
    assert not may_share(dossier, OCCUPATIONAL_PHYSICIAN)
    assert may_share(dossier, "therapist", "other")
    # As the facts of an import may tell it: a yes that names no party covers none.
    case.record("consent_given", purpose="consultation")
    assert shares(case) == {"treating_doctor"}


def test_z5_a_withdrawal_blocks_from_that_moment_and_a_new_consent_opens_again(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).consent("given", party="treating_doctor")
    case.consent("given", party="therapist")
    case.consent("withdrawn", party="therapist")
    assert shares(case) == {"treating_doctor"}, "on the same day too"
    case.on(date(2026, 4, 21)).record("consent_withdrawn", purpose="consultation")
    assert shares(case) == set(), "one that names no party covers each"
    case.on(date(2026, 4, 22)).consent("given", party="therapist")
    assert shares(case) == {"therapist"}


def test_z5_who_is_lacking_is_said(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).consent("given", party="therapist")
    case.on(date(2026, 4, 21)).consent("withdrawn", party="therapist")
    with translation.override("en"):
        dossier = look(case)
        assert "treating doctor" in str(may_share(dossier, "treating_doctor").reason)
        assert "record it under Consents" in str(may_share(dossier, "treating_doctor").reason)
        assert "is withdrawn: therapist" in str(may_share(dossier, "therapist").reason)


@pytest.mark.parametrize(
    ("regime", "parties"),
    [
        ("self_employed", {"social_insurance_fund", "organization"}),
        ("employee", {"employer", "occupational_physician"}),
        ("unemployed", {"employer", "occupational_physician"}),
    ],
)
def test_z5_who_there_is_differs_by_regime(begin: Begin, regime: str, parties: set[str]) -> None:
    case = begin(regime=regime, employment_contract="false", employer_number="")
    case.started().on(date(2026, 4, 20))
    apart = {"social_insurance_fund", "organization", "employer", "occupational_physician"}
    assert set(consultation.parties_of(look(case))) & apart == parties
    for party in sorted(parties):
        case.consent("given", party=party)
    for party in sorted(apart - parties):
        with refused("party_does_not_fit"):
            case.consent("given", party=party)
    assert shares(case) == parties


def test_z5_each_party_is_asked_by_itself(case: Work) -> None:
    case.started().on(date(2026, 4, 20))
    for answer, purpose, party, code in (
        ("given", "consultation", "", "required"),
        ("given", "employer_referral", "employer", "party_does_not_fit"),
        ("given", "data_processing", "employer", "party_does_not_fit"),
        ("given", "tea", "", "unknown_code"),
        ("given", "consultation", "neighbour", "unknown_code"),
        ("perhaps", "consultation", "employer", "unknown_code"),
        ("withdrawn", "consultation", "employer", "nothing_to_withdraw"),
    ):
        with refused(code):
            case.consent(answer, purpose, party)
    case.consent("given", party="employer")
    with refused("nothing_to_withdraw"):
        case.backdated_withdrawal(date(2026, 4, 17), "employer")


def test_z5_a_consultation_needs_the_consent_for_its_party(case: Work) -> None:
    case.started().on(date(2026, 4, 20))
    with pytest.raises(NotAllowed) as told:
        case.consult("treating_doctor")
    assert told.value.field == "party"
    case.consent("given", party="treating_doctor")
    case.consult("treating_doctor")
    case.consult("treating_doctor", by=DOCTOR)
    with refused("not_allowed"):
        case.consult("treating_doctor", by=MEDICAL)
    with refused("not_allowed"):
        case.consult("therapist")
    with refused("unknown_code"):
        case.consult("neighbour")
    with refused("required"):
        case.act(consulting.hold, COORDINATOR, party="treating_doctor", report=" ")
    assert case.kinds.count("consultation_held") == 2
    case.consent("withdrawn", party="treating_doctor")
    for by in (COORDINATOR, DOCTOR):
        with refused("not_allowed"):
            case.consult("treating_doctor", by=by)


def test_z5_g1_a_withdrawal_blocks_each_service_for_that_party_at_once(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).consent("given", party=SERVICE)
    forms = [case.draw_up() for _number in range(3)]
    for subject in forms[1:]:
        case.send(subject)
    case.answered(forms[2])
    case.consult(SERVICE)
    case.consent("withdrawn", party=SERVICE)
    for code, blocked in (
        ("no_consent", lambda: case.send(forms[0])),
        ("no_consent", lambda: case.answered(forms[1])),
        ("no_consent", lambda: case.service_step(forms[2], "coaching")),
        ("not_allowed", lambda: case.consult(SERVICE)),
    ):
        with refused(code):
            blocked()
    dossier = look(case)
    person = case.people[COORDINATOR]
    rows = {one.subject: one for one in PartnerReferral.objects.filter(dossier=case.dossier)}
    assert not partner.may_send(person, dossier, rows[forms[0]], case.day)
    # What ends shares nothing.
    for subject in forms:
        case.end_partner(subject)
    assert case.of("partner") == ["ended", "ended", "ended"]
    case.on(date(2026, 4, 21)).consent("given", party=SERVICE)
    case.send(case.draw_up())


def test_z5_without_data_processing_nothing_is_shared(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).consent("given", party="treating_doctor")
    case.consent("given", "employer_referral")
    case.on(date(2026, 4, 27)).consent("withdrawn", "data_processing")
    assert shares(case) == set()
    assert not may_share(look(case), OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL)
    case.on(date(2026, 4, 28)).consent("given", "data_processing")
    assert shares(case) == {"treating_doctor"}


def test_p3_data_processing_withdrawn_stops_the_traject_and_all_in_it(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).consent("given", party=SERVICE)
    form = case.draw_up()
    case.send(form)
    case.record("reintegration_started", condition=2)
    case.on(date(2026, 4, 27)).start_at_employer()
    planned = case.plan(date(2026, 5, 11), purpose="follow_up")
    case.on(date(2026, 5, 4)).consent("withdrawn", "data_processing")
    assert case.of("traject") == ["ended"]
    assert (
        next(one for one in case.facts if one.kind == "traject_ended").get("result") == "stopped_by_insured"
    )
    assert (case.of("reintegration"), case.of("partner")) == (["ended"], ["ended"])
    assert case.states[f"appointment {planned}"] == "cancelled"
    assert case.of("employer") == ["running"], "the employer goes on with his"
    assert (case.state, case.flag) == ("traject_started", "")


def test_p3_withdrawn_on_the_day_of_the_start(case: Work) -> None:
    case.started().consent("withdrawn", "data_processing")
    assert (case.of("traject"), case.flag) == (["ended"], "")


def test_a6_before_a_traject_the_route_that_waits_for_the_consent_closes(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).record("traject_ended", result="no_result")
    case.on(date(2026, 5, 4)).assess(4, refer=True)
    case.on(date(2026, 5, 11)).meet(consent="later", step="")
    assert case.state == "first_contact_held"
    case.on(date(2026, 5, 12)).consent("withdrawn", "data_processing")
    assert (case.state, case.of("traject"), case.flag) == ("closed", ["ended"], "")
    closed = next(one for one in case.facts if one.kind == "route_closed")
    assert (closed.get("route"), closed.get("reason")) == ("A", "no_consent")


def test_a6_what_waits_for_something_else_stays_open(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).record("traject_ended", result="no_result")
    case.on(date(2026, 5, 4)).assess(4, refer=True)
    case.on(date(2026, 5, 12)).consent("withdrawn", "data_processing")
    assert (case.state, case.flag) == ("referred", "")


def test_c4_a_confirmed_registration_closes_too(begin: Begin) -> None:
    case = begin(date(2022, 1, 3), invalidity_from="2023-01-03").on(date(2022, 5, 2))
    case.assess(4, refer=True)
    case.on(date(2022, 5, 9)).meet()
    case.on(date(2022, 9, 5)).record("traject_ended", result="no_result")
    registered: dict[str, Any] = {"service": "vdab", "registered_on": date(2023, 5, 2)}
    case.on(date(2023, 5, 3)).record("registration_reported", "r", **registered)
    case.on(date(2023, 5, 4)).record("invalidity_confirmed", "r")
    case.on(date(2023, 5, 8)).consent("withdrawn", "data_processing")
    assert (case.states["route_c r"], case.flag) == ("closed", "")
