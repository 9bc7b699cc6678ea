"""What stands on the line: what counts and not what was taken back, states, what lasts, and what is ahead."""

from datetime import date, timedelta

import pytest

from dossiers.law.facts import Fact, Values, fact
from tests.timeline import making
from tests.timeline.test_layout import ASSESSED, FACTS, HELD, REFERRED, SENT, TODAY
from tnw.web.timeline.items import Item
from trajects.models import TrainingProject

D = date.fromisoformat


def told(items: tuple[Item, ...], *sorts: str) -> list[tuple[str, str]]:
    return [(item.day.isoformat(), item.title) for item in items if item.sort in sorts]


def test_facts_stand_on_the_day_that_counts() -> None:
    """A corrected one where it was corrected to; what was voided, and the correction itself, nowhere."""
    moved = fact(
        "fact_corrected", D("2025-06-01"), "x-1", fact="c-1", version=1, to=Values.of({"on": D("2025-05-28")})
    )
    gone = fact("fact_voided", D("2025-06-02"), "x-2", fact="r-1", version=1, reason="mistake")
    assert told(making.items([SENT, ASSESSED, REFERRED, HELD, moved, gone], TODAY), "fact") == [
        ("2025-01-06", "Incapacity for work recognized"),
        ("2025-03-17", "Questionnaire sent"),
        ("2025-05-02", "Remaining capacities assessed"),
        ("2025-05-28", "First contact held"),
    ]


# On a day: the states in which the deadlines stand there, as their rules come.
STATES: dict[str, tuple[list[Fact], str, dict[str, str]]] = {
    "open and soon": ([], "2025-03-10", {"T1": "soon", "T4": "open"}),
    "last day": ([], "2025-03-17", {"T1": "today"}),
    "overdue": ([], "2025-03-18", {"T1": "overdue"}),
    "met": ([SENT], "2025-03-20", {"T1": "met", "T2": "open"}),
    "met late": ([SENT._replace(on=D("2025-03-19"))], "2025-03-20", {"T1": "met_late"}),
    "fallen away": (
        [fact("questionnaire_waived", D("2025-03-10"), "w-1", reason="near_pension")],
        "2025-03-20",
        {"T1": "fallen_away"},
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_flags_by_state(name: str) -> None:
    facts, today, expected = STATES[name]
    found = {item.line.row.rule: item.tone for item in making.items(facts, D(today)) if item.line}
    assert {rule: found[rule] for rule in expected} == expected


SIGNED = [
    fact("declaration_drawn_up", D("2025-05-27"), "dd-1", "d-1"),
    fact("declaration_completed", D("2025-06-02"), "dc-1", "d-1"),
]


def test_what_lasts_and_what_is_ahead() -> None:
    """T18, Z3, H2: a suspension up to the day before it ended, and one that runs on; presumption; a training."""
    facts = [
        *FACTS,
        fact("reintegration_started", D("2025-05-27"), "rs-1", condition=1),
        *SIGNED,
        fact("traject_suspended", D("2025-06-20"), "su-1", "s-1", reason="illness"),
        fact("traject_resumed", D("2025-07-01"), "re-1", "s-1"),
        fact("traject_suspended", D("2025-09-01"), "su-2", "s-2", reason="employer_traject"),
    ]
    training = TrainingProject(state="approved", starts_on=D("2025-09-08"), ends_on=D("2025-12-19"))
    dossier = making.dossier_of(
        appointments=[making.appointment(D("2025-09-22")), making.appointment(D("2025-09-08"))],
        trainings=[training],
    )
    items = making.items(facts, TODAY, dossier)
    lasting = {(item.sort, item.day, item.until) for item in items if item.lasts}
    assert lasting == {
        ("suspension", D("2025-06-20"), D("2025-06-30")),
        ("suspension", D("2025-09-01"), None),
        ("presumption", D("2025-06-02"), D("2025-12-02")),
        ("training", D("2025-09-08"), D("2025-12-19")),
    }
    assert "Reason: an employer traject runs." in [item.why for item in items]
    assert told(items, "planned") == [("2025-09-22", "First contact")]
    assert told(items, "year", "today") == [("2025-09-15", "Today"), ("2026-01-06", "1 year")]
    assert [item.key for item in items] == [f"t{number}" for number in range(len(items))]
    assert [item.day for item in items] == sorted(item.day for item in items)


def test_p4_the_year_is_an_invalidity_only_once_it_is_recognized() -> None:
    dossier = making.dossier_of()
    assert told(making.items([], TODAY, dossier), "year") == [("2026-01-06", "1 year")]
    dossier.incapacity.invalidity_from = D("2026-01-06")
    assert told(making.items([], TODAY, dossier), "year") == [("2026-01-06", "Invalidity")]


def test_nothing_is_planned_in_the_past() -> None:
    dossier = making.dossier_of(appointments=[making.appointment(TODAY - timedelta(1))])
    assert told(making.items([], TODAY, dossier), "planned") == []
