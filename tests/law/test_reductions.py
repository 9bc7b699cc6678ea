"""What an absence can cost: each row on the day before, on and after its day (X1, X2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dossiers.law.reductions import PERCENTAGES, Span, percentage, period, step_of

DAY = timedelta(1)
LOW, HIGH = Decimal("2.5"), Decimal("10")
LATER = date(2025, 6, 2)
FROM_2023, FROM_2026 = date(2023, 1, 1), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("regime", "before", "after"),
    [("employee", LOW, HIGH), ("unemployed", LOW, HIGH), ("self_employed", LOW, LOW)],
)
def test_x2_the_percentage_by_the_day_of_the_absence(regime: str, before: Decimal, after: Decimal) -> None:
    days = [FROM_2026 - DAY, FROM_2026, FROM_2026 + DAY]
    found = [percentage(regime, started_on=LATER, absent_on=day) for day in days]
    assert found == [before, after, after]


@pytest.mark.parametrize("regime", ["employee", "unemployed", "self_employed"])
@pytest.mark.parametrize("absent_on", [date(2023, 1, 2), date(2026, 5, 4)])
def test_x2_none_for_incapacities_that_started_before_2023(regime: str, absent_on: date) -> None:
    days = [FROM_2023 - DAY, FROM_2023, FROM_2023 + DAY]
    found = [percentage(regime, started_on=day, absent_on=absent_on) for day in days]
    assert found[0] is None
    assert found[1] == found[2] is not None


def test_x2_nothing_before_the_first_row_nor_for_an_unknown_regime() -> None:
    assert percentage("employee", started_on=date(2022, 5, 2), absent_on=FROM_2023 - DAY) is None
    assert percentage("unknown", started_on=LATER, absent_on=LATER) is None


def test_x2_every_row_is_of_another_day() -> None:
    keys = [(regime, row.absent_from) for row in PERCENTAGES for regime in row.regimes]
    assert len(keys) == len(set(keys))


def test_x1_first_second_and_then_again_and_again() -> None:
    assert [step_of(number) for number in range(1, 6)] == ["first", "second", "again", "again", "again"]


ABSENT = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("step", "told", "until"),
    [
        ("second", {}, None),
        ("second", {"asked_on": ABSENT}, ABSENT),
        ("second", {"asked_on": ABSENT + DAY}, ABSENT + DAY),
        ("second", {"asked_on": ABSENT + 9 * DAY, "attended_on": ABSENT + 20 * DAY}, ABSENT + 9 * DAY),
        ("second", {"attended_on": ABSENT + 20 * DAY}, ABSENT + 19 * DAY),
        ("second", {"last_day": ABSENT + 4 * DAY}, ABSENT + 4 * DAY),
        ("second", {"asked_on": ABSENT + 9 * DAY, "last_day": ABSENT + 4 * DAY}, ABSENT + 4 * DAY),
        ("again", {}, None),
        ("again", {"asked_on": ABSENT + 9 * DAY}, None),
        ("again", {"attended_on": ABSENT + DAY}, ABSENT),
        ("again", {"asked_on": ABSENT + 9 * DAY, "attended_on": ABSENT + 20 * DAY}, ABSENT + 19 * DAY),
        ("again", {"attended_on": ABSENT + 20 * DAY, "last_day": ABSENT + 19 * DAY}, ABSENT + 19 * DAY),
        ("again", {"attended_on": ABSENT + 20 * DAY, "last_day": ABSENT + 18 * DAY}, ABSENT + 18 * DAY),
    ],
)
def test_x1_from_the_appointment_until(step: str, told: dict[str, date], until: date | None) -> None:
    assert period(step, ABSENT, **told) == Span(ABSENT, until)


def test_x1_a_first_absence_reduces_nothing() -> None:
    assert period("first", ABSENT, asked_on=ABSENT + DAY) is None


def test_x1_a_period_without_a_day() -> None:
    assert Span(ABSENT, ABSENT - DAY).empty
    assert not Span(ABSENT, ABSENT).empty
    assert not Span(ABSENT, None).empty
