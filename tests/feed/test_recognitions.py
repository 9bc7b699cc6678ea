"""One line of the nightly feed: its types, its codes, and the sample file."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.feed import messages, recognitions
from dossiers.feed.faults import Rejection
from dossiers.feed.recognitions import COLUMNS, Recognition, check, read_recognitions
from tests.feed.lines import CASES, RIGHT, TODAY, csv_file, fields

TOO_LONG = "x" * 300


def checked(**changed: str) -> Recognition | Rejection:
    return check(7, fields(**changed), "311", TODAY)


def test_a_right_line_has_its_types():
    assert checked() == Recognition(
        line=7,
        reference="311-1-000001",
        version=1,
        ssin="73521255512",
        replaced_ssin="",
        last_name="Lambert",
        first_name="Anaïs",
        birth_date=date(1973, 12, 12),
        language="fr",
        street="Kerkstraat 111",
        postal_code="4000",
        city="Liège",
        email="p1@example.org",
        phone="+32478081940",
        regime="employee",
        cause="illness",
        statutory_civil_servant=False,
        employer_number="0642607677",
        employment_contract=True,
        start=date(2026, 6, 9),
        end=None,
        end_reason="",
        invalidity_from=None,
        excluded="",
    )


def test_the_fields_of_the_tests_are_in_the_order_of_the_columns():
    assert tuple(RIGHT) == COLUMNS


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"reference": " 2026-000123 "}, "reference", "2026-000123"),
        ({"reference": "73521255513"}, "reference", "73521255513"),
        ({"reference": "173521255512"}, "reference", "173521255512"),
        ({"reference": "735-21255512"}, "reference", "735-21255512"),
        ({"reference": "_A.b~c-1"}, "reference", "_A.b~c-1"),
        ({"version": "0"}, "version", 0),
        ({"version": "007"}, "version", 7),
        ({"version": "2147483647"}, "version", 2147483647),
        ({"replaced_ssin": "67122673276"}, "replaced_ssin", "67122673276"),
        ({"replaced_ssin": "73521255512"}, "replaced_ssin", ""),
        ({"last_name": " de  la\tTour "}, "last_name", "de la Tour"),
        ({"street": "Kerkstraat 1\r\nbus 2"}, "street", "Kerkstraat 1 bus 2"),
        ({"city": "Saint\u00a0Vith\x07"}, "city", "Saint Vith"),
        ({"birth_date": ""}, "birth_date", None),
        ({"birth_date": TODAY.isoformat()}, "birth_date", TODAY),
        ({"postal_code": "L-1234"}, "postal_code", "L-1234"),
        ({"email": ""}, "email", ""),
        ({"email": "not an address\nBcc: x"}, "email", "not an address Bcc: x"),
        ({"phone": ""}, "phone", ""),
        ({"employment_contract": "false"}, "employer_number", ""),
        ({"employment_contract": "false", "employer_number": ""}, "employment_contract", False),
        ({"start": TODAY.isoformat()}, "start", TODAY),
        ({"start": "1900-01-01"}, "start", date(1900, 1, 1)),
        ({"end": "2026-06-09", "end_reason": "death"}, "end", date(2026, 6, 9)),
        ({"end": "2099-12-31", "end_reason": "other"}, "end", date(2099, 12, 31)),
        ({"invalidity_from": "2027-06-09"}, "invalidity_from", date(2027, 6, 9)),
        ({"cause": "work_accident"}, "excluded", "work_accident"),
        ({"cause": "occupational_disease"}, "excluded", "occupational_disease"),
        ({"statutory_civil_servant": "true"}, "excluded", "statutory_civil_servant"),
        ({"cause": "work_accident", "statutory_civil_servant": "true"}, "excluded", "work_accident"),
        ({"cause": "private_accident"}, "excluded", ""),
    ],
)
def test_values_that_are_taken(changed, field, value):
    found = checked(**changed)
    assert isinstance(found, Recognition)
    assert getattr(found, field) == value


FAULTS = [
    *[(column, "", "required") for column in COLUMNS if column not in {
        "replaced_ssin", "birth_date", "email", "phone", "end", "end_reason", "invalidity_from"
    }],
    *[(column, " \t ", "required") for column in ("reference", "last_name", "first_name", "street", "city")],
    *[(column, TOO_LONG, "unknown_code") for column in (
        "reference", "last_name", "first_name", "street", "postal_code", "city", "email", "phone"
    )],
    ("reference", "311\n1", "unknown_code"),
    # What cannot stand in an address, and what may not: the number of a person, however it is written.
    *[("reference", value, "unknown_code") for value in (
        "a b", "x/y", "é-1", "-1", ".", "..", "~x", "x" * 65, "a?b", "a%20b", "٣-1",
        "73521255512", "73.52.12-555.12", "735212-555.12", "73-52-12-555-12", "AO-73521255512", "x73521255512y",
        "311-1-73521255512", "12-81.02.03-033.40",
    )],
    *[("version", value, "invalid_number") for value in (
        "-1", "+1", "1.0", "1e3", "one", " 1", "²", "١", "2147483648", "9" * 5000
    )],
    *[("fund", value, "other_fund") for value in ("999", "31", "0311", " 311", "abc")],
    *[("ssin", value, "invalid_check_digits") for value in (
        "73521255513", "7352125551", "735212555120", "73.52.12-555.12", "00000000097", "x"
    )],
    ("replaced_ssin", "67122673277", "invalid_check_digits"),
    *[(column, value, "invalid_date") for column in ("birth_date", "start", "invalidity_from") for value in (
        "2025-02-30", "2025-1-5", "20250105", "2025-W01-1", "05/01/2025", "2025-01-05T00:00", " 2025-01-05",
        "2025-01-0٥", "0000-00-00", "0001-01-01", "1899-12-31", "x"
    )],
    ("birth_date", "2026-11-22", "in_future"),
    ("start", "2026-11-22", "in_future"),
    ("start", "9999-12-31", "in_future"),
    ("invalidity_from", "9999-12-31", "invalid_date"),
    *[("language", value, "unknown_code") for value in ("en", "NL", " nl")],
    *[("regime", value, "unknown_code") for value in ("freelance", "Employee")],
    ("cause", "accident", "unknown_code"),
    *[("statutory_civil_servant", value, "unknown_code") for value in ("True", "1", "no")],
    *[("employment_contract", value, "unknown_code") for value in ("TRUE", "0")],
    *[("employer_number", value, "invalid_check_digits") for value in ("0123456780", "642607677", "BE0642607677")],
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "code"), FAULTS)
def test_a_fault_has_its_line_column_and_code(column, value, code):
    assert checked(**{column: value}) == Rejection(7, column, code)


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"end": "2026-06-08", "end_reason": "resumed"}, "end", "end_before_start"),
        ({"end": "2026-06-31", "end_reason": "resumed"}, "end", "invalid_date"),
        ({"end": "9999-12-31", "end_reason": "other"}, "end", "invalid_date"),
        ({"end": "2026-07-01"}, "end_reason", "required"),
        ({"end": "2026-07-01", "end_reason": "cured"}, "end_reason", "unknown_code"),
        ({"end_reason": "death"}, "end", "required"),
        (
            {"employer_number": "0123456780", "employment_contract": "false"},
            "employer_number",
            "invalid_check_digits",
        ),
        ({"employer_number": "", "employment_contract": "perhaps"}, "employment_contract", "unknown_code"),
        ({"employer_number": ""}, "employer_number", "required"),
    ],
)
def test_fields_that_do_not_fit_each_other(changed, column, code):
    assert checked(**changed) == Rejection(7, column, code)


BROKEN = {
    "reference": "", "version": "x", "fund": "999", "ssin": "1", "replaced_ssin": "1", "last_name": "",
    "first_name": "", "birth_date": "x", "language": "x", "street": "", "postal_code": "", "city": "",
    "email": TOO_LONG, "phone": TOO_LONG, "regime": "x", "cause": "x", "statutory_civil_servant": "x",
    "employer_number": "x", "employment_contract": "x", "start": "x", "end": "x", "end_reason": "",
    "invalidity_from": "x",
}  # fmt: skip


@pytest.mark.parametrize("first", range(len(COLUMNS)))
def test_of_many_faults_the_first_in_the_order_of_the_columns_counts(first):
    broken = {column: BROKEN[column] for column in COLUMNS[first:]}
    if COLUMNS[first] == "end_reason":
        broken["end"] = "2026-12-31"
    found = checked(**broken)
    assert isinstance(found, Rejection)
    assert found.column == COLUMNS[first]


def test_every_code_of_a_line_is_tried_and_has_its_sentence():
    later = {"overlap", "duplicate_reference_person"}
    of_facts = {
        "invalid_json", "unknown_value", "wrong_type", "nothing_to_change", "out_of_range", "unknown_reference",
        "reserved_id", "duplicate_id", "unknown_fact", "recognized_already", "recognition_stays", "start_in_future",
    }  # fmt: skip
    tried = {code for _, _, code in FAULTS} | {"end_before_start", "column_count"}
    assert tried == set(messages.LINE) - later - of_facts
    assert all(str(messages.sentence(code)).endswith(".") for code in messages.LINE)
    assert messages.sentence("unheard_of") == "unheard_of"


def test_the_sample_is_refused_exactly_where_it_should_be():
    expected = json.loads((CASES / "recognitions.expected.json").read_text())
    found = list(read_recognitions(CASES / "recognitions.csv", "311", TODAY))
    refused = [fault.as_report() for fault in found if isinstance(fault, Rejection)]
    assert len(found) == expected["lines"]
    assert refused == [fault for fault in expected["rejected"] if fault["code"] != "overlap"]


def test_another_order_of_columns_changes_nothing():
    order = sorted(COLUMNS)
    named = [{**RIGHT, "city": "Spa"}, {**RIGHT, "start": "2025-02-30"}]
    rows = [[row[column] for column in order] for row in named]
    found = list(read_recognitions(csv_file(*rows, header=order), "311", TODAY))
    assert isinstance(found[0], Recognition)
    assert (found[0].line, found[0].city) == (2, "Spa")
    assert found[1] == Rejection(3, "start", "invalid_date")


def test_faults_have_the_line_on_which_their_record_begins():
    first = fields(street='"Kerkstraat 1\nbus 2"')
    found = list(read_recognitions(csv_file(first, fields(ssin="1"), ["x"]), "311", TODAY))
    assert [record.line for record in found] == [2, 4, 5]
    assert found[1:] == [Rejection(4, "ssin", "invalid_check_digits"), Rejection(5, "", "column_count")]


def test_neither_a_name_nor_an_ssin_stands_in_a_report():
    found = read_recognitions(csv_file(["x"], fields(ssin="73521255513")), "311", TODAY)
    assert [fault.as_report() for fault in found if isinstance(fault, Rejection)] == [
        {"line": 2, "code": "column_count"},
        {"line": 3, "column": "ssin", "code": "invalid_check_digits"},
    ]


ANYTHING = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=15),
    st.dates().map(date.isoformat),
    st.integers().map(str),
    st.sampled_from(["", "true", "false", "employee", "illness", "nl", "311", "resumed", *RIGHT.values()]),
)


@given(st.dictionaries(st.sampled_from(COLUMNS), ANYTHING, max_size=6))
def test_whatever_stands_in_a_line_it_is_taken_or_refused_and_fits_the_database(changed):
    found = checked(**changed)
    if isinstance(found, Rejection):
        assert found.column in COLUMNS
        assert found.code in messages.LINE
        return
    assert found.start <= TODAY
    assert found.end is None or found.start <= found.end < found.end + timedelta(days=1)
    assert bool(found.end) == bool(found.end_reason)
    assert bool(found.employer_number) == found.employment_contract
    for text in (found.last_name, found.first_name, found.street, found.city, found.email, found.phone):
        assert not any(character < " " for character in text)
        assert len(text) <= recognitions.EMAIL_LENGTH
