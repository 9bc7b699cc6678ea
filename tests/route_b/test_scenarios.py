"""Route B from the request to the started traject, through the services: what each rule asks, on fixed dates."""

from collections.abc import Callable
from datetime import date

import pytest

from routing.models import RouteA, RouteB
from routing.services import route_b as services
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tests.route_b.stage import Request
from tnw.core.errors import NotAllowed
from trajects.models import AbsenceProcedure, Appointment, Traject

Begin = Callable[..., Request]
REQUESTED, RECEIVED, MET = date(2026, 1, 19), date(2026, 1, 28), date(2026, 2, 16)


def received(case: Request) -> Request:
    case.on(REQUESTED).request()
    case.on(date(2026, 1, 20)).sent()
    case.on(RECEIVED).returned()
    return case


def asked(case: Request, aim: str = "training") -> Request:
    received(case).on(MET).meet_b()
    case.on(date(2026, 2, 17)).ask(aim)
    return case


# --- the way to the traject


def test_b1_b2_b3_b5_t8_t9_from_the_request_to_the_traject(case: Request) -> None:
    case.on(REQUESTED).request()
    assert (case.b, "T8" in case.open) == ("requested", False)
    case.on(date(2026, 1, 20)).sent()
    assert (case.b, case.due("T2")) == ("questionnaire_sent", (date(2026, 2, 3), "open"))
    case.on(RECEIVED).returned()
    assert (case.b, case.due("T8")) == ("questionnaire_received", (date(2026, 2, 28), "open"))
    appointment = case.plan_first(MET)
    assert Appointment.objects.get(subject=appointment).route == "B"
    case.on(MET).meet_b(subject=appointment)
    assert (case.b, case.due("T8")[1]) == ("contact_held", "met")
    case.on(date(2026, 2, 17)).ask("training")
    assert (case.b, case.due("T9")) == ("permission_requested", (date(2026, 3, 3), "open"))
    case.on(date(2026, 2, 24)).grant()
    assert (case.b, case.due("T9")[1], case.state) == ("traject_started", "met", "closed")
    traject = Traject.objects.get()
    assert (traject.route, traject.first_step, traject.started_on) == ("B", "training", date(2026, 2, 24))
    assert RouteA.objects.get().reason == "superseded"
    assert case.kinds[-2:] == ["permission_granted", "traject_started"]
    assert case.flag == ""


def test_b2_t8_who_answered_before_counts_from_the_request(case: Request) -> None:
    case.on(date(2026, 3, 16)).sent()
    case.on(date(2026, 3, 24)).returned()
    case.on(date(2026, 4, 1)).request()
    assert (case.b, case.due("T8")) == ("questionnaire_received", (date(2026, 5, 1), "open"))


def test_b3_the_first_contact_may_come_before_the_answer(case: Request) -> None:
    case.on(REQUESTED).request()
    case.on(date(2026, 1, 22)).meet_b()
    assert case.b == "contact_held"


def test_b5_refused_twice_then_granted_and_the_aim_changes(case: Request) -> None:
    asked(case, "training").on(date(2026, 2, 20)).deny()
    assert (case.b, case.due("T9")[1], case.due("T10")) == (
        "permission_refused",
        "met",
        (date(2026, 3, 16), "open"),
    )
    with pytest.raises(NotAllowed):
        case.ask("guidance")
    case.on(date(2026, 3, 2)).meet_again()
    assert (case.b, case.due("T10")[1]) == ("contact_held", "met")
    case.on(date(2026, 3, 3)).ask("adapted_work")
    case.on(date(2026, 3, 10)).deny()
    assert case.due("T10") == (date(2026, 4, 2), "open")
    case.on(date(2026, 4, 7)).meet_again()
    assert case.due("T10")[1] == "met_late"
    case.on(date(2026, 4, 8)).ask("former_activity", "guidance")
    assert RouteB.objects.get().aim == "former_activity"
    case.on(date(2026, 4, 15)).grant()
    assert (case.b, Traject.objects.get().first_step, case.flag) == ("traject_started", "guidance", "")


def test_a7_b5_the_first_step_is_asked_where_the_aim_does_not_say_it(begin: Begin) -> None:
    case = begin(regime="self_employed", contract="")
    received(case).on(MET).meet_b()
    with refused("required"):
        case.ask("former_activity")
    with refused("step_does_not_fit"):
        case.ask("former_activity", "employer")
    case.ask("guidance")


def test_b5_a_refusal_needs_both_texts(case: Request) -> None:
    asked(case).on(date(2026, 2, 20))
    for lacking in ({"reason": "", "for_insured": "x"}, {"reason": "x", "for_insured": " "}):
        with refused("required"):
            case.act(services.refuse, DOCTOR, **lacking)


def test_b4_via_the_occupational_physician_and_back(case: Request) -> None:
    received(case).on(MET).meet_b()
    case.on(date(2026, 2, 18)).record("occupational_referral_made")
    assert case.b == "with_occupational_physician"
    with pytest.raises(NotAllowed):
        case.ask()
    case.on(date(2026, 3, 20)).record("pre_return_visit_held", outcome="no_employer_traject")
    assert case.b == "contact_held"
    case.on(date(2026, 3, 23)).ask("other_activity", "regional_service")
    case.on(date(2026, 3, 27)).grant()
    assert Traject.objects.get().first_step == "regional_service"


def test_x1_a_missed_contact_of_this_route_has_no_consequence(case: Request) -> None:
    received(case)
    appointment = case.plan_first(date(2026, 2, 10))
    case.on(date(2026, 2, 10)).missed(appointment)
    assert (case.b, case.due("T8")[1]) == ("questionnaire_received", "open")
    assert not AbsenceProcedure.objects.exists()
    case.on(MET).meet_b()
    assert case.b == "contact_held"


