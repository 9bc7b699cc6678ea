"""One line of imported history: shape here, meaning at the law's door."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.feed import messages
from dossiers.feed.facts import COLUMNS, FactLine, check, read_facts
from dossiers.feed.faults import Rejection
from dossiers.law.facts import fact
from tests.feed.lines import TODAY, csv_file

RIGHT = {
    "reference": "311-1-000001",
    "id": "a1",
    "kind": "assessment_made",
    "on": "2026-10-01",
    "subject": "",
    "details": '{"category": 4}',
}


def checked(**changed: str) -> FactLine | Rejection:
    return check(7, list({**RIGHT, **changed}.values()), TODAY)


def test_a_right_line_is_a_fact_of_the_law():
    expected = fact("assessment_made", date(2026, 10, 1), "a1", category=4)
    assert checked() == FactLine(7, "311-1-000001", expected)


def test_a_fact_of_one_of_several_things_has_its_subject():
    found = checked(kind="training_proposed", subject="training-1", details="")
    assert isinstance(found, FactLine)
    assert found.fact.subject == "training-1"


def test_an_end_may_lie_ahead():
    found = checked(kind="incapacity_ended", on="2027-01-01", details='{"version": 2, "reason": "pension"}')
    assert isinstance(found, FactLine)
    assert found.fact.values.plain() == {"reason": "pension", "version": 2}


FAULTS = [
    ({"reference": ""}, "reference", "required"),
    ({"reference": "x" * 300}, "reference", "unknown_code"),
    ({"id": " "}, "id", "required"),
    ({"id": "x" * 300}, "id", "unknown_code"),
    ({"id": "a\n1"}, "id", "unknown_code"),
    ({"kind": ""}, "kind", "required"),
    ({"kind": "assessment_taken"}, "kind", "unknown_code"),
    ({"on": ""}, "on", "required"),
    ({"on": "2026-10-32"}, "on", "invalid_date"),
    ({"on": "20261001"}, "on", "invalid_date"),
    ({"on": "1899-12-31"}, "on", "invalid_date"),
    ({"on": "2026-11-22"}, "on", "in_future"),
    ({"kind": "incapacity_ended", "on": "9999-12-31"}, "on", "invalid_date"),
    ({"kind": "training_proposed", "details": ""}, "subject", "required"),
    ({"subject": "x" * 300}, "subject", "unknown_code"),
    ({"details": ""}, "details.category", "required"),
    ({"details": "{}"}, "details.category", "required"),
    ({"details": '{"category": 5}'}, "details.category", "unknown_code"),
    ({"details": '{"category": "4"}'}, "details.category", "wrong_type"),
    ({"details": '{"category": 4, "85073003328": 1}'}, "details", "unknown_value"),
    ({"kind": "action_taken", "details": '{"kind": "magic"}'}, "details.kind", "unknown_code"),
    ({"kind": "incapacity_corrected", "details": '{"version": 2}'}, "details.version", "nothing_to_change"),
    *[({"details": text}, "details", "invalid_json") for text in (
        "{", "4", "[]", "null", '"x"', "{'category': 4}", '{"category": NaN}', '{"category": -Infinity}',
        '{"category": 1e999}', '{"category": 4, "category": 3}', '{"category": "\\u0000"}', '{"\\ud800": 1}',
        '{"category": ["\\udfff"]}', '{"category": ' + "9" * 5000 + "}", '{"category": ' + "[" * 50_000, "x" * 90_000,
    )],
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    FAULTS,
    ids=[f"{column} {code} {n}" for n, (_, column, code) in enumerate(FAULTS)],
)
def test_a_fault_has_its_line_column_and_code(changed, column, code):
    assert checked(**changed) == Rejection(7, column, code)
    assert code in messages.LINE


def test_of_many_faults_the_first_in_the_order_of_the_columns_counts():
    broken = {"reference": "", "id": "", "kind": "x", "on": "x", "subject": "x" * 300, "details": "x"}
    for first in range(len(COLUMNS)):
        found = checked(**{column: broken[column] for column in COLUMNS[first:]})
        assert isinstance(found, Rejection)
        assert found.column == COLUMNS[first]


def test_an_escaped_character_that_can_be_kept_is_kept():
    found = checked(
        kind="registered_letter_sent", details='{"step": "first", "proof": "n\\u00b0 1 \\ud83d\\ude00"}'
    )
    assert isinstance(found, FactLine)
    assert found.fact.get("proof") == "n° 1 😀"


def test_a_file_of_facts_is_read_in_its_order():
    rows = [[*list(RIGHT.values())[:5], '"{""category"": 1}"'], ["x"], ["r", "i", "k", "", "", ""]]
    assert [line if isinstance(line, Rejection) else line.fact.get("category") for line in read_facts(
        csv_file(*rows, header=COLUMNS), TODAY
    )] == [1, Rejection(3, "", "column_count"), Rejection(4, "kind", "unknown_code")]  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
)


@given(
    st.sampled_from(
        ["assessment_made", "fact_corrected", "appointment_made", "reduction_confirmed", "x", ""]
    ),
    st.one_of(
        st.text(),
        JSON.map(json.dumps),
        st.dictionaries(
            st.sampled_from(["category", "fact", "to", "version", "at", "purpose", "from", "percent"]), JSON
        ).map(json.dumps),
    ),
)
def test_whatever_the_details_hold_the_line_is_taken_or_refused(kind, details):
    found = checked(kind=kind, details=details, subject="s")
    if isinstance(found, Rejection):
        assert found.code in messages.LINE
    else:
        json.dumps(found.fact.values.plain(), allow_nan=False, ensure_ascii=False).encode()
