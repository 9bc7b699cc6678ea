"""What a plan says: complete or not, kept and read back, compared, and read in the history (Z4, Z6)."""

from dataclasses import replace
from datetime import date, time

import pytest

from dossiers.notes import _texts
from tests.plan.conftest import contents
from tests.tables import cells
from trajects.plans import Action, Contents, Interview, Objective, checklist, compare, missing, unfinished

FULL = contents()
OBJECTIVE, ACTION = FULL.objectives[0], FULL.actions[0]
PLANS = {
    "nothing": Contents(),
    "all": FULL,
    "undated_objective": replace(FULL, objectives=(Objective("Half-time"),)),
    "no_result": replace(FULL, result=""),
    "nobody_acts": replace(FULL, actions=(replace(ACTION, who=""),)),
    "action_undated": replace(FULL, actions=(replace(ACTION, due=None),)),
    "no_hour": replace(FULL, next=replace(FULL.next, at=None)),
    "no_form": replace(FULL, next=replace(FULL.next, form="")),
    "no_place": replace(FULL, next=replace(FULL.next, place="")),
    "one_of_two": replace(FULL, objectives=(OBJECTIVE, Objective("More"))),
}
# Rows are plans, columns what has to be there: x where it lacks, ~ where a row was begun and not finished.
LACKS = """
plan               objectives  result  actions  next  rows
nothing            x           x       x        x     -
all                -           -       -        -     -
undated_objective  x           -       -        -     ~
no_result          -           x       -        -     -
nobody_acts        -           -       x        -     ~
action_undated     -           -       x        -     ~
no_hour            -           -       -        x     -
no_form            -           -       -        x     -
no_place           -           -       -        -     -
one_of_two         -           -       -        -     ~
"""


def test_z4_what_a_plan_lacks_is_named() -> None:
    wrong = []
    for name, part, cell in cells(LACKS):
        plan = PLANS[name]
        lacks = bool(unfinished(plan)) if part == "rows" else part in {one.code for one in missing(plan)}
        if lacks != (cell != "-"):
            wrong.append((name, part))
    assert wrong == []
    assert [one.there for one in checklist(FULL)] == [True] * 4
    assert all(str(one.lacks) for one in missing(Contents()))


def test_z4_what_is_kept_is_read_back_and_what_is_not_understood_left_out() -> None:
    assert Contents.of(FULL.plain()) == FULL
    assert Contents.of(Contents().plain()) == Contents()
    assert Contents.of({**FULL.plain(), "upon": "1.2"}) == FULL
    odd = {
        "objectives": [{"text": 3}, "x", {"text": "A", "target": "soon"}],
        "actions": 7,
        "next": [],
        "result": None,
    }
    assert Contents.of(odd) == Contents(objectives=(Objective(), Objective("A")))
    assert Contents.of(None) == Contents()
    tidied = Contents.of(odd).tidy()
    assert tidied.objectives == (Objective("A"),)
    assert Contents(actions=(Action(text="Call"), Action())).tidy().actions[0].id


def test_z6_two_versions_side_by_side() -> None:
    other = Action("a-2", "Visit the workshop", "the coordinator", date(2026, 6, 1))
    changed = replace(
        FULL,
        objectives=(replace(OBJECTIVE, text="Four days by summer"), Objective("New", date(2026, 9, 1))),
        actions=(replace(ACTION, done=True), other),
    )
    told = compare(FULL, changed)
    assert [one.change for one in told.objectives] == ["changed", "added"]
    assert [one.change for one in told.actions] == ["changed", "added"]
    assert (told.result.change, told.next.change) == ("", "")
    back = compare(changed, FULL)
    assert [one.change for one in back.actions] == ["changed", "removed"]


def test_z4_the_history_reads_well() -> None:
    assert list(_texts({"plan": FULL.plain()})) == [
        "Half-time by summer · 01/07/2026",
        "Back as a bookkeeper",
        "Refresh the software · the insured person · 01/05/2026",
        "16/06/2026 · 14:00 · Kerkstraat 1, Gent",
    ]


@pytest.mark.parametrize("at", [None, time(9, 30)])
def test_an_interview_has_a_moment_once_it_has_day_and_hour(at: time | None) -> None:
    assert (Interview(date(2026, 6, 1), at, "phone").moment is None) == (at is None)