@pytest.mark.parametrize("how", ["withdrawn", "category 2"])
def test_x1_an_appointment_that_the_request_alone_keeps_has_no_consequence_either(
    case: Request, how: str
) -> None:
    """Made for both, of no route in particular; what was referred is taken back before its day."""
    received(case).on(date(2026, 2, 2)).assess(4, refer=True)
    appointment = case.plan_first(date(2026, 2, 10))
    assert Appointment.objects.get(subject=appointment).route == ""
    case.on(date(2026, 2, 3))
    if how == "withdrawn":
        case.withdraw()
    else:
        case.assess(2)
    assert case.states[f"appointment {appointment}"] == "planned"
    case.on(date(2026, 2, 10)).missed(appointment)
    assert case.states[f"appointment {appointment}"] == "missed"
    assert not AbsenceProcedure.objects.exists()
    assert case.flag == ""


def test_x1_missed_by_who_is_referred_it_counts_though_he_asked_for_contact_too(case: Request) -> None:
    received(case).on(date(2026, 2, 2)).assess(4, refer=True)
    appointment = case.plan_first(date(2026, 2, 10))
    case.on(date(2026, 2, 10)).missed(appointment)
    assert AbsenceProcedure.objects.get().subject == appointment


def test_a6_without_consent_the_route_closes(case: Request) -> None:
    received(case).on(MET)
    with refused("unknown_code"):
        case.meet_b(consent="perhaps")
    case.meet_b(consent="refused")
    assert (case.b, RouteB.objects.get().reason) == ("closed", "no_consent")
    assert (case.state, "T8" in case.open) == ("questionnaire_received", False), "route A goes on"
    case.on(date(2026, 3, 2)).request()
    assert RouteB.objects.count() == 2


def test_p5_what_the_doctor_refused_no_other_route_starts(case: Request) -> None:
    asked(case).on(date(2026, 2, 20)).deny()
    case.on(date(2026, 4, 20)).assess(4, refer=True)
    case.on(date(2026, 5, 4)).meet(consent="given")
    assert Traject.objects.get().route == "A", "assessed anew, health allows it"


def test_p5_refused_after_the_referral_and_before_consent(case: Request) -> None:
    asked(case).on(date(2026, 2, 20)).assess(4, refer=True)
    case.on(date(2026, 2, 23)).deny()
    case.on(date(2026, 2, 25))
    with pytest.raises(NotAllowed):
        case.meet(consent="given")
    case.meet(consent="later")
    assert case.state == "first_contact_held"


# --- two routes open


def test_r1_a_b_one_contact_serves_both_and_consent_starts_by_referral(case: Request) -> None:
    received(case).on(date(2026, 2, 2)).assess(4, refer=True)
    appointment = case.plan_first(date(2026, 2, 10))
    assert Appointment.objects.get(subject=appointment).route == ""
    case.on(date(2026, 2, 10))
    with refused("serves_both"):
        case.meet_b(subject=appointment)
    case.meet(consent="later", subject=appointment)
    assert (case.state, case.b) == ("first_contact_held", "contact_held")
    assert {case.due("T7")[1], case.due("T8")[1]} == {"met"}
    case.on(date(2026, 2, 16)).decide("given", "guidance")
    assert (case.state, case.b, RouteB.objects.get().reason) == ("traject_started", "closed", "superseded")


def test_r1_a_b_granted_first_supersedes_the_referral_and_its_appointment(case: Request) -> None:
    asked(case).on(date(2026, 2, 18)).assess(4, refer=True)
    appointment = case.plan_first(date(2026, 3, 2))
    assert Appointment.objects.get(subject=appointment).route == ""
    case.on(date(2026, 2, 20)).grant()
    assert (case.state, case.b) == ("closed", "traject_started")
    assert case.states[f"appointment {appointment}"] == "cancelled"
    assert case.due("T7")[1] == "fallen_away"


def test_a6_consent_refused_closes_both(case: Request) -> None:
    received(case).on(date(2026, 2, 2)).assess(4, refer=True)
    case.on(date(2026, 2, 10)).meet(consent="refused", step="")
    assert (case.state, case.b) == ("closed", "closed")


def test_b3_what_ends_one_route_leaves_the_appointment_for_the_other(case: Request) -> None:
    received(case).on(date(2026, 2, 2)).assess(4, refer=True)
    appointment = case.plan_first(date(2026, 2, 16))
    case.on(date(2026, 2, 3)).withdraw()
    assert case.states[f"appointment {appointment}"] == "planned"
    case.on(date(2026, 2, 4)).close_b()
    assert case.states[f"appointment {appointment}"] == "cancelled"
    assert (case.b, "T8" in case.open) == ("closed", False)


def test_t19_closed_by_the_doctor_for_health(case: Request) -> None:
    asked(case).on(date(2026, 2, 20)).close_b("health", by=DOCTOR)
    assert (case.b, case.due("T9")[1]) == ("closed", "fallen_away")
    with pytest.raises(NotAllowed):
        case.act(services.close_route, COORDINATOR, reason="declined")


def test_r1_no_request_beside_a_running_traject(case: Request) -> None:
    asked(case).on(date(2026, 2, 20)).grant()
    with pytest.raises(NotAllowed):
        case.request()


def test_b5_permission_granted_in_history_still_starts(case: Request) -> None:
    received(case).on(MET).meet_b()
    case.on(date(2026, 2, 17)).record("permission_requested", aim="former_activity")
    case.on(date(2026, 2, 18)).record("permission_granted")
    assert case.b == "permission_granted"
    case.act(services.start_traject, COORDINATOR, first_step="guidance")
    assert case.b == "traject_started"
