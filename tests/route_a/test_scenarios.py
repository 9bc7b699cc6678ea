"""Route A from the feed to the started traject, through the services: what each rule asks, on fixed dates."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from routing.models import RouteA
from routing.services import route_a as services
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, Case, refused
from tnw.core.errors import NotAllowed
from trajects.models import Traject
from trajects.services import contacts

WEEK_11 = date(2026, 3, 16)
MONTH_4_ENDS, MONTH_6_ENDS = date(2026, 5, 4), date(2026, 7, 4)
IN_MONTH_4 = date(2026, 4, 20)
Begin = Callable[..., Case]


def asked_and_answered(case: Case) -> Case:
    case.on(WEEK_11).sent()
    case.on(date(2026, 3, 24)).returned()
    return case


def referred(case: Case) -> Case:
    asked_and_answered(case).on(IN_MONTH_4).assess(4, refer=True)
    return case


def started(case: Case) -> Case:
    referred(case).on(date(2026, 5, 11)).meet()
    return case


# --- the categories


def test_a1_a2_a4_a5_a6_a7_t1_t2_t4_t23_t7_category_4_up_to_the_traject(case: Case) -> None:
    assert (case.state, case.due("T1"), case.open) == (
        "awaiting_questionnaire",
        (WEEK_11, "open"),
        {"T1", "T4", "T17"},
    )
    case.on(WEEK_11).sent()
    assert (case.state, case.due("T1")) == ("questionnaire_sent", (WEEK_11, "met"))
    assert case.due("T2") == (date(2026, 3, 30), "open")
    case.on(date(2026, 3, 24)).returned()
    assert (case.state, case.due("T2")[1]) == ("questionnaire_received", "met")
    case.on(IN_MONTH_4).assess(4, contact="in_person")
    assert (case.state, case.due("T4")) == ("assessed", (MONTH_4_ENDS, "met"))
    assert case.due("T23") == (date(2026, 4, 27), "open")
    case.on(date(2026, 4, 22)).refer()
    assert (case.state, case.due("T23")[1], case.due("T7")) == (
        "referred",
        "met",
        (date(2026, 5, 22), "open"),
    )
    appointment = case.plan(date(2026, 5, 11))
    case.on(date(2026, 5, 11)).meet(subject=appointment)
    assert (case.state, case.due("T7")[1]) == ("traject_started", "met")
    assert case.states == {
        "route_a": "traject_started",
        f"appointment {appointment}": "held",
        "traject 1": "running",
    }
    assert Traject.objects.get().first_step == "guidance"
    assert case.kinds[-4:] == ["first_contact_held", "consent_given", "first_step_chosen", "traject_started"]


def test_a4_a5_t5_category_1_is_referred_from_the_end_of_month_6_on(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4).assess(1)
    assert (case.state, case.due("T5")) == ("assessed", (MONTH_6_ENDS + timedelta(days=1), "open"))
    case.on(MONTH_6_ENDS)
    with pytest.raises(NotAllowed):
        case.refer()
    case.on(MONTH_6_ENDS + timedelta(days=1)).refer()
    assert (case.state, case.due("T5")[1]) == ("referred", "met")


def test_a5_category_1_after_month_6_is_refused(case: Case) -> None:
    asked_and_answered(case).on(MONTH_6_ENDS).assess(1)
    case.on(MONTH_6_ENDS + timedelta(days=1))
    with refused("category_too_late"):
        case.assess(1)
    case.assess(3)


def test_a4_a5_category_2_is_referred_by_a_new_assessment_only(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4)
    with refused("required"):
        case.act(services.assess, DOCTOR, category=2)
    case.assess(2)
    assert not {"T5", "T6", "T23"} & case.open
    with pytest.raises(NotAllowed):
        case.refer()
    case.on(date(2026, 9, 1)).assess(4)
    case.refer()
    assert case.state == "referred"


def test_a4_a5_t6_category_3_looked_at_again_after_two_months_then_referred(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4).assess(3, by=MEDICAL)
    assert case.due("T6") == (date(2026, 6, 20), "open")
    case.on(date(2026, 6, 22)).refer()
    assert (case.state, case.due("T6")[1]) == ("referred", "met_late")


# --- the questionnaire


def test_a3_a4_t2_t3_no_answer_calls_for_support_and_is_no_obstacle(case: Case) -> None:
    case.on(WEEK_11).sent()
    case.on(date(2026, 3, 31))
    assert (case.due("T2")[1], case.due("T3")) == ("overdue", (date(2026, 4, 6), "open"))
    case.record("support_offered", channel="phone")
    assert (case.state, case.due("T3")[1]) == ("questionnaire_sent", "met")
    case.on(IN_MONTH_4).assess(4, refer=True)
    assert case.state == "referred"


def test_a3_t2_an_incomplete_answer_is_none(case: Case) -> None:
    case.on(WEEK_11).sent()
    case.on(date(2026, 3, 20)).returned(complete=False)
    assert (case.state, case.due("T2")[1]) == ("questionnaire_sent", "open")


def test_a2_t1_waived_and_assessed_all_the_same(case: Case) -> None:
    case.on(date(2026, 2, 16)).record("questionnaire_waived", reason="near_pension")
    assert (case.state, case.due("T1")[1]) == ("waived", "fallen_away")
    case.on(IN_MONTH_4).assess(4)
    assert (case.state, case.due("T4")[1]) == ("assessed", "met")


def test_a2_waived_after_an_early_assessment(case: Case) -> None:
    case.on(date(2026, 2, 2)).assess(2)
    case.on(date(2026, 2, 16)).record("questionnaire_waived", reason="medical")
    assert (case.state, case.due("T1")[1]) == ("assessed", "fallen_away")


# --- the self-employed, and medical contacts


def test_t7_self_employed_by_the_end_of_month_6_on_the_first_assessment(begin: Begin) -> None:
    case = referred(begin(regime="self_employed"))
    assert case.due("T7") == (MONTH_6_ENDS, "open")
    case.on(date(2026, 7, 3))
    with refused("step_does_not_fit"):
        case.meet(step="employer")
    case.meet(step="training")
    assert (case.state, case.due("T7")[1]) == ("traject_started", "met")


def test_t7_self_employed_a_month_after_a_later_assessment(begin: Begin) -> None:
    case = begin(regime="self_employed")
    case.on(IN_MONTH_4).assess(3)
    case.on(date(2026, 5, 4)).assess(4, refer=True)
    assert case.due("T7") == (date(2026, 6, 4), "open")


def test_t17_a_contact_beside_the_assessment_meets_month_4(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4)
    assert case.due("T17", 4) == (MONTH_4_ENDS, "open")
    case.assess(4, contact="phone")
    assert case.due("T17", 4)[1] == "met"
    case.on(date(2026, 7, 20))
    assert case.due("T17", 7) == (date(2026, 8, 4), "open")
    appointment = case.plan(date(2026, 7, 28), purpose="medical_examination")
    case.on(date(2026, 7, 28)).act(
        services.hold_medical_contact, MEDICAL, form="in_person", subject=appointment
    )
    assert case.due("T17", 7)[1] == "met"
    assert case.states[f"appointment {appointment}"] == "held"


# --- looked at again


def test_a4_t7_4_to_2_takes_the_referral_back(case: Case) -> None:
    referred(case).on(date(2026, 5, 4)).assess(2)
    assert (case.state, case.due("T7")[1]) == ("assessed", "fallen_away")
    with pytest.raises(NotAllowed):
        case.meet()


def test_a4_t7_4_again_leaves_the_referral(case: Case) -> None:
    referred(case).on(date(2026, 5, 4)).assess(4)
    assert (case.state, case.due("T7")[1]) == ("referred", "open")


def test_a4_t23_2_to_4_opens_the_way_again(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4).assess(2)
    case.on(date(2026, 6, 1)).assess(4)
    assert (case.state, case.due("T23")) == ("assessed", (date(2026, 6, 8), "open"))


def test_a4_an_assessment_of_the_same_day_is_replaced_with_its_referral(case: Case) -> None:
    referred(case).assess(3)
    assert (case.state, case.due("T4")[1]) == ("assessed", "met")
    assert case.kinds[-3:] == ["fact_voided", "fact_voided", "assessment_made"]
    assert "T23" not in case.open
    assert "T7" not in case.open
    assert case.flag == ""
    case.assess(4, refer=True)
    assert case.state == "referred"


def test_a5_t7_t23_a_referral_withdrawn_leaves_the_assessment(case: Case) -> None:
    referred(case).on(date(2026, 4, 28)).withdraw()
    assert (case.state, case.due("T7")[1]) == ("assessed", "fallen_away")
    case.on(date(2026, 6, 1)).refer()
    assert (case.state, case.due("T7")) == ("referred", (date(2026, 7, 1), "open"))


# --- the first contact


def test_a6_t7_refused_consent_meets_the_date_and_closes_the_route(case: Case) -> None:
    referred(case).on(date(2026, 5, 11)).meet(consent="refused", step="")
    assert (case.states, case.due("T7")[1]) == ({"route_a": "closed"}, "met")
    assert case.dossier.route_a.reason == "no_consent"
    assert case.kinds[-3:] == ["first_contact_held", "consent_refused", "route_closed"]


def test_a6_consent_later_the_traject_starts_when_it_is_given(case: Case) -> None:
    referred(case).on(date(2026, 5, 11)).meet(consent="later", step="training")
    assert case.states == {"route_a": "first_contact_held"}
    case.on(date(2026, 5, 20))
    with refused("required"):
        case.decide("given")
    case.decide("given", step="guidance")
    assert case.states == {"route_a": "traject_started", "traject 1": "running"}


def test_a6_p5_health_in_the_way_of_a_consent_that_comes_later(case: Case) -> None:
    referred(case).on(date(2026, 5, 11)).meet(consent="later", step="")
    case.on(date(2026, 5, 18)).assess(3)
    case.on(date(2026, 5, 20))
    with pytest.raises(NotAllowed):
        case.decide("given", step="guidance")
    case.decide("refused")
    assert case.state == "closed"


def test_a6_x3_missed_twice_moves_no_date_then_held(case: Case) -> None:
    referred(case)
    first = case.plan(date(2026, 5, 4))
    case.on(date(2026, 5, 4)).missed(first)
    second = case.plan(date(2026, 5, 15))
    case.on(date(2026, 5, 15)).missed(second, excused=True)
    assert (case.state, case.due("T7")) == ("referred", (date(2026, 5, 20), "open"))
    case.act(contacts.excuse, COORDINATOR, subject=first)
    third = case.plan(date(2026, 5, 26))
    case.on(date(2026, 5, 26))
    assert case.due("T7") == (date(2026, 5, 20), "overdue")
    case.meet(subject=third)
    assert (case.state, case.due("T7")[1]) == ("traject_started", "met_late")
    states = [case.states[f"appointment {one}"] for one in (first, second, third)]
    assert states == ["excused", "excused", "held"]


def test_a6_moved_and_cancelled_and_one_planned_at_a_time(case: Case) -> None:
    referred(case)
    first = case.plan(date(2026, 5, 4))
    with refused("planned_already"):
        case.plan(date(2026, 5, 5))
    at = Case.moment(date(2026, 5, 7))
    case.act(contacts.move, COORDINATOR, subject=first, at=at, form="video")
    case.act(contacts.cancel, COORDINATOR, subject=first)
    assert case.states[f"appointment {first}"] == "cancelled"
    case.plan(date(2026, 5, 12))


# --- rounds


def test_a4_a5_a_second_round_after_closing(case: Case) -> None:
    referred(case).on(date(2026, 4, 30)).close()
    assert (case.state, case.due("T7")[1]) == ("closed", "fallen_away")
    with pytest.raises(NotAllowed):
        case.refer()
    case.on(date(2026, 9, 1)).assess(4, refer=True)
    case.on(date(2026, 9, 14)).meet()
    assert case.states == {"route_a": "traject_started", "traject 1": "running"}
    assert RouteA.objects.get(dossier=case.dossier).round == 2


def test_r1_a5_a_second_round_after_a_traject(case: Case) -> None:
    started(case).on(date(2026, 9, 1))
    with pytest.raises(NotAllowed):
        case.refer()
    case.record("traject_ended", result="no_result")
    case.on(date(2026, 10, 1)).refer()
    case.on(date(2026, 10, 12)).meet(step="training")
    assert case.states == {"route_a": "traject_started", "traject 1": "ended", "traject 2": "running"}


def test_r1_a_traject_by_request_closes_route_a_and_month_4_stays_due(case: Case) -> None:
    case.on(date(2026, 3, 2)).record("contact_requested")
    case.record("first_contact_held", route="B", form="phone")
    case.record("permission_requested", aim="training")
    case.record("permission_granted")
    case.record("traject_started", route="B")
    assert (case.state, case.due("T4")[1]) == ("closed", "open")
    case.on(IN_MONTH_4).assess(4)
    with pytest.raises(NotAllowed):
        case.refer()
