"""What becomes of a first contact that is planned when nobody waits for it any more."""

from collections.abc import Callable
from datetime import date

import pytest

from routing.services import route_a as services
from tests.route_a.stage import COORDINATOR, DOCTOR, Case, refused
from tests.route_a.test_scenarios import referred
from trajects.services import contacts

AHEAD = date(2026, 5, 20)


def closed(case: Case) -> None:
    case.close()


@pytest.mark.parametrize("end", [Case.withdraw, closed])
def test_a6_what_lies_ahead_is_cancelled_and_what_is_past_waits_for_its_outcome(
    case: Case, end: Callable[[Case], None]
) -> None:
    past = referred(case).plan(date(2026, 5, 4))
    case.on(date(2026, 5, 5))
    ahead = case.plan(AHEAD)
    end(case)
    assert case.states[f"appointment {ahead}"] == "cancelled"
    assert case.states[f"appointment {past}"] == "planned"
    told = {"subject": past, "excused": False}
    case.backdated(contacts.record_absence, COORDINATOR, date(2026, 5, 4), **told)
    assert (case.states[f"appointment {past}"], case.flag) == ("missed", "")


def test_a6_what_was_planned_after_an_end_that_came_late_is_taken_back(case: Case) -> None:
    referred(case).on(date(2026, 5, 11))
    made = case.plan(AHEAD)
    last_day = date(2026, 5, 8)
    case.fed(date(2026, 5, 13), end=last_day, end_reason="resumed")
    case.backdated(services.withdraw_referral, DOCTOR, last_day)
    assert (case.state, case.flag) == ("assessed", "")
    assert f"appointment {made}" not in case.states


def test_a6_an_answer_that_is_none_is_refused(case: Case) -> None:
    referred(case).on(date(2026, 5, 11))
    with refused("unknown_code"):
        case.meet(consent="perhaps")
    case.meet(consent="later", step="")
    with refused("unknown_code"):
        case.decide("perhaps")
