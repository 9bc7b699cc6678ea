"""Counting time: D1 to D3."""

from datetime import date

import pytest

from dossiers.law.calendar import (
    act_by,
    add_months,
    add_working_days,
    end_of_month,
    is_working_day,
    last_working_day_before,
    legal_holidays,
)
from tests.law.build import d


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-08-31", 9, "2024-05-31"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2100-01-29", 1, "2100-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2023-05-15", 0, "2023-05-15"),
        ("2023-12-01", 1, "2024-01-01"),
    ],
)
def test_d2_a_month_later_is_the_same_day_number_or_the_last_of_the_month(
    day: str, months: int, later: str
) -> None:
    assert add_months(d(day), months) == d(later)


def test_d2_months_are_added_in_one_step() -> None:
    by_steps = d("2023-08-31")
    for _ in range(9):
        by_steps = add_months(by_steps, 1)
    assert by_steps == d("2024-05-29")
    assert add_months(d("2023-08-31"), 9) == d("2024-05-31")


def test_the_ten_legal_holidays() -> None:
    assert sorted(legal_holidays(2024)) == [
        date(2024, 1, 1),
        date(2024, 4, 1),
        date(2024, 5, 1),
        date(2024, 5, 9),
        date(2024, 5, 20),
        date(2024, 7, 21),
        date(2024, 8, 15),
        date(2024, 11, 1),
        date(2024, 11, 11),
        date(2024, 12, 25),
    ]


@pytest.mark.parametrize(
    ("year", "easter_monday", "ascension", "whit_monday"),
    [
        (2022, "2022-04-18", "2022-05-26", "2022-06-06"),
        (2023, "2023-04-10", "2023-05-18", "2023-05-29"),
        (2025, "2025-04-21", "2025-05-29", "2025-06-09"),
        (2026, "2026-04-06", "2026-05-14", "2026-05-25"),
        (2038, "2038-04-26", "2038-06-03", "2038-06-14"),
    ],
)
def test_movable_holidays(year: int, easter_monday: str, ascension: str, whit_monday: str) -> None:
    assert {d(easter_monday), d(ascension), d(whit_monday)} <= legal_holidays(year)
    assert len(legal_holidays(year)) == 10


def test_two_holidays_on_one_day_are_both_known() -> None:
    """Ascension Day of 2008 fell on the first of May."""
    assert d("2008-05-01") in legal_holidays(2008)
    assert len(legal_holidays(2008)) == 9


@pytest.mark.parametrize("day", ["2023-12-26", "2023-11-02", "2023-11-15", "2023-07-11", "2023-09-27"])
def test_days_off_that_are_no_legal_holiday_are_working_days(day: str) -> None:
    assert is_working_day(d(day))


@pytest.mark.parametrize(
    ("day", "acted"),
    [
        ("2024-04-01", "2024-03-29"),
        ("2024-05-20", "2024-05-17"),
        ("2024-05-09", "2024-05-08"),
        ("2023-07-23", "2023-07-20"),
        ("2024-01-01", "2023-12-29"),
        ("2024-05-08", "2024-05-08"),
    ],
)
def test_d3_act_by_is_the_last_working_day_on_or_before(day: str, acted: str) -> None:
    assert act_by(d(day)) == d(acted)


def test_working_days_skip_weekends_and_holidays() -> None:
    assert add_working_days(d("2023-05-15"), 10) == d("2023-05-31")
    assert add_working_days(d("2024-12-24"), 1) == d("2024-12-26")
    assert add_working_days(d("2024-12-21"), 5) == d("2024-12-30")
    assert last_working_day_before(d("2024-04-02")) == d("2024-03-29")
    assert last_working_day_before(d("2024-04-05")) == d("2024-04-04")


def test_end_of_month() -> None:
    assert end_of_month(d("2024-02-03")) == d("2024-02-29")
    assert end_of_month(d("2023-12-31")) == d("2023-12-31")
