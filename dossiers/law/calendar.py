"""Counting time (D1 to D3): months in one step, Belgian working days, the last day to act."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

ONE_DAY = timedelta(days=1)

# The ten legal holidays of the royal decree of 18-4-1974. The library also knows the two Sundays.
LEGAL_HOLIDAYS = frozenset(
    {
        "New Year's Day",
        "Easter Monday",
        "Labor Day",
        "Ascension Day",
        "Pentecost Monday",
        "National Day",
        "Assumption Day",
        "All Saints' Day",
        "Armistice Day",
        "Christmas Day",
    }
)


def add_months(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of a month that lacks it (D2)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def end_of_month(day: date) -> date:
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


@cache
def legal_holidays(year: int) -> frozenset[date]:
    """The ten legal holidays of a year, on their own day, also where that is a Sunday."""
    named = country_holidays("BE", years=year, language="en_US")
    # Two holidays of one day (1 May 2008) are one entry, their names joined.
    return frozenset(day for day in named if LEGAL_HOLIDAYS.intersection(named.get_list(day)))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in legal_holidays(day.year)


def act_by(day: date) -> date:
    """The last working day on or before a legal date (D3)."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def last_working_day_before(day: date) -> date:
    return act_by(day - ONE_DAY)


def add_working_days(day: date, count: int) -> date:
    """So many working days later; the day itself does not count."""
    while count:
        day += ONE_DAY
        if is_working_day(day):
            count -= 1
    return day
