"""Days and hours as people type them: what is read, what comes back, and what stays refused."""

from datetime import date, time

import pytest
from django import forms
from hypothesis import assume, given
from hypothesis import strategies as st

from tnw.core import clock
from tnw.web.fields import day, hour, read_day, read_hour

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1900, 1, 1), date(2098, 12, 31))
WITH_A_YEAR = (
    "{0:%d/%m/%Y}",
    "{0:%d.%m.%Y}",
    "{0:%d-%m-%Y}",
    "{0:%d%m%Y}",
    "{0:%Y-%m-%d}",
    "{0.day}/{0.month}/{0.year}",
)
HOURS = (
    "{0:%H:%M}",
    "{0:%H.%M}",
    "{0:%H%M}",
    "{0.hour}u{0:%M}",
    "{0.hour}h{0:%M}",
    "{0.hour}{0:%M}",
    "{0:%H:%M:%S}",
)


class Typed(forms.Form):
    on = day()
    born = day(yearless=False)
    at = hour()


@pytest.fixture(autouse=True)
def on_a_sunday() -> object:
    with clock.at(TODAY):
        yield


@given(DAYS, st.sampled_from(WITH_A_YEAR))
def test_every_way_of_writing_a_day_is_that_day(on: date, written: str) -> None:
    assert read_day(written.format(on), TODAY) == on


@given(
    st.dates(date(2026, 6, 1), date(2027, 5, 1)),
    st.sampled_from(("{0:%d/%m}", "{0.day}.{0.month}", "{0:%d-%m}")),
)
def test_without_a_year_it_is_the_nearest(on: date, written: str) -> None:
    assert read_day(written.format(on), TODAY) == on


@given(DAYS, DAYS, st.sampled_from(("{0:%d/%m/%y}", "{0:%d%m%y}")))
def test_of_two_digits_the_year_is_the_nearest(on: date, today: date, written: str) -> None:
    assume(abs(on.year - today.year) < 50)
    assert read_day(written.format(on), today) == on


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)), st.sampled_from(HOURS))
def test_every_way_of_writing_an_hour_is_that_hour(at: time, written: str) -> None:
    assert read_hour(written.format(at)) == at


@given(st.text())
def test_whatever_is_typed_is_a_day_and_an_hour_or_refused(typed: str) -> None:
    form = Typed({"on": typed, "born": typed, "at": typed})
    for name, kind in (("on", date), ("born", date), ("at", time)):
        assert name in form.errors or isinstance(form.cleaned_data[name], kind)


NONSENSE = (
    "2511202",
    "27/11.2026",
    "1/1/123",
    "27112",
    "27",
    "2711",
    "٢٧/١١/٢٠٢٦",
    "morgen",
)


@pytest.mark.parametrize("typed", NONSENSE)
def test_what_is_no_day_stays_refused(typed: str) -> None:
    form = Typed({"on": typed, "born": typed, "at": "9u30"})
    assert form.errors["on"] == ["A date is expected, written as 31/01/2026."]
    assert form["on"].value() == typed
    assert f'value="{typed}"' in str(form["on"])


@pytest.mark.parametrize("typed", ["31/02/2026", "31022026", "31.2.26", "0/1/2026", "2026-13-01"])
def test_of_what_no_calendar_has_that_is_said(typed: str) -> None:
    form = Typed({"on": typed, "born": typed, "at": "9u30"})
    assert form.errors == {name: ["This day does not exist."] for name in ("on", "born")}
    assert form["on"].value() == typed
    form = Typed({"on": "31/02", "born": "31/02", "at": "9u30"})
    assert form.errors["on"] == ["This day does not exist."]
    assert form.errors["born"] == ["A date is expected, written as 31/01/2026."]


@pytest.mark.parametrize(
    "typed", ["2460", "24:00", "9:60", "9", "93", "09300", "u30", "9u3x", "9.30.00.1", "half tien"]
)
def test_what_is_no_hour_stays_refused(typed: str) -> None:
    form = Typed({"on": "27112026", "born": "27111980", "at": typed})
    assert form.errors == {"at": ["A time is expected, written as 14:30."]}


def test_what_comes_back_says_how_it_was_understood_and_a_phone_shows_digits() -> None:
    form = Typed({"on": "5/1", "born": "5/1", "at": "9u30"})
    assert form.errors == {"born": ["A date is expected, written as 31/01/2026."]}, (
        "of a birth no year is guessed"
    )
    assert form.cleaned_data == {"on": date(2027, 1, 5), "at": time(9, 30)}
    shown = {name: str(form[name]) for name in form.fields}
    assert 'value="05/01/2027"' in shown["on"]
    assert 'value="5/1"' in shown["born"]
    assert 'value="09:30"' in shown["at"]
    assert all('inputmode="numeric"' in one for one in shown.values())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("01/01/0001", "This day lies too far back."),
        ("31/12/1999", "This day lies too far back."),
        ("01/01/2000", None),
        ("31/12/2099", None),
        ("31/12/9999", "This day lies too far ahead."),
    ],
)
def test_at_the_edge_of_the_calendar_there_are_no_days(typed: str, told: str | None) -> None:
    form = Typed({"on": typed, "born": "27/11/1901", "at": "9u30"})
    assert form.errors == ({"on": [told]} if told else {})
