"""SSIN and enterprise numbers (domain, section 11), also held against python-stdnum."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ssn, vat

from dossiers.identifiers import (
    age_on,
    birth_date,
    is_enterprise_number,
    is_ssin,
    mask_ssin,
)
from tests.feed.lines import TODAY


def ssin_of(first_nine: str, century: int = 1900) -> str:
    base = int(first_nine) + (2_000_000_000 if century == 2000 else 0)
    return f"{first_nine}{97 - base % 97:02}"


@pytest.mark.parametrize(
    ("ssin", "born"),
    [
        ("85073003328", date(1985, 7, 30)),
        ("17073003384", date(2017, 7, 30)),
        ("98472899765", date(1998, 7, 28)),
        ("01490700185", date(2001, 9, 7)),
        (ssin_of("850730033"), date(1985, 7, 30)),
        (ssin_of("852730033"), date(1985, 7, 30)),
        (ssin_of("854730033"), date(1985, 7, 30)),
        (ssin_of("043201001", 2000), date(2004, 12, 1)),
        (ssin_of("000229001", 2000), date(2000, 2, 29)),
        (ssin_of("850700033"), None),
        (ssin_of("850000033"), None),
        (ssin_of("850001033"), None),
        (ssin_of("852000033"), None),
        (ssin_of("854000033"), None),
        (ssin_of("000001001"), None),
        (ssin_of("000001001", 2000), None),
    ],
)
def test_ssin_of_every_form_is_right_and_tells_the_birth_date_it_knows(ssin, born):
    assert is_ssin(ssin, TODAY)
    assert birth_date(ssin) == born


@pytest.mark.parametrize(
    "ssin",
    [
        "",
        "8507300332",
        "850730033280",
        "85073003329",
        "85.07.30-033.28",
        " 85073003328",
        "8507300332a",
        "8507300332²",
        "٨٥٠٧٣٠٠٣٣٢٨",
        "00000000097",
        ssin_of("850730000"),
        ssin_of("850231033"),
        ssin_of("000229001"),
        ssin_of("851330033"),
        ssin_of("853330033"),
        ssin_of("855330033"),
        ssin_of("856030033"),
        ssin_of("850732033"),
        ssin_of("850099033"),
    ],
)
def test_what_is_no_ssin(ssin):
    assert not is_ssin(ssin)


def test_nobody_is_born_after_today():
    unborn = ssin_of("300101001", 2000)
    assert not is_ssin(unborn, TODAY)
    assert not is_ssin(ssin_of("300000001", 2000), TODAY)
    assert is_ssin(ssin_of("261121001", 2000), TODAY)
    assert not is_ssin(ssin_of("261122001", 2000), TODAY)


@given(first_nine=st.from_regex(r"\A[0-9]{9}\Z"), century=st.sampled_from([1900, 2000]))
def test_whatever_we_take_as_ssin_stdnum_does_too(first_nine, century):
    ssin = ssin_of(first_nine, century)
    if is_ssin(ssin, TODAY):
        assert ssn.is_valid(ssin)
        assert not birth_date(ssin) or birth_date(ssin) == ssn.get_birth_date(ssin)


@given(st.from_regex(r"\A[0-9]{11}\Z"))
def test_a_changed_last_digit_is_always_found(ssin):
    wrong = [ssin[:10] + digit for digit in "0123456789" if is_ssin(ssin[:10] + digit)]
    assert len(wrong) <= 2  # one for each century


@given(st.text(max_size=13))
def test_any_text_has_an_answer(text):
    assert not is_ssin(text) or birth_date(text) is None or isinstance(birth_date(text), date)
    is_enterprise_number(text)
    assert len(mask_ssin(text)) == 15


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1985, 7, 30), date(2026, 7, 29), 40),
        (date(1985, 7, 30), date(2026, 7, 30), 41),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
    ],
)
def test_age_in_full_years(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("ssin", "masked"),
    [("85073012345", "85.07.30-***.**"), ("", "**.**.**-***.**"), ("8507301234x", "**.**.**-***.**")],
)
def test_the_mask_hides_serial_and_check_digits(ssin, masked):
    assert mask_ssin(ssin) == masked


@pytest.mark.parametrize("number", ["0403019261", "0428759497", "0642607677", "1000000120"])
def test_right_enterprise_numbers(number):
    assert is_enterprise_number(number)


@pytest.mark.parametrize(
    "number",
    ["", "0123456780", "403019261", "0403.019.261", "BE0403019261", "0000000097", "2000000043", "040301926²"],
)
def test_wrong_enterprise_numbers(number):
    assert not is_enterprise_number(number)


@given(st.from_regex(r"\A[0-9]{8}\Z"))
def test_enterprise_numbers_are_those_of_stdnum(first_eight):
    number = f"{first_eight}{97 - int(first_eight) % 97:02}"
    assert is_enterprise_number(number) == (vat.is_valid(number) and number != "0000000097")
