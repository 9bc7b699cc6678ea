"""Days in words: a date as it is written here, weekends and legal holidays by their names."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext
from holidays import country_holidays

from dossiers.law.calendar import LEGAL_HOLIDAYS, ONE_DAY, act_by, legal_holidays

_LANGUAGES = {"nl": "nl", "fr": "fr", "de": "de"}


def written(day: date) -> str:
    """The date as it is written in Belgium."""
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def holiday(day: date) -> str:
    """The name of a legal holiday in the reader's language; empty for any other day."""
    if day not in legal_holidays(day.year):
        return ""
    return _names(day.year, _LANGUAGES.get((get_language() or "")[:2], "en_US"))[day]


@cache
def _names(year: int, language: str) -> dict[date, str]:
    codes = country_holidays("BE", years=year, language="en_US")
    names = country_holidays("BE", years=year, language=language)
    # The names of one day stand in the same order in every language; those of no legal holiday are left out.
    return {
        day: ", ".join(
            name
            for code, name in zip(codes.get_list(day), names.get_list(day), strict=True)
            if code in LEGAL_HOLIDAYS
        )
        for day in codes
    }


def free_weekdays(first: date, last: date) -> Iterator[date]:
    """The legal holidays from Monday to Friday between two days, both included."""
    day = first
    while day <= last:
        if day.weekday() < 5 and day in legal_holidays(day.year):
            yield day
        day += ONE_DAY


def named(days: Iterator[date]) -> str:
    """Legal holidays by name and date, as a list."""
    return ", ".join(
        gettext("%(holiday)s on %(day)s") % {"holiday": holiday(day), "day": written(day)} for day in days
    )


def to_act(falls_on: date) -> str:
    """Why the last day to act is an earlier one than the legal date (D3); empty where it is that date."""
    last = act_by(falls_on)
    if last == falls_on:
        return ""
    why = [falls_on, *(day for day in free_weekdays(last, falls_on) if day != falls_on)]
    return gettext("To be done by %(day)s, the last working day: %(why)s.") % {
        "day": written(last),
        "why": ", ".join(map(_free, why)),
    }


def _free(day: date) -> str:
    if name := holiday(day):
        return gettext("%(day)s is a legal holiday (%(holiday)s)") % {"day": written(day), "holiday": name}
    return gettext("%(day)s is a %(weekday)s") % {"day": written(day), "weekday": WEEKDAYS[day.weekday()]}
