"""Rows of every rule, anchor and closing, as the law makes them of small stories."""

from collections.abc import Iterator
from datetime import date

from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact
from dossiers.law.row import Row
from tests.law.build import d, f, recognized
from tests.law.examples import facts_of, live_from_of, read_cases

# What the worked examples do not tell of.
STORIES: tuple[tuple[str, tuple[Fact, ...]], ...] = (
    (
        "self_employed",
        (
            recognized("2024-01-31", "self_employed"),
            f("2024-05-02", "assessment_made", "a1", category=4),
            f("2024-05-03", "referral_made"),
            f("2024-06-03", "training_completed", "", "t1", success=True),
            f("2024-06-05", "adapted_work_planned", "w1", "w", starts_on=d("2024-07-01")),
            f("2024-06-06", "adapted_work_planned", "w2", "w", starts_on=d("2024-07-02")),
        ),
    ),
    (
        "employee",
        (
            recognized("2023-10-31"),
            f("2023-12-01", "contact_requested"),
            f("2023-12-15", "questionnaire_received", complete=True),
            f("2024-01-05", "permission_requested"),
            f("2024-01-31", "permission_refused"),
            f("2024-02-01", "assessment_made", category=3),
            f("2024-02-10", "registration_reported", "", "r1", service="vdab", registered_on=d("2024-02-09")),
            f("2024-02-20", "invalidity_denied", "", "r1", reason="not_in_invalidity"),
            f("2024-03-01", "declaration_completed", "", "d1"),
            f("2024-03-02", "declaration_voided", "", "d1"),
            f("2024-03-05", "declaration_completed", "", "d2"),
            f("2024-03-06", "plan_meeting_held"),
            f("2024-03-07", "plan_agreed", version=1),
            f("2024-04-01", "traject_suspended", "", "s1", reason="illness"),
            f("2024-04-02", "traject_resumed", "", "s1"),
            f("2024-06-10", "reintegration_ended", result="no_result"),
        ),
    ),
    ("employee", (recognized("2021-09-01"),)),
)


def all_rows() -> Iterator[tuple[str, Row]]:
    """Every deadline of the worked examples and of the stories above, with the regime that it was made for."""
    for case in read_cases():
        for row in deadlines(facts_of(case), live_from_of(case)):
            yield case["regime"], row
    for regime, facts in STORIES:
        for row in deadlines(facts, date.min):
            yield regime, row
