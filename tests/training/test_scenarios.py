"""Trainings as they go, from the proposal to the assessment after them (H1 to H3, T14)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dossiers.models import Deadline
from dossiers.notes import notes_of
from dossiers.reading import entries_of
from routing.services import route_a
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, refused
from tests.training.stage import Training
from tnw.accounts import audit
from tnw.core import clock
from tnw.core.errors import NotAllowed
from trajects.models import TrainingProject
from trajects.presumption import Band, bands, presumed
from trajects.services import training as services
from trajects.steps.training import steps

D = date.fromisoformat


def waits_for(training: Training) -> list[tuple[str, str]]:
    """Who has to do what next, as what now tells."""
    dossier, actor = training.case.dossier, training.case.people[COORDINATOR]
    with clock.at(training.case.day):
        found = steps(dossier, actor, training.case.day)
    return [(str(step.whose), step.act) for step in found if step.main]


def presumption(training: Training, day: str) -> Band | None:
    dossier = training.case.dossier
    rows = Deadline.objects.filter(dossier=dossier)
    found = bands(rows, TrainingProject.objects.filter(dossier=dossier), dossier.incapacity)
    return presumed(found, D(day))


def test_h1_h2_h3_t14_approved_completed_and_assessed_anew(training: Training) -> None:
    training.on("2026-03-02").propose(proposed_by="regional_service")
    assert waits_for(training) == [(DOCTOR, "advise-training")]
    training.on("2026-03-05").advise(favorable=True)
    assert waits_for(training) == [(COORDINATOR, "submit-training")]
    training.on("2026-03-09").submit()
    assert waits_for(training) == [(COORDINATOR, "training-review")]
    training.on("2026-03-20").review(favorable=False)
    assert waits_for(training) == [(COORDINATOR, "training-decision")]
    training.on("2026-03-31").decide("2026-04-07", "2026-09-30")
    assert waits_for(training) == []
    row = training.row
    assert (row.state, row.proposed_by, row.favorable) == ("approved", "regional_service", False)
    assert (row.starts_on, row.ends_on) == (D("2026-04-07"), D("2026-09-30"))
    assert presumption(training, "2026-04-06") is None
    assert presumption(training, "2026-04-07") == (
        "training",
        D("2026-04-07"),
        D("2026-09-30"),
        D("2026-08-30"),
    )
    assert presumption(training, "2026-10-01") is None
    # It survives the end of the traject, and so does what comes of it.
    training.on("2026-06-01").case.record("traject_ended", result="training_finished")
    assert training.state == "approved"
    training.on("2026-10-01")
    assert waits_for(training) == [(COORDINATOR, "complete-training")]
    training.on("2026-10-02").complete(success=True)
    assert training.state == "completed"
    assert training.case.due("T14") == (D("2027-04-02"), "open")
    training.on("2027-02-01").case.act(route_a.assess, DOCTOR, category=4)
    assert training.state == "reassessed"
    assert training.case.due("T14") == (D("2027-04-02"), "met")
    assert training.case.flag == ""


def test_t14_of_the_self_employed_ends_with_a_month(in_traject: Callable[..., Training]) -> None:
    training = in_traject(regime="self_employed")
    training.reviewed()
    training.on("2026-03-31").decide("2026-04-07", "2026-05-29")
    training.on("2026-06-02").complete(success=True)
    assert training.case.due("T14")[0] == D("2026-12-31")


def test_h2_refused_is_told_by_registered_letter(training: Training) -> None:
    training.reviewed()
    training.on("2026-03-31")
    with refused("days_of_none"):
        training.decide("2026-04-07", approved=False)
    training.decide(approved=False)
    assert training.state == "refused"
    assert waits_for(training) == [(COORDINATOR, "training-letter")]
    with refused("required"):
        training.letter(" ")
    training.on("2026-04-02").letter("RR 123 456 789 BE")
    assert training.row.letter_on == D("2026-04-02")
    assert waits_for(training) == []
    letter = training.case.facts[-1]
    assert (letter.kind, letter.subject, letter.get("proof")) == (
        "registered_letter_sent", training.subject, "RR 123 456 789 BE",
    )  # fmt: skip
    assert presumption(training, "2026-04-10") is None
    with pytest.raises(NotAllowed):
        training.letter("RR again")
    # Another can be proposed, and this one stays what it was.
    training.on("2026-04-20").propose("Carer, in Brugge")
    assert sorted(training.case.states[f"training {one.subject}"] for one in _all(training)) == [
        "proposed", "refused",
    ]  # fmt: skip


def test_h2_decision_and_letter_on_one_day(training: Training) -> None:
    training.reviewed()
    training.on("2026-03-31").decide(approved=False)
    training.letter()
    assert (training.row.letter_on, training.case.flag) == (D("2026-03-31"), "")


def test_h2_an_approved_training_has_its_two_days(training: Training) -> None:
    training.reviewed()
    training.on("2026-03-31")
    for first, last, code in (
        ("", "", "required"),
        ("2026-04-07", "", "required"),
        ("2026-04-07", "2026-04-06", "wrong_period"),
    ):
        with refused(code):
            training.decide(first, last, approved=True)
    assert training.state == "reviewed"


def test_h1_advice_unfavourable_then_favourable(training: Training) -> None:
    training.on("2026-03-02").propose()
    training.on("2026-03-05")
    for medical, insured in (("", "Too heavy."), ("The back.", "")):
        with refused("required"):
            training.advise(favorable=False, medical=medical, insured=insured)
    training.advise(favorable=False)
    assert training.state == "advised_against"
    with pytest.raises(NotAllowed):
        training.submit()
    assert _read(training, COORDINATOR) == {
        "training_proposed": ("Welder, in Gent",),
        "training_advised": ("Too heavy.",),
    }
    assert _read(training, MEDICAL)["training_advised"] == ("The back.", "Too heavy.")
    training.on("2026-04-20").advise(favorable=True, medical="", insured="")
    training.on("2026-04-21").submit()
    assert training.state == "submitted"
    with pytest.raises(NotAllowed):
        training.advise(favorable=False)


def test_h1_advice_of_one_day_is_the_last_one_told(training: Training) -> None:
    training.on("2026-03-02").propose()
    training.on("2026-03-05").advise(favorable=True)
    training.advise(favorable=False)
    assert (training.state, training.case.flag) == ("advised_against", "")


def test_h2_broken_off_before_the_decision_and_while_it_runs(training: Training) -> None:
    training.on("2026-02-20").propose()
    with refused("required"):
        training.break_off("")
    training.on("2026-02-23").break_off()
    assert training.state == "broken_off"
    training.reviewed()
    training.on("2026-03-31").decide("2026-04-07", "2026-09-30")
    assert presumption(training, "2026-06-15")
    training.on("2026-06-15").break_off("Moves abroad.")
    assert presumption(training, "2026-06-15") == (
        "training",
        D("2026-04-07"),
        D("2026-06-15"),
        D("2026-05-15"),
    )
    assert presumption(training, "2026-06-16") is None
    assert "T14" not in {row.rule for row in training.case.rows}


def test_h3_without_success_nothing_is_due(training: Training) -> None:
    training.reviewed()
    training.on("2026-03-31").decide("2026-04-07", "2026-05-29")
    with pytest.raises(NotAllowed):
        training.complete(success=True)  # it has not begun
    training.on("2026-05-29").complete(success=False)
    assert training.state == "failed"
    assert "T14" not in {row.rule for row in training.case.rows}


def test_h1_there_is_none_without_what_it_is_and_none_of_another(training: Training) -> None:
    training.on("2026-03-02")
    with refused("required"):
        training.propose(" ")
    training.subject = "another"
    with refused("training_unknown"):
        training.advise(favorable=True)
    with pytest.raises(NotAllowed):
        training.case.act(services.propose, DOCTOR, proposed_by="insured", what="Welder")


def test_h1_not_of_a_day_before_the_step_before_it(training: Training) -> None:
    training.reviewed()
    case = training.case.on(D("2026-03-31"))
    with refused("out_of_order"):
        days = {"first_day": D("2026-04-07"), "last_day": D("2026-05-29")}
        case.backdated(
            services.decide, COORDINATOR, D("2026-03-10"), subject=training.subject, approved=True, **days
        )
    training.decide(approved=False)
    with refused("before_decision"):
        case.backdated(
            services.send_letter, COORDINATOR, D("2026-03-30"), subject=training.subject, proof="RR 1"
        )


def _all(training: Training) -> list[TrainingProject]:
    return list(TrainingProject.objects.filter(dossier=training.case.dossier))


def _read(training: Training, role: str) -> dict[str, tuple[str, ...]]:
    """By kind of fact what somebody of a role reads beside it."""
    case = training.case
    with audit.acting_as(case.people[role], case.fund), clock.at(case.day + timedelta(1)):
        entries = entries_of(case.people[role], case.dossier)
        notes = notes_of(case.people[role], entries)
    kinds = {entry.fact_id: entry.kind for entry in entries}
    return {kinds[fact_id]: note.texts for fact_id, note in notes.items()}
