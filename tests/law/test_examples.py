"""The worked examples pass whole: every deadline that is open by that day, and no other."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from dossiers.law.deadlines import deadlines
from tests.law.examples import facts_of, live_from_of, read_cases

CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case['case']}" for n, case in enumerate(CASES)])
def test_worked_example(case: dict[str, Any]) -> None:
    today = date.fromisoformat(case["today"])
    rows = deadlines(facts_of(case), live_from_of(case))
    found = Counter(
        (
            row.rule,
            str(row.falls_on_at(today)),
            str(row.act_by_at(today)),
            row.state(today),
        )
        for row in rows
        if row.state(today) != "not_open"
    )
    expected = Counter((e["deadline"], e["falls_on"], e["act_by"], e["state"]) for e in case["expect"])
    assert found == expected


def test_there_are_eighty_of_them() -> None:
    assert len(CASES) == 80
