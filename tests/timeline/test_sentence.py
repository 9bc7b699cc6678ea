"""What now in one sentence: how much time is left, said from the last working day and the legal date."""

from datetime import date

import pytest

from dossiers.law.facts import fact
from tests.timeline import making
from tnw.web.sentence import urgency

# Day 1 is Monday 6 January 2025: ten weeks later is Monday 17 March; four months less a day is Monday 5 May.
# A second start, Saturday 4 January: Saturday 15 March, to act by Friday 14 March.
SAID = {
    ("2025-01-06", "2025-03-10"): "Send the questionnaire: by 17/03/2025, in 7 days.",
    ("2025-01-06", "2025-03-16"): "Send the questionnaire: by tomorrow, 17/03/2025.",
    ("2025-01-06", "2025-03-17"): "Send the questionnaire: today is the last working day.",
    ("2025-01-06", "2025-03-18"): "Send the questionnaire: one day late, the legal date was 17/03/2025.",
    ("2025-01-06", "2025-03-20"): "Send the questionnaire: 3 days late, the legal date was 17/03/2025.",
    ("2025-01-04", "2025-03-10"): "Send the questionnaire: by 14/03/2025, in 4 days (legal date 15/03/2025).",
    ("2025-01-04", "2025-03-13"): "Send the questionnaire: by tomorrow, 14/03/2025 (legal date 15/03/2025).",
    (
        "2025-01-04",
        "2025-03-15",
    ): "Send the questionnaire: the last working day is past, the legal date is 15/03/2025.",
}


@pytest.mark.parametrize(("start", "today"), SAID)
def test_how_much_time_is_left(start: str, today: str) -> None:
    day = date.fromisoformat(today)
    lines = making.lines_of([making.recognized(date.fromisoformat(start))], day)
    line = next(line for line in lines if line.row.rule == "T1")
    assert urgency(line, day) == SAID[start, today]


def test_t18_what_is_paused_stands_still() -> None:
    on = date.fromisoformat
    facts = [
        making.recognized(),
        fact("reintegration_started", on("2025-05-27"), "rs-1", condition=1),
        fact("declaration_completed", on("2025-06-02"), "dc-1", "d-1"),
        fact("traject_suspended", on("2025-06-10"), "su-1", "s-1", reason="illness"),
    ]
    day = on("2025-06-20")
    line = next(line for line in making.lines_of(facts, day) if line.row.rule == "T11")
    assert urgency(line, day).endswith(": it stands still during the suspension.")
