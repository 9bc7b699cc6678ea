"""T20: a correction gets round no condition that the act itself has; what came in as history keeps what it says."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from dossiers.law.facts import Fact, fact
from tests.corrections.test_correct import (
    ASSESSED,
    CONSENT,
    CONTACT,
    DAY,
    FORMAL,
    LIFE,
    PLANNED,
    REFERRED,
    STARTED,
    TODAY,
    Book,
    C,
    D,
    on,
)  # fmt: skip
from tests.route_a.stage import refused
from tnw.web.demo.people import enterprise_number

Make = Callable[..., Book]
EMPLOYED = {"employment_contract": "true", "employer_number": enterprise_number(12_345)}
RUNS = [ASSESSED, REFERRED, PLANNED, CONTACT, CONSENT, STARTED]
REFERRED_THERE = fact("occupational_referral_made", on(4), "e-1")
BEGUN = fact("employer_traject_started", on(6), "e-2", requested_by="employer")
OVER = fact("employer_traject_ended", on(20), "e-3", decision="B")
TALKED = fact("contact_held", on(22), "k-1", form="phone")


def formal(day: date, condition: int) -> Fact:
    return fact("reintegration_started", day, "z-1", condition=condition)


def test_a5_no_category_1_after_month_6(book: Make) -> None:
    one = book(fact("assessment_made", date(2025, 8, 1), "a-1", category=3), start=date(2025, 1, 6))
    with refused("category_too_late"):
        one.correct("a-1", by=D, category=1)
    one.correct("a-1", by=D, category=2)
    one.correct("a-1", by=D, day=date(2025, 7, 5), category=1)
    with refused("category_too_late"):
        one.correct("a-1", by=D, day=date(2025, 7, 6))


def test_z1_the_condition_is_borne_out(book: Make) -> None:
    one = book(*RUNS, formal(on(4), 2), **EMPLOYED)
    for condition in (1, 3, 4):
        with refused("condition_does_not_hold"):
            one.correct("z-1", by=C, condition=condition)
    one.correct("z-1", by=C, day=on(5))
    assert (one.reads("z-1").get("condition"), one.flag) == (2, "")
    one = book(*RUNS, formal(on(4), 2))  # history that was never borne out
    one.correct("z-1", by=C, day=on(5))
    with refused("condition_does_not_hold"):
        one.correct("z-1", by=C, condition=3)
    one.correct("z-1", by=C, condition=1)


def test_z1_the_condition_is_borne_out_as_it_stood_then(book: Make) -> None:
    """What came at the employer after the start bears out nothing, and takes nothing away."""
    history = [*RUNS, REFERRED_THERE, BEGUN, OVER, TALKED]
    one = book(*history, formal(on(25), 3), fact("employer_traject_started", on(30), "e-4", requested_by="employee"),
        fact("traject_suspended", on(30), "h-1", reason="employer_traject"), **EMPLOYED)  # fmt: skip
    one.correct("z-1", by=C, condition=4)
    with refused("condition_does_not_hold"):
        one.correct("z-1", by=C, day=on(21))  # before the contact in which it was agreed
    with refused("condition_does_not_hold"):
        one.correct("z-1", by=C, condition=2)
    early = book(*RUNS, formal(on(4), 2), fact("occupational_referral_made", on(9), "e-1"), **EMPLOYED)
    early.correct("z-1", by=C, day=on(8))
    with refused("condition_does_not_hold"):
        early.correct("z-1", by=C, day=on(9))


def test_z9_the_decision_is_one_of_that_day(book: Make) -> None:
    one = book(*RUNS, REFERRED_THERE, BEGUN, OVER, **EMPLOYED)
    with refused("unknown_decision"):
        one.correct("e-3", by=C, decision="D")
    one.correct("e-3", by=C, decision="C")


def test_z8_the_result_is_borne_out(book: Make) -> None:
    ended = fact("traject_ended", on(40), "t-2", result="no_result")
    over = fact("reintegration_ended", on(39), "z-2", result="no_result")
    one = book(*RUNS, FORMAL, over, ended)
    for told in ("t-2", "z-2"):
        for result in ("training_finished", "incapacity_ended", "adapted_work", "resumed_own_employer"):
            with refused("result_does_not_fit"):
                one.correct(told, by=C, result=result)
        one.correct(told, by=C, result="stopped_by_insured")
    # As it stood when it ended, whatever came of it later.
    worked = [
        fact("adapted_work_planned", on(10), "w-1", "w", starts_on=on(20)),
        fact("adapted_work_declared", on(11), "w-2", "w"),
        fact("adapted_work_ended", on(45), "w-4", "w"),
        fact("adapted_work_permitted", on(12), "w-3", "w", **{"from": on(20)}),
    ]
    trained = [
        fact("training_proposed", on(5), "x-1", "x", proposed_by="insured"),
        fact("training_advised", on(6), "x-2", "x", favorable=True),
        fact("training_submitted", on(7), "x-3", "x"),
        fact("training_reviewed", on(8), "x-4", "x", favorable=True),
        fact("training_decided", on(9), "x-5", "x", approved=True, **{"from": on(10), "to": on(30)}),
        fact("training_completed", on(30), "x-6", "x", success=True),
    ]
    one = book(*RUNS, *worked, *trained, ended)
    assert one.flag == ""
    one.correct("t-2", by=C, result="adapted_work")
    one.correct("t-2", by=C, result="training_finished")
    with refused("days_of_none"):
        one.correct("x-5", by=C, approved=False)
    with refused("wrong_period"):
        one.correct("x-5", by=C, to=on(9))
    with refused("required"):
        one.correct("x-5", by=C, to=None)


def test_w1_a_permission_is_for_a_period_and_hours_of_a_week(book: Make) -> None:
    one = book(
        fact("adapted_work_planned", on(10), "w-1", "w", starts_on=on(20)),
        fact("adapted_work_declared", on(11), "w-2", "w"),
        fact("adapted_work_permitted", on(12), "w-3", "w", **{"from": on(20), "to": on(40), "hours": "19"}),
    )
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("wrong_period", {"to": on(19)}),
        ("wrong_hours", {"hours": Decimal(500)}),
        ("wrong_hours", {"hours": Decimal(0)}),
        ("not_recognized", {"from": date(2026, 1, 4)}),
    ]
    for code, told in wrong:
        with refused(code):
            one.correct("w-3", by=D, **told)
    with refused("not_recognized"):
        one.correct("w-1", by=C, starts_on=date(2026, 1, 4))
    one.correct("w-3", by=D, hours=Decimal(168), to=on(20))


def test_a7_no_first_step_at_an_employer_that_is_none(book: Make) -> None:
    one = book(*RUNS, fact("first_step_chosen", on(5), "s-2", step="guidance"))
    with refused("step_does_not_fit"):
        one.correct("s-2", by=C, step="employer")
    one.correct("s-2", by=C, step="training")


def test_c2_a_registration_stays_within_the_window_of_its_service(book: Make) -> None:
    told = {"service": "vdab", "registered_on": date(2023, 5, 2)}
    one = book(fact("registration_reported", date(2023, 5, 3), "g-1", "g", **told), start=date(2022, 1, 10))
    for wrong in ({"registered_on": date(2023, 2, 28)}, {"service": "adg"}, {"service": "forem"}):
        with refused("outside_window"):
            one.correct("g-1", by=C, **wrong)
    one.correct("g-1", by=C, service="forem", registered_on=date(2023, 5, 22), day=date(2023, 5, 23))
    assert one.reads("g-1").get("service") == "forem"


def test_x3_the_number_of_one_registered_letter_proves_no_other(book: Make) -> None:
    missed = [
        fact("absence_recorded", on(10 + 20 * n), f"m-{n}", f"m{n}", purpose="medical_examination")
        for n in range(2)
    ]
    letters = [
        fact("registered_letter_sent", on(12 + 20 * n), f"l-{n}", f"m{n}", step=step, proof=f"RR {n}")
        for n, step in enumerate(("first", "second"))
    ]
    one = book(*missed, *letters)
    with refused("number_used"):
        one.correct("l-1", by=C, proof="RR 0")
    with refused("fixed"):  # what the letter says
        one.correct("l-0", by=C, step="second")
    one.correct("l-1", by=C, proof="RR 9")
    one.correct("l-1", by=C, day=on(33))  # its own number it may keep, and have back
    one.correct("l-1", by=C, proof="RR 1")
    one.correct("l-1", by=C, proof="RR 9")
    with refused("number_used"):  # by what another reads now
        one.correct("l-0", by=C, proof="RR 9")
    one.correct("l-0", by=C, proof="RR 1")  # nobody's any more


def test_t20_a_day_that_moves_no_condition_is_corrected_as_ever(book: Make) -> None:
    one = book(*LIFE)
    one.correct("z-1", by=C, day=on(5))
    assert (one.flag, on(5) + DAY <= TODAY) == ("", True)
