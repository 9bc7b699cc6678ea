"""The fields that all forms share: days and hours as people here type them."""

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from tnw.core import clock

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


DAY = _("Day")
NO_SUCH_DAY = _("This day does not exist.")
# How they are written, in letters: an example could be taken for what stands there already.
WRITTEN, WRITTEN_HOUR = _("dd/mm/yyyy"), _("hh:mm")
TYPED_DAY = (
    re.compile(r"(?P<day>\d{1,2})([/. -])(?P<month>\d{1,2})(?:\2(?P<year>\d{4}|\d{2}))?", re.ASCII),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
)
TYPED_HOUR = (
    re.compile(r"(?P<hour>\d{1,2})[:.uh](?P<minute>\d{1,2})(?::\d{2})?", re.ASCII | re.IGNORECASE),
    re.compile(r"(?P<hour>\d{1,2})[uh](?P<minute>)", re.ASCII | re.IGNORECASE),
    re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})", re.ASCII),
)
CENTURY = 100
FAR_BACK, FIRST, LAST = date(1900, 1, 1), date(2000, 1, 1), date(2099, 12, 31)


def read_day(typed: str, today: date, *, yearless: bool = True) -> date | None:
    """A day out of digits, with or without something between them; without a whole year the nearest to today."""
    found = next((made for one in TYPED_DAY if (made := one.fullmatch(typed.strip()))), None)
    if found is None or not (found["year"] or yearless):
        return None
    year = found["year"] or ""
    if not year:
        years = [today.year - 1, today.year, today.year + 1]
    elif len(year) == len("26"):
        now = today.year - today.year % CENTURY + int(year)
        years = [now - CENTURY, now, now + CENTURY]
    else:
        years = [int(year)]
    days = [its for one in years if (its := _day(one, int(found["month"]), int(found["day"])))]
    return min(days, key=lambda one: abs(one - today), default=None)


def looks_like_a_day(typed: str, *, yearless: bool = True) -> bool:
    """Whether it is written as a day, be it one that no calendar has."""
    found = next((made for one in TYPED_DAY if (made := one.fullmatch(typed.strip()))), None)
    return found is not None and bool(found["year"] or yearless)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def read_hour(typed: str) -> time | None:
    """An hour as 14:30, 14.30, 14u30, 14h30, 1430 or 14u."""
    found = next((made for one in TYPED_HOUR if (made := one.fullmatch(typed.strip()))), None)
    try:
        return time(int(found["hour"]), int(found["minute"] or 0)) if found else None
    except ValueError:
        return None


class DayInput(forms.DateInput):
    """Shows how a day was understood, once it was sent."""

    yearless = True

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str) and (read := read_day(value, clock.today(), yearless=self.yearless)):
            return formats.date_format(read, "d/m/Y")
        return super().format_value(value)


class DayField(forms.DateField):
    """A day; the preview and what comes back with an error show it in full."""

    widget = DayInput
    yearless = True

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        if read := read_day(value, clock.today(), yearless=self.yearless):
            return read
        if looks_like_a_day(value, yearless=self.yearless):
            raise ValidationError(NO_SUCH_DAY, code="no_such_day")
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class HourField(forms.TimeField):
    """A time of day."""

    def to_python(self, value: Any) -> time | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        if read := read_hour(value):
            return read
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class HourInput(forms.TimeInput):
    """Shows how an hour was understood, once it was sent."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str) and (read := read_hour(value)):
            return f"{read:%H:%M}"
        return super().format_value(value)


# Digits alone are enough: a phone shows those.
DIGITS = {"autocomplete": "off", "inputmode": "numeric"}


def day(
    label: "StrOrPromise" = DAY,
    *,
    required: bool = True,
    yearless: bool = True,
    far_back: bool = False,
) -> forms.DateField:
    """A day, as people here write it; `yearless` says whether the year may be left to us, `far_back` that it may be old."""
    invalid = _("A date is expected, written as 31/01/2026.")
    widget = DayInput(attrs={"placeholder": WRITTEN, **DIGITS})
    widget.yearless = yearless
    field = DayField(
        label=label,
        required=required,
        widget=widget,
        error_messages={"invalid": invalid, "required": invalid},
        # At the edge of the calendar no day can be counted on from, or back.
        validators=[
            MinValueValidator(
                FAR_BACK if far_back or not yearless else FIRST, _("This day lies too far back.")
            ),
            MaxValueValidator(LAST, _("This day lies too far ahead.")),
        ],
    )
    field.yearless = yearless
    return field


def hour() -> forms.TimeField:
    """A time of day, as people here write it."""
    invalid = _("A time is expected, written as 14:30.")
    return HourField(
        label=_("Time"),
        widget=HourInput(format="%H:%M", attrs={"placeholder": WRITTEN_HOUR, **DIGITS}),
        error_messages={"invalid": invalid, "required": invalid},
    )
