"""Letters on an absence: which step each tells of, what it costs by the law, and that it went registered (X1 to X3)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers.documents import dispatching, making
from dossiers.documents.kinds import kind_of
from tests.letters import golden
from tests.letters.scenes.absence import ABSENT, absent
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from trajects.services import absence, contacts

WARNING, REDUCTION, AGAIN = "absence_warning", "absence_reduction", "absence_reduction_again"
REGISTERED = {"channel": "registered", "number": "RR 123 456 789 BE"}


def said(stage: Stage, slug: str, subject: str) -> str:
    content = stage.letter(kind_of(slug), Scene(subject)).content
    return " ".join(golden.text_of(content).split())


def test_x1_x3_the_letter_that_went_is_the_proof_of_its_step(stage: Stage) -> None:
    subject = absent(stage, 1)
    way = stage.send(WARNING, Scene(subject), **REGISTERED)
    fact = next(one for one in stage.facts if one.id == way.fact)
    assert (fact.kind, fact.on, fact.subject) == ("registered_letter_sent", ABSENT[0], subject)
    assert dict(fact.values) == {"step": "first", "proof": "RR 123 456 789 BE"}


@pytest.mark.parametrize("channel", ["post", "email", "handed_over"])
def test_x3_by_no_other_way(stage: Stage, channel: str) -> None:
    subject = absent(stage, 1)
    with refused("not_allowed"):
        stage.send(WARNING, Scene(subject), channel=channel)
    assert "registered_letter_sent" not in stage.kinds


def test_x1_each_absence_has_the_letter_of_its_step_alone(stage: Stage) -> None:
    subject = absent(stage, 2)
    for slug in (WARNING, AGAIN):
        with refused("nothing_to_write"):
            stage.letter(kind_of(slug), Scene(subject))
    assert "27 april 2026" in said(stage, REDUCTION, subject)


def test_x3_a_letter_of_a_step_that_is_another_meanwhile_is_not_its_proof(stage: Stage) -> None:
    subject = absent(stage, 2)
    written = stage.act(making.write, COORDINATOR, kind=REDUCTION, subject=subject)
    by: dict[str, Any] = {"actor": stage.people[COORDINATOR], "on": stage.day}
    waits = dispatching.prepare(document_id=written.public_id, channel="registered", **by)
    first = next(one.subject for one in stage.facts if one.kind == "absence_recorded")
    stage.act(contacts.excuse, COORDINATOR, subject=first)
    with refused("other_step"):
        dispatching.confirm(dispatch_id=waits.public_id, number="RR 9", **by)
    assert stage.kinds.count("registered_letter_sent") == 1


@pytest.mark.parametrize(
    ("columns", "percent"),
    [
        ({}, "10"),
        ({"regime": "self_employed"}, "2,5"),
        ({"regime": "unemployed"}, "10"),
    ],
)
def test_x2_the_percentage_is_that_of_the_law(
    begin: Callable[..., Stage], columns: dict[str, str], percent: str
) -> None:
    stage = begin(**columns)
    assert f"{percent} %" in said(stage, WARNING, absent(stage, 1))
    stage = begin(ssin="85073003427", **columns)
    assert f"{percent} %" in said(stage, REDUCTION, absent(stage, 2))


def test_x2_of_an_incapacity_from_before_2023_nothing_is_reduced(begin: Callable[..., Stage]) -> None:
    stage = begin(start=date(2022, 11, 7))
    text = said(stage, REDUCTION, absent(stage, 2))
    assert "%" not in text
    assert "1 January 2023" in text or "1 januari 2023" in text


def test_x1_the_end_of_a_second_reduction_is_the_day_of_asking_anew(stage: Stage) -> None:
    subject = absent(stage, 2)
    stage.on(date(2026, 5, 18)).act(absence.ask_new_date, COORDINATOR, subject=subject)
    assert "18 mei 2026" in said(stage, REDUCTION, subject)


def test_the_doctor_writes_it_too(stage: Stage) -> None:
    subject = absent(stage, 1)
    assert stage.send(WARNING, Scene(subject), by=DOCTOR, **REGISTERED).fact


def test_x3_one_letter_a_step_and_one_number_a_letter(stage: Stage) -> None:
    subject = absent(stage, 1)
    written = stage.act(making.write, COORDINATOR, kind=WARNING, subject=subject)
    by: dict[str, Any] = {"actor": stage.people[COORDINATOR], "on": stage.day}
    waits = dispatching.prepare(document_id=written.public_id, channel="registered", **by)
    with refused("nothing_to_write"):  # it waits
        stage.letter(kind_of(WARNING), Scene(subject))
    dispatching.confirm(dispatch_id=waits.public_id, number="RR 1", **by)
    with refused("nothing_to_write"):  # it went
        stage.letter(kind_of(WARNING), Scene(subject))
    with refused("sent_already"):
        dispatching.prepare(document_id=written.public_id, channel="registered", **by)
    dispatching.returned(dispatch_id=waits.public_id, **by)
    again = stage.act(making.write, COORDINATOR, kind=WARNING, subject=subject)
    waits = dispatching.prepare(document_id=again.public_id, channel="registered", **by)
    with refused("number_used"):
        dispatching.confirm(dispatch_id=waits.public_id, number="RR  1", **by)
    assert dispatching.confirm(dispatch_id=waits.public_id, number="RR 2", **by).state == "sent"


def test_a_number_that_was_taken_back_is_free_again(stage: Stage) -> None:
    subject = absent(stage, 1)
    stage.act(absence.send_letter, COORDINATOR, subject=subject, proof="RR 1")
    with refused("number_used"):
        stage.act(absence.send_letter, COORDINATOR, subject=subject, proof="RR 1")
    fact = next(one for one in stage.facts if one.kind == "registered_letter_sent")
    stage.record("fact_voided", fact=fact.id, reason="mistake")
    stage.act(absence.send_letter, COORDINATOR, subject=subject, proof="RR 1")
