"""Z7, T20: what suspended or resumed the formal part goes with the traject at the employer when that is corrected."""

from datetime import date, timedelta

import pytest

from dossiers import acts
from dossiers.law.facts import corrected
from tests.employer.stage import Work
from tests.route_a.stage import COORDINATOR
from trajects.services import employer as services

DAY = timedelta(1)
STARTED, SIGNED, BEGAN, OVER = date(2026, 4, 16), date(2026, 4, 20), date(2026, 5, 4), date(2026, 5, 18)


@pytest.fixture
def part(case: Work) -> Work:
    """The interview for the plan is due by 20 May."""
    case.started().on(STARTED).record("reintegration_started", condition=2)
    case.record("declaration_drawn_up", "d")
    for number, role in enumerate(("insured", "coordinator", "advisory_doctor")):
        case.on(SIGNED - (2 - number) * DAY).record("declaration_signed", "d", role=role, method="paper")
    case.record("declaration_completed", "d")
    assert case.due("T11") == (date(2026, 5, 20), "open")
    return case


def id_of(case: Work, kind: str) -> str:
    return [one.id for one in case.facts if one.kind == kind][-1]


def void(case: Work, kind: str) -> None:
    case.act(acts.void, COORDINATOR, fact_id=id_of(case, kind), reason="mistake")


def correct(case: Work, kind: str, day: date) -> None:
    told = {"fact_id": id_of(case, kind), "day": day, "values": {}, "reason": "A slip of the pen."}
    case.act(acts.correct, COORDINATOR, **told)


def days(case: Work, kind: str) -> list[date]:
    return [one.on for one in corrected(case.facts) if one.kind == kind]


def test_z7_t20_the_start_taken_back_suspended_nothing(part: Work) -> None:
    part.on(BEGAN).start_at_employer()
    part.on(BEGAN + 4 * DAY)
    void(part, "employer_traject_started")
    assert (part.of("reintegration"), part.flag) == (["planning"], "")
    assert part.on(date(2026, 6, 1)).due("T11") == (date(2026, 5, 20), "overdue")
    part.start_at_employer()
    part.on(date(2026, 6, 2))
    void(part, "traject_suspended")  # by itself before, so that it is nobody's any more
    void(part, "employer_traject_started")
    assert (part.of("reintegration"), part.flag) == (["planning"], "")


def test_z7_t20_the_end_taken_back_resumed_nothing(part: Work) -> None:
    part.on(BEGAN).start_at_employer()
    part.on(OVER).end_at_employer("A")
    void(part, "employer_traject_ended")
    assert (part.of("reintegration"), part.of("employer"), part.flag) == (["suspended"], ["running"], "")
    part.end_at_employer("C")
    assert (part.of("reintegration"), part.flag) == (["planning"], "")


def test_z7_t20_another_day_of_start_or_end_moves_the_suspension_with_it(part: Work) -> None:
    part.on(BEGAN).start_at_employer()
    part.on(OVER).end_at_employer("A")
    assert part.due("T11")[0] == date(2026, 6, 3)
    correct(part, "employer_traject_ended", OVER - 7 * DAY)
    assert (part.due("T11")[0], days(part, "traject_resumed")) == (date(2026, 5, 27), [OVER - 7 * DAY])
    correct(part, "employer_traject_started", BEGAN + 2 * DAY)
    assert (part.due("T11")[0], days(part, "traject_suspended")) == (date(2026, 5, 25), [BEGAN + 2 * DAY])
    # Before the formal part it cannot be suspended.
    correct(part, "employer_traject_started", STARTED - 2 * DAY)
    assert days(part, "traject_suspended") == [STARTED]
    assert part.flag == ""


def test_z7_t20_what_another_reason_suspended_stays(part: Work) -> None:
    part.on(date(2026, 4, 27)).record("traject_suspended", reason="illness")
    part.on(BEGAN).start_at_employer()
    void(part, "employer_traject_started")
    assert part.of("reintegration") == ["suspended"]


def test_z7_t20_a_suspension_that_was_corrected_by_itself_stays_where_it_was_put(part: Work) -> None:
    part.on(OVER).backdated(services.start, COORDINATOR, BEGAN, requested_by="employer")
    correct(part, "traject_suspended", BEGAN + DAY)
    correct(part, "employer_traject_started", BEGAN - DAY)
    assert days(part, "traject_suspended") == [BEGAN + DAY]
