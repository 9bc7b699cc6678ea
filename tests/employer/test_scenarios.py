"""The occupational physician and the traject at the employer, told as they happen (A7, B4, Z1, Z7, Z9)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import translation

from dossiers.law.facts import corrected
from dossiers.models import Dossier
from routing.questionnaires.waivers import waiver
from tests.employer.stage import Work
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tnw.core.errors import DomainError, NotAllowed
from trajects.models import EmployerTraject
from trajects.policies.employer import letters_on
from trajects.services import employer as services

Begin = Callable[..., Work]
CONSENTS = ("consent_given", "consent_refused", "consent_withdrawn")


def referral_consents(case: Work) -> list[tuple[str, str]]:
    return [
        (one.kind, one.get("party"))
        for one in corrected(case.facts)
        if one.kind in CONSENTS and one.get("purpose") == "employer_referral"
    ]


def test_a7_proposed_agreed_referred_visited_and_not_asked(case: Work) -> None:
    case.started("employer").on(date(2026, 4, 20)).propose()
    assert case.of("employer") == ["proposed"]
    case.on(date(2026, 4, 24)).answer(agreed=True)
    assert (case.of("employer"), referral_consents(case)) == (
        ["agreed"],
        [("consent_given", "occupational_physician")],
    )
    case.on(date(2026, 4, 27)).to_physician(agreed=False)
    case.on(date(2026, 5, 11))
    for service, told in ((services.record_visit, {"outcome": "other"}), (services.decide_not_to_ask, {})):
        with refused("before_referral") as found:
            case.backdated(service, COORDINATOR, date(2026, 4, 26), **told)
        assert found.value.field == "on"
    case.visit("no_employer_traject")
    assert case.of("employer") == ["not_asked"]
    # It may be tried again, and a visit may lead nowhere yet.
    case.on(date(2026, 6, 1)).to_physician("employer_traject")
    case.on(date(2026, 6, 15)).visit("other")
    assert case.of("employer") == ["not_asked", "visited"]
    case.on(date(2026, 6, 22)).not_asked()
    assert case.of("employer") == ["not_asked", "not_asked"]
    assert len(referral_consents(case)) == 1, "a consent that stands is not asked again"
    assert case.flag == ""


def test_a7_without_agreement_nothing_goes_to_the_physician(case: Work) -> None:
    case.started().on(date(2026, 4, 20))
    with refused("no_consent"):
        case.to_physician(agreed=False)
    case.propose()
    case.on(date(2026, 4, 21)).answer(agreed=False)
    assert case.of("employer") == ["declined"]
    with refused("no_consent"):
        case.to_physician(agreed=False)
    # On the same day the insured changes his mind: what he said first is taken back.
    case.to_physician()
    assert case.of("employer") == ["referred"]
    assert referral_consents(case) == [("consent_given", "occupational_physician")]


def test_a7_a_consent_withdrawn_before_the_referral_declines_it(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).propose()
    case.answer(agreed=True)
    case.on(date(2026, 4, 22)).consent("withdrawn", "employer_referral", "occupational_physician")
    assert case.of("employer") == ["declined"]
    with refused("no_consent"):
        case.to_physician(agreed=False)
    case.on(date(2026, 4, 23)).to_physician()
    assert case.of("employer") == ["declined", "referred"]


def test_a7_nothing_is_agreed_once_data_may_not_be_processed(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).propose()
    case.on(date(2026, 4, 22)).consent("withdrawn", "data_processing")
    assert case.of("employer") == ["declined"], "what was only proposed falls away"
    with refused("not_allowed"):
        case.answer(agreed=True)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"employment_contract": "false", "employer_number": ""}, "There is no employment contract."),
        (
            {"regime": "self_employed", "employment_contract": "false", "employer_number": ""},
            "A self-employed person has no employer to go to.",
        ),
    ],
)
def test_a7_never_without_a_contract_nor_for_the_self_employed(
    begin: Begin, columns: dict[str, str], reason: str
) -> None:
    case = begin(**columns).started().on(date(2026, 4, 20))
    for act in (case.propose, case.to_physician, case.start_at_employer):
        with pytest.raises(NotAllowed) as told:
            act()
        with translation.override("en"):
            assert str(told.value) == reason


def test_a7_b4_only_inside_a_traject_or_at_the_contact_of_route_b(case: Work) -> None:
    for act in (case.propose, case.to_physician):
        with refused("not_allowed"):
            act()
    case.on(date(2026, 2, 2)).request()
    with refused("not_allowed"):
        case.to_physician()


def test_b4_to_the_physician_and_back_to_the_question_of_permission(case: Work) -> None:
    case.asked().to_physician()
    assert (case.b, case.of("employer")) == ("with_occupational_physician", ["referred"])
    with refused("not_allowed"):
        case.ask()
    case.on(date(2026, 3, 9)).visit("no_employer_traject")
    assert (case.b, case.of("employer")) == ("contact_held", ["not_asked"])
    case.on(date(2026, 3, 10)).ask(step="guidance")
    case.on(date(2026, 3, 16)).grant()
    assert case.of("traject") == ["running"]
    assert case.flag == ""


def test_b4_back_after_a_traject_at_the_employer_too(case: Work) -> None:
    case.asked().to_physician("employer_traject")
    case.on(date(2026, 3, 2)).start_at_employer("employee")
    assert case.b == "with_occupational_physician"
    case.on(date(2026, 5, 4)).end_at_employer("C")
    assert (case.b, case.of("employer")) == ("contact_held", ["ended"])


def test_b4_back_when_he_asks_for_nothing_without_a_visit(case: Work) -> None:
    case.asked().to_physician()
    case.on(date(2026, 2, 20)).not_asked()
    assert (case.b, case.of("employer")) == ("contact_held", ["not_asked"])


def formal(case: Work, day: date, condition: int = 2) -> None:
    case.on(day).record("reintegration_started", condition=condition)


def test_z7_the_formal_part_waits_while_an_employer_traject_runs_twice(case: Work) -> None:
    formal(case.started(), date(2026, 4, 20))
    case.on(date(2026, 5, 4)).start_at_employer("employer")
    assert (case.of("reintegration"), case.of("employer")) == (["suspended"], ["running"])
    case.on(date(2026, 6, 1)).end_at_employer("A")
    assert (case.of("reintegration"), case.of("employer")) == (["awaiting_signatures"], ["ended"])
    case.on(date(2026, 7, 6)).to_physician()
    case.visit("employer_traject")
    assert case.of("employer") == ["ended", "asked"]
    assert case.of("reintegration") == ["awaiting_signatures"], "asked for is not running"
    case.on(date(2026, 7, 13)).start_at_employer("employee")
    assert case.of("reintegration") == ["suspended"]
    case.on(date(2026, 9, 7)).end_at_employer("B", refused_by="worker")
    assert (case.of("reintegration"), case.of("employer")) == (["awaiting_signatures"], ["ended", "ended"])
    last = EmployerTraject.objects.filter(dossier=case.dossier).order_by("number").last()
    assert last is not None
    assert (last.decision, last.refused_by, last.requested_by) == ("B", "worker", "employee")
    assert case.kinds.count("traject_suspended") == case.kinds.count("traject_resumed") == 2
    assert case.flag == ""


def test_z7_what_another_reason_suspended_is_left_alone(case: Work) -> None:
    formal(case.started(), date(2026, 4, 20))
    case.on(date(2026, 4, 27)).record("traject_suspended", reason="illness")
    case.on(date(2026, 5, 4)).start_at_employer()
    case.on(date(2026, 6, 1)).end_at_employer("A")
    assert case.of("reintegration") == ["suspended"]


def test_z7_the_employer_began_before_the_formal_part(case: Work) -> None:
    formal(case.started(), date(2026, 5, 4))
    case.on(date(2026, 5, 11)).backdated(
        services.start, COORDINATOR, date(2026, 4, 27), requested_by="employer"
    )
    assert case.of("reintegration") == ["suspended"]
    suspended = next(one for one in case.facts if one.kind == "traject_suspended")
    assert suspended.on == date(2026, 5, 4)
    case.backdated(services.end, COORDINATOR, date(2026, 4, 30), decision="C")
    assert (case.of("reintegration"), case.flag) == (["awaiting_signatures"], "")


def test_z7_a2_the_employer_began_one_himself_before_anything_else(case: Work) -> None:
    case.on(date(2026, 2, 2)).start_at_employer()
    assert waiver(case.facts, None, case.day) == "employer_traject"
    with refused("not_allowed"):
        case.start_at_employer("employee")
    case.on(date(2026, 3, 2)).end_at_employer("C")
    assert waiver(case.facts, None, case.day) is None
    assert case.of("employer") == ["ended"]


def test_z7_it_starts_whatever_state_the_referral_is_in(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).propose()
    case.on(date(2026, 4, 27)).start_at_employer()
    assert case.of("employer") == ["running"], "the same one goes on"
    with refused("not_allowed"):
        case.visit("other")
    with refused("not_allowed"):
        case.not_asked()


@pytest.mark.parametrize(
    ("day", "letters"),
    [
        (date(2022, 9, 30), ("A", "B", "C", "D", "E")),
        (date(2022, 10, 1), ("A", "B", "C")),
        (date(2022, 10, 2), ("A", "B", "C")),
        (date(2026, 1, 1), ("A", "B", "C")),
    ],
)
def test_z9_the_decisions_of_a_day(day: date, letters: tuple[str, ...]) -> None:
    assert letters_on(day) == letters


def test_z9_a_decision_is_one_of_its_day(begin: Begin) -> None:
    case = begin(date(2022, 3, 7)).on(date(2022, 6, 6))
    case.start_at_employer()
    case.on(date(2022, 10, 3))
    with pytest.raises(DomainError) as told:
        case.end_at_employer("D")
    with translation.override("en"):
        assert str(told.value) == "On that day the decisions are A, B, C."
    case.backdated(services.end, COORDINATOR, date(2022, 9, 30), decision="D")
    assert case.of("employer") == ["ended"]


def test_z9_only_what_is_asked_for_is_taken(case: Work) -> None:
    with refused("not_allowed"):
        case.end_at_employer()
    with refused("unknown_code"):
        case.start_at_employer("neighbour")
    case.start_at_employer()
    with refused("unknown_code"):
        case.end_at_employer("B", refused_by="neighbour")
    case.end_at_employer("B")
    assert case.of("employer") == ["ended"], "on the same day too"
    case.started()
    with refused("unknown_code"):
        case.to_physician("tea")
    case.to_physician()
    with refused("unknown_code"):
        case.visit("tea")


def test_z9_what_is_recorded_by_whom(case: Work) -> None:
    case.started()
    with refused("not_allowed"):
        case.act(services.start, DOCTOR, requested_by="employer")
    assert Dossier.objects.get(pk=case.dossier.pk).out_of_order == ""
