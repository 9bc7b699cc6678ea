"""Traject and appointment as machines: every state × fact, every row × constraint, every state × act × role."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import product
from random import Random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers import machines
from dossiers.law.facts import Fact, fact, in_order
from dossiers.models import Dossier
from dossiers.models.machine import Machine
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web.demo.people import enterprise_number
from trajects.models import Appointment, Traject
from trajects.models.appointment import AppointmentState, Purpose
from trajects.models.traject import TrajectState
from trajects.policies import contacts as policies

START = date(2026, 1, 5)
AT = datetime(2026, 3, 2, 10, tzinfo=clock.BRUSSELS)
EMPLOYER = enterprise_number(12_345)
LATER = datetime(2026, 3, 9, 14, tzinfo=clock.BRUSSELS)

FACTS: dict[str, tuple[str, str, dict[str, object]]] = {
    "made": ("appointment_made", "a", {"purpose": "first_contact", "at": AT, "form": "in_person"}),
    "moved": ("appointment_moved", "a", {"at": LATER}),
    "cancelled": ("appointment_cancelled", "a", {}),
    "first_contact": ("first_contact_held", "a", {"route": "A", "form": "phone"}),
    "contact": ("contact_held", "a", {"form": "phone"}),
    "medical_contact": ("medical_contact_held", "a", {"form": "phone"}),
    "absent": ("absence_recorded", "a", {"purpose": "first_contact"}),
    "excused": ("absence_excused", "a", {}),
    "contact_of_none": ("contact_held", "", {"form": "phone"}),
    "absent_elsewhere": ("absence_recorded", "b", {"purpose": "first_contact"}),
    "started_A": ("traject_started", "", {"route": "A"}),
    "started_B": ("traject_started", "", {"route": "B"}),
    "step": ("first_step_chosen", "", {"step": "guidance"}),
    "other_step": ("first_step_chosen", "", {"step": "training"}),
    "evaluated": ("traject_evaluated", "", {}),
    "looked_back": ("traject_evaluated", "", {}),
    "ended": ("traject_ended", "", {"result": "no_result"}),
}

# Rows are facts, columns the state they find: the state they leave, `=` the same one, `-` not allowed there.
APPOINTMENT = """
fact              none     planned    held  missed   excused  cancelled
made              planned  -          -     planned  planned  planned
moved             =        =          -     -        -        -
cancelled         =        cancelled  -     -        -        -
first_contact     =        held       -     -        -        -
contact           =        held       -     -        -        -
medical_contact   =        held       -     -        -        -
absent            =        missed     -     -        -        -
excused           =        -          -     excused  -        -
contact_of_none   =        =          =     =        =        =
absent_elsewhere  =        =          =     =        =        =
"""
TRAJECT = """
fact        none     running  ended    running_again
started_A   running  -        running  -
started_B   running  -        running  -
step        =        =        =        =
evaluated   =        =        -        =
ended       =        ended    -        ended
"""
WAYS = {
    "none": "",
    "planned": "made",
    "held": "made first_contact",
    "missed": "made absent",
    "excused": "made absent excused",
    "cancelled": "made cancelled",
    "running": "started_A",
    "ended": "started_A ended",
    "running_again": "started_A ended started_B",
}


def played(*names: str) -> tuple[Fact, ...]:
    """These facts, a day each."""
    return tuple(
        made(name, START + timedelta(days=number), f"f-{number}")
        for number, name in enumerate(names, start=1)
    )


def made(name: str, day: date, id: str) -> Fact:
    kind, subject, values = FACTS[name]
    return fact(kind, day, id, subject, **values)


def row(one: Machine) -> tuple[object, ...]:
    return tuple(machines._values(one))


def states(model: type[Machine], *names: str) -> tuple[list[str], list[tuple[object, ...]], tuple[str, ...]]:
    folded = machines.fold(model, in_order(played(*names)))
    return [one.state for one in folded.made], [row(one) for one in folded.made], folded.illegal


EVERY = [(Appointment, *cell) for cell in cells(APPOINTMENT)] + [(Traject, *cell) for cell in cells(TRAJECT)]


def test_every_state_and_every_fact_is_in_the_tables() -> None:
    for model, values in ((Appointment, AppointmentState.values), (Traject, TrajectState.values)):
        mine = [cell for cell in EVERY if cell[0] is model]
        assert {column.split("_")[0] for _model, _row, column, _cell in mine} == {"none", *values}
        told = {model.transition_of(made(name, START, "f")) for _model, name, _column, _cell in mine}
        assert told - {None} == set(model.TABLE.values())


@pytest.mark.parametrize(("model", "name", "found", "leaves"), EVERY)
def test_a6_a7_r1_every_fact_in_every_state(model: type[Machine], name: str, found: str, leaves: str) -> None:
    way = WAYS[found].split()
    before, rows, illegal = states(model, *way)
    assert illegal == ()
    assert before[-1:] == ([] if found == "none" else [found.split("_")[0]])
    after, rows_after, illegal = states(model, *way, name)
    if leaves == "-":
        assert (illegal, rows_after) == ((f"f-{len(way) + 1}",), rows)
    else:
        assert illegal == ()
        assert after[-1:] == (before[-1:] if leaves == "=" else [leaves])


def test_what_moves_and_what_is_held_keep_moment_and_form() -> None:
    (moved,) = machines.fold(Appointment, played("made", "moved")).made
    assert isinstance(moved, Appointment)
    assert (moved.at, moved.form, moved.purpose) == (LATER, "in_person", "first_contact")
    (held,) = machines.fold(Appointment, played("made", "contact")).made
    assert isinstance(held, Appointment)
    assert (held.at, held.form) == (AT, "phone")


@pytest.mark.parametrize(
    ("ways", "steps"),
    [
        ("step started_A", ["guidance"]),
        ("step other_step started_A", ["training"]),
        ("started_A step other_step", ["training"]),
        ("step started_A ended started_B", ["guidance", ""]),
        ("step started_A ended other_step started_B", ["guidance", "training"]),
    ],
)
def test_a7_the_first_step_is_the_latest_before_the_start_and_may_change(ways: str, steps: list[str]) -> None:
    found = machines.fold(Traject, played(*ways.split())).made
    assert [one.first_step for one in found if isinstance(one, Traject)] == steps


# --- what the database accepts


def sequences(names: tuple[str, ...], models: tuple[type[Machine], ...]) -> Iterator[tuple[str, ...]]:
    """Every sequence of at most four facts that fit."""
    newest: list[tuple[str, ...]] = [()]
    for _length in range(4):
        newest = [
            (*way, name)
            for way, name in product(newest, names)
            if not any(machines.fold(model, played(*way, name)).illegal for model in models)
        ]
        yield from newest


def accepted(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return False
    return True


def test_r1_every_row_that_facts_can_make_is_accepted(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=START)
    # Written as the ledger writes them; of the many that differ by their days alone one stands for all.
    ways = {
        (model, *(shape(one) for one in machines.fold(model, played(*way)).made)): way
        for model, names in (
            (Appointment, ("made", "moved", "cancelled", "contact", "absent", "excused")),
            (Traject, ("started_A", "started_B", "step", "evaluated", "ended")),
        )
        for way in sequences(names, (model,))
    }
    assert len(ways) > 40
    for way in ways.values():
        machines.write({dossier.pk: played(*way)}, fund=in_fund.pk)


def shape(one: Machine) -> tuple[object, ...]:
    """What is in a row, whichever days it has."""
    return tuple("day" if isinstance(value, date) else value for value in row(one))


def test_r1_a6_no_other_row_is_accepted(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    dossier = dossier_of(start=START)
    results = ("", "no_result")
    ends = (None, START - timedelta(days=1), START)
    legal = {("running", None, ""), ("ended", START, "no_result")}
    for number, (state, ended_on, result) in enumerate(
        product(("", "paused", "running", "ended"), ends, results), start=1
    ):

        def write(
            number: int = number, state: str = state, ended_on: date | None = ended_on, result: str = result
        ) -> None:
            Traject(
                fund=in_fund, dossier=dossier, number=number, state=state, route="A", started_on=START,
                ended_on=ended_on, result=result,
            ).save()  # fmt: skip

        assert accepted(write) == ((state, ended_on, result) in legal), (state, ended_on, result)
    second = Traject(fund=in_fund, dossier=dossier, number=99, state="running", route="B", started_on=START)
    assert not accepted(second.save), "at most one runs"
    for state, purpose in product(("", "lost", *AppointmentState.values), ("", "tea", *Purpose.values)):
        one = Appointment(
            fund=in_fund, dossier=dossier, subject=f"{state}-{purpose}", state=state, at=AT, purpose=purpose
        )
        assert accepted(one.save) == (state in AppointmentState.values and purpose in Purpose.values)


# How long it takes to make the facts depends on what else runs on the machine.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(sorted(FACTS)), st.integers(0, 6)), max_size=6),
    st.randoms(use_true_random=False),
)
def test_f1_in_which_order_facts_were_recorded_means_nothing(
    told: list[tuple[str, int]], chance: Random
) -> None:
    facts = [made(name, START + timedelta(day), f"f-{n}") for n, (name, day) in enumerate(told)]
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert machines._folded(tuple(shuffled)) == machines._folded(tuple(facts))


# --- who may do what

# C coordinator, D advisory doctor, M medical team; before the slash an examination, after it any other contact.
ROLES = """
act      planned_ahead  planned_past  held  missed  excused  cancelled
plan     DM/C           DM/C          DM/C  DM/C    DM/C     DM/C
change   DM/C           DM/C          -     -       -        -
outcome  -              DM/C          -     -       -        -
excuse   -              -             -     DM/C    -        -
"""


def verdict(act: str, actor: Actor, dossier: Dossier, one: Appointment, day: date) -> Verdict:
    if act == "plan":
        return policies.may_contact(actor, dossier, day, one.purpose)
    policy = {
        "change": policies.may_change,
        "outcome": policies.may_tell_outcome,
        "excuse": policies.may_excuse,
    }
    return policy[act](actor, dossier, one, day)


def test_a6_who_may_do_what_with_an_appointment(
    make_user: Callable[..., User], fund: Fund, team: Team, dossier_of: Callable[..., Dossier]
) -> None:
    letters = dict(zip("CDMLPA", Role.values, strict=True))
    people: dict[str, Actor] = {
        letter: actors.of_user(make_user(role, fund=fund, team=team)) for letter, role in letters.items()
    }
    wrong = []
    dossier = dossier_of(start=START)
    with audit.acting_as(actors.system(), fund):
        for act, state, expected in cells(ROLES):
            for purpose in Purpose.values:
                day = AT.date() - timedelta(days=state == "planned_ahead")
                one = Appointment(purpose=purpose, at=AT, state=state.split("_")[0])
                allowed = {
                    letter for letter, actor in people.items() if verdict(act, actor, dossier, one, day)
                }
                examination, other = expected.split("/") if "/" in expected else ("", "")
                if allowed != set(examination if purpose == Purpose.MEDICAL_EXAMINATION else other):
                    wrong.append((act, state, purpose, allowed))
    assert wrong == []


@pytest.mark.parametrize(
    ("step", "regime", "contract", "fits"),
    [
        ("employer", "employee", True, True),
        ("employer", "employee", False, False),
        ("employer", "unemployed", False, False),
        ("employer", "self_employed", False, False),
        ("training", "self_employed", False, True),
        ("guidance", "unemployed", False, True),
    ],
)
def test_a7_which_step_fits_whom(
    in_fund: Fund, dossier_of: Callable[..., Dossier], step: str, regime: str, contract: bool, fits: bool
) -> None:
    dossier = dossier_of(
        start=START,
        regime=regime,
        employment_contract=str(contract).lower(),
        employer_number=EMPLOYER if contract else "",
    )
    assert bool(policies.step_fits(dossier, step)) == fits
