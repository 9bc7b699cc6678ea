"""Within a day the law knows no order (F1): the last word of a day is the one that stays."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dossiers.consents import register
from routing.services import consents
from routing.services import route_a as services
from routing.services.first_contact import plan_first_contact
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, Case, refused
from tests.route_a.test_scenarios import IN_MONTH_4, asked_and_answered, referred, started
from tnw.core.errors import NotAllowed
from trajects.models import Appointment, Traject
from trajects.services import contacts, traject


def test_f1_an_appointment_moved_twice_in_a_day_stays_where_it_was_moved_last(case: Case) -> None:
    referred(case)
    subject = case.plan(date(2026, 5, 4))
    for day in (20, 15):
        at = Case.moment(date(2026, 5, day))
        case.act(contacts.move, COORDINATOR, subject=subject, at=at, form="phone")
    assert Appointment.objects.get(dossier=case.dossier).at == Case.moment(date(2026, 5, 15))
    case.on(date(2026, 5, 15)).meet(subject=subject)
    assert case.states[f"appointment {subject}"] == "held"


def test_f1_a7_the_first_step_changed_twice_in_a_day(case: Case) -> None:
    started(case)
    for step in ("training", "adapted_work"):
        case.act(traject.choose_first_step, COORDINATOR, step=step)
    assert Traject.objects.get(dossier=case.dossier).first_step == "adapted_work"


def test_f1_a_consent_given_withdrawn_and_given_on_one_day(case: Case) -> None:
    started(case).on(date(2026, 5, 12))
    for answer in ("given", "withdrawn", "given"):
        case.act(
            consents.record_consent,
            COORDINATOR,
            answer=answer,
            purpose="consultation",
            party="treating_doctor",
        )
    case.act(
        consents.record_consent, COORDINATOR, answer="refused", purpose="consultation", party="therapist"
    )
    states = {(one.purpose, one.party): one.state for one in register(case.facts)}
    assert states["consultation", "treating_doctor"] == "given"
    assert states["consultation", "therapist"] == "refused", "another party is another question"
    for code, answer, purpose in (
        ("unknown_code", "perhaps", "consultation"),
        ("nothing_to_withdraw", "withdrawn", "employer_referral"),
        ("at_first_contact", "refused", "data_processing"),
    ):
        with refused(code):
            case.act(consents.record_consent, COORDINATOR, answer=answer, purpose=purpose)
    case.act(consents.record_consent, COORDINATOR, answer="withdrawn", purpose="data_processing")
    case.on(date(2026, 5, 13)).act(
        consents.record_consent, COORDINATOR, answer="given", purpose="data_processing"
    )
    assert {(one.purpose, one.party): one.state for one in register(case.facts)}[
        "data_processing", ""
    ] == "given"


def test_f1_a4_category_4_again_on_the_day_of_the_referral_leaves_it(case: Case) -> None:
    referred(case).assess(4, by=MEDICAL)
    assert case.state == "referred"
    case.assess(4, refer=True)
    assert case.state == "referred"
    assert case.kinds.count("referral_made") == 1


def test_a6_no_first_contact_is_planned_without_a_referral(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4)
    at = Case.moment(date(2026, 5, 4))
    with pytest.raises(NotAllowed):
        case.act(plan_first_contact, COORDINATOR, at=at, form="phone")
    case.assess(4, refer=True)
    assert case.act(plan_first_contact, COORDINATOR, at=at, form="phone")


def test_a5_a6_a_referral_after_category_3_starts_a_traject(case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4).assess(3)
    case.on(date(2026, 6, 1)).refer()
    case.on(date(2026, 6, 15)).meet()
    assert case.states == {"route_a": "traject_started", "traject 1": "running"}


ENDS = {
    "withdrawn": Case.withdraw,
    "held": Case.meet,
    "closed": Case.close,
    "assessed otherwise": lambda case: case.on(date(2026, 4, 27)).assess(2),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a5_a6_what_is_planned_goes_with_what_it_was_for(end: Callable[[Case], object], case: Case) -> None:
    referred(case)
    subject = case.plan(date(2026, 5, 29))
    end(case)
    assert case.states[f"appointment {subject}"] == "cancelled"


def test_x1_no_absence_before_the_hour(case: Case) -> None:
    referred(case)
    subject = case.plan(date(2026, 5, 4), hour=18)
    case.on(date(2026, 5, 4))
    with refused("not_yet"):
        case.missed(subject)
    told = {"subject": subject, "excused": False}
    case.on(date(2026, 5, 5)).backdated(contacts.record_absence, COORDINATOR, date(2026, 5, 4), **told)


def test_each_contact_is_held_by_the_act_of_its_purpose(case: Case) -> None:
    referred(case)
    first = case.plan(date(2026, 5, 4))
    examination = case.plan(date(2026, 5, 4), purpose="medical_examination")
    case.on(date(2026, 5, 4))
    with refused("appointment_unknown"):
        case.act(contacts.hold_contact, COORDINATOR, form="phone", report="", subject=first)
    with refused("appointment_unknown"):
        case.act(services.hold_medical_contact, DOCTOR, form="phone", subject=first)
    with refused("appointment_unknown"):
        case.meet(subject=examination)


@pytest.mark.parametrize("category", [1, 2, 3])
def test_a5_at_once_only_category_4_is_referred(category: int, case: Case) -> None:
    asked_and_answered(case).on(IN_MONTH_4)
    with refused("category_not_4"):
        case.assess(category, refer=True)
    assert case.state == "questionnaire_received"


def test_f1_a5_category_4_begins_a_closed_route_anew_from_the_day_after_it(case: Case) -> None:
    referred(case).close()
    with refused("route_closed_then") as found:
        case.assess(4)
    assert found.value.field == "on"
    case.assess(3)  # says why it was closed
    case.on(case.day + timedelta(1)).assess(4, refer=True)
    assert (case.state, case.flag) == ("referred", "")
