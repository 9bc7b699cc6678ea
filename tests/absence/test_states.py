"""An absence as a machine: every state × every fact (X1 to X3)."""

from datetime import date, datetime

import pytest

from dossiers.law.facts import fact
from tests.machines import START, Play
from tnw.core import clock
from trajects.models import AbsenceProcedure

AT = datetime(2026, 3, 2, 10, tzinfo=clock.BRUSSELS)
REDUCED = {"from": date(2026, 1, 10), "percent": "10"}

PLAY = Play(
    AbsenceProcedure,
    {
        "absent": ("absence_recorded", "a", {"purpose": "first_contact"}),
        "examined": ("absence_recorded", "b", {"purpose": "medical_examination"}),
        "follow_up": ("absence_recorded", "c", {"purpose": "follow_up"}),
        "made_A": ("appointment_made", "a", {"purpose": "first_contact", "at": AT, "route": "A"}),
        "made_B": ("appointment_made", "a", {"purpose": "first_contact", "at": AT, "route": "B"}),
        "excused": ("absence_excused", "a", {}),
        "excused_b": ("absence_excused", "b", {}),
        "warned": ("registered_letter_sent", "a", {"step": "first", "proof": "RR 1"}),
        "warned_2": ("registered_letter_sent", "a", {"step": "second", "proof": "RR 2"}),
        "warned_3": ("registered_letter_sent", "a", {"step": "again", "proof": "RR 3"}),
        "training": ("registered_letter_sent", "t", {"step": "training_decision", "proof": "RR 4"}),
        "proposed": ("reduction_proposed", "a", {}),
        "confirmed": ("reduction_confirmed", "a", REDUCED),
        "refused": ("reduction_refused", "a", {}),
        "withdrawn": ("absence_withdrawn", "a", {}),
        "asked": ("new_date_asked", "", {}),
        "attended": ("attended", "", {}),
        "attended_b": ("attended", "b", {}),
        "contact": ("first_contact_held", "", {"form": "phone"}),
        "contact_B": ("first_contact_held", "", {"form": "phone", "route": "B"}),
        "medical": ("medical_contact_held", "", {"form": "in_person"}),
        "referred": ("referral_made", "", {}),
        "taken_back": ("referral_withdrawn", "", {}),
        "category_2": ("assessment_made", "", {"category": 2}),
        "category_4": ("assessment_made", "", {"category": 4}),
        "closed_A": ("route_closed", "", {"route": "A", "reason": "declined"}),
        "closed_B": ("route_closed", "", {"route": "B", "reason": "declined"}),
        "started_B": ("traject_started", "", {"route": "B"}),
    },
    {
        "none": "",
        "recorded": "absent",
        "letter_sent": "absent warned_2",
        "reduction_proposed": "absent warned_2 proposed",
        "reduction_confirmed": "absent warned_2 proposed confirmed",
        "excused": "absent excused",
        "withdrawn": "absent withdrawn",
    },
    (fact("referral_made", START, "r-0"),),
)
# Rows are facts, columns the state they find. `=`: it stays in that state; `+`: another begins beside it.
TABLE = """
fact       none      recorded     letter_sent  reduction_proposed   reduction_confirmed excused     withdrawn
absent     +recorded -            -            -                    -                   recorded    recorded
examined   +recorded +recorded    +recorded    +recorded            +recorded           +recorded   +recorded
follow_up  =         =            =            =                    =                   =           =
excused    =         excused      excused      excused              excused             -           excused
excused_b  =         =            =            =                    =                   =           =
warned     =         letter_sent  =            -                    -                   -           -
warned_2   =         letter_sent  =            -                    -                   -           -
warned_3   =         letter_sent  =            -                    -                   -           -
training   =         =            =            =                    =                   =           =
proposed   -         -            reduction_proposed =              -                   -           -
confirmed  -         -            -            reduction_confirmed  -                   -           -
refused    -         -            -            letter_sent          -                   -           -
withdrawn  -         withdrawn    withdrawn    withdrawn            withdrawn           withdrawn   -
asked      =         =            =            =                    =                   =           =
attended   =         =            =            =                    =                   =           =
contact    =         =            =            =                    =                   =           =
medical    =         =            =            =                    =                   =           =
"""


def test_x1_x2_x3_every_fact_in_every_state() -> None:
    assert PLAY.faults(TABLE) == []


def test_every_state_and_every_transition_is_in_the_table() -> None:
    assert PLAY.lacks(TABLE) == set()


@pytest.mark.parametrize(
    ("way", "found"),
    [("absent", 1), ("made_A absent", 1), ("made_B absent", 0), ("follow_up", 0), ("examined", 1)],
)
def test_x1_only_in_route_a_at_the_examination_and_the_first_contact(way: str, found: int) -> None:
    made, illegal = PLAY.folded(*way.split())
    assert (len(made), illegal) == (found, ())


@pytest.mark.parametrize(
    ("way", "found"),
    [
        ("taken_back", 0), ("category_2", 0), ("category_4", 1), ("closed_A", 0), ("closed_B", 1),
        ("contact", 0), ("contact_B", 1), ("started_B", 0), ("taken_back referred", 1),
    ],
)  # fmt: skip
def test_x1_only_where_a_referral_waits_for_the_first_contact_that_day(way: str, found: int) -> None:
    """The appointment names no route: that of a request may have been left of it."""
    made, illegal = PLAY.folded(*way.split(), "absent")
    assert (len(made), illegal) == (found, ())
    made, _illegal = PLAY.folded(*way.split(), "examined")
    assert len(made) == 1, "an examination is always of route A"


def test_x1_what_is_asked_and_attended_is_of_every_absence_that_stands_and_the_first_time_counts() -> None:
    made, illegal = PLAY.folded("absent", "examined", "excused_b", "asked", "attended", "asked", "contact")
    assert illegal == ()
    first, excused = made
    assert isinstance(first, AbsenceProcedure)
    assert isinstance(excused, AbsenceProcedure)
    assert (first.asked_on, first.attended_on) == (date(2026, 1, 9), date(2026, 1, 10))
    assert (excused.asked_on, excused.attended_on) == (None, None)


@pytest.mark.parametrize(
    ("came", "ended"),
    [
        ("contact", "a"), ("medical", "b"), ("contact_B", ""), ("attended", "ab"), ("attended_b", "b"),
        ("medical contact", "ba"), ("contact medical", "ab"),
    ],
)  # fmt: skip
def test_x1_only_what_was_missed_ends_an_absence(came: str, ended: str) -> None:
    """A routine visit to the doctor is no first contact, and a first contact no examination."""
    made, illegal = PLAY.folded("absent", "examined", *came.split())
    assert illegal == ()
    days = {one.subject: one.attended_on for one in made if isinstance(one, AbsenceProcedure)}
    found = sorted((on, subject) for subject, on in days.items() if on)
    assert "".join(subject for _on, subject in found) == ended


def test_x3_absent_again_after_an_excuse_nothing_of_before_is_left() -> None:
    (one,), illegal = PLAY.folded("absent", "warned_2", "proposed", "confirmed", "asked", "excused", "absent")
    assert isinstance(one, AbsenceProcedure)
    assert illegal == ()
    assert (one.state, one.proof, one.letter_on, one.reduced_from, one.percent, one.asked_on) == (
        "recorded", "", None, None, None, None,
    )  # fmt: skip
