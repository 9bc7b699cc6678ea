"""How the formal part starts: under which of the four conditions, as they are recorded (Z1, Z7, Z9)."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from tests.reintegration.conftest import RUNS, Begin
from tests.reintegration.stage import DAY, MARCH, Part, fails
from tests.route_a.stage import COORDINATOR
from tnw.core.errors import DomainError, NotAllowed
from trajects.services import employer

Happen = Callable[[Part], object]


def referral(part: Part) -> None:
    part.on(MARCH).record("occupational_referral_made")


def not_asked(part: Part) -> None:
    referral(part)
    part.on(date(2026, 3, 16)).record("pre_return_visit_held", outcome="no_employer_traject")


def without_a_visit(part: Part) -> None:
    referral(part)
    part.on(date(2026, 3, 16)).record("employer_traject_declined")


def ended_with(decision: str, **more: bool) -> Happen:
    def happen(part: Part) -> None:
        referral(part)
        part.record("employer_traject_started", requested_by="employee")
        part.on(date(2026, 3, 16)).record("employer_traject_ended", decision=decision, **more)

    return happen


def and_talk(before: Happen) -> Happen:
    def happen(part: Part) -> None:
        before(part)
        part.talk()

    return happen


def talk_before(before: Happen) -> Happen:
    def happen(part: Part) -> None:
        part.on(RUNS + DAY).talk()
        before(part)

    return happen


def nothing(part: Part) -> None:
    """Nothing happens."""


CONDITIONS: list[tuple[bool, Happen, set[int]]] = [
    (False, nothing, {1}),
    (True, nothing, {2}),
    (True, lambda part: part.on(MARCH).record("occupational_referral_proposed"), {2}),
    (True, referral, set()),
    (True, not_asked, set()),
    (True, talk_before(not_asked), set()),
    (True, and_talk(not_asked), {3}),
    (True, and_talk(without_a_visit), {3}),
    (True, ended_with("B"), set()),
    (True, talk_before(ended_with("B")), set()),
    (True, and_talk(ended_with("B")), {4}),
    (True, and_talk(ended_with("B", plan_carried_out=False)), {4}),
    (True, and_talk(ended_with("B", plan_carried_out=True)), set()),
    (True, and_talk(ended_with("A")), set()),
    (True, and_talk(ended_with("C")), set()),
]


@pytest.mark.parametrize(("contract", "before", "fitting"), CONDITIONS)
def test_z1_starts_only_under_the_condition_that_is_recorded(
    begin: Begin, contract: bool, before: Happen, fitting: set[int]
) -> None:
    part = begin(contract=contract)
    before(part)
    part.on(date(2026, 3, 23))
    for condition in {1, 2, 3, 4} - fitting:
        fails("condition_does_not_hold", partial(part.start, condition))
    assert part.parts == []
    for condition in fitting:
        part.start(condition)
        assert [(one.state, one.condition) for one in part.parts] == [("awaiting_signatures", condition)]


@pytest.mark.parametrize(
    ("decision", "ended", "holds"),
    [("C", date(2022, 9, 30), True), ("D", date(2022, 9, 30), True), ("C", date(2022, 10, 3), False),
     ("A", date(2022, 9, 30), False), ("B", date(2022, 10, 3), True)],
)  # fmt: skip
def test_z1_z9_before_october_2022_c_and_d_ended_it_for_good(
    begin: Begin, decision: str, ended: date, holds: bool
) -> None:
    part = begin(contract=True, start=date(2022, 6, 1), runs=date(2022, 8, 1))
    part.on(date(2022, 9, 5)).record("employer_traject_started", requested_by="employer")
    part.on(ended).record("employer_traject_ended", decision=decision)
    part.on(date(2022, 10, 10)).talk()
    if holds:
        part.start(4)
    else:
        fails("condition_does_not_hold", lambda: part.start(4))


def test_z1_a_plan_of_the_employer_that_was_carried_out_is_asked_for_at_the_end(begin: Begin) -> None:
    part = begin(contract=True)
    part.on(MARCH).record("employer_traject_started", requested_by="employee")
    part.on(date(2026, 3, 16)).act(employer.end, COORDINATOR, decision="B", plan_carried_out=True)
    part.talk()
    with pytest.raises(DomainError, match="a plan was carried out") as found:
        part.start(4)
    assert found.value.field == "condition"


def test_z1_needs_agreement_a_running_traject_and_no_other_part(part: Part) -> None:
    fails("required", lambda: part.start(agreed=False))
    part.start()
    fails("not_allowed", part.start)
    part.on(MARCH).end_part()
    # Within a day, what begins comes before what ends (F1): the next one starts a day later.
    with pytest.raises(NotAllowed, match="choose a day after it"):
        part.start()
    part.on(MARCH + DAY).start()
    part.on(MARCH + 2 * DAY).end()
    fails("not_allowed", part.start)


def test_z7_not_while_a_traject_at_the_employer_runs(begin: Begin) -> None:
    part = begin(contract=True)
    part.on(MARCH).record("employer_traject_started", requested_by="employer")
    with pytest.raises(NotAllowed, match="A traject at the employer is running"):
        part.start(2)
