"""The traject at the employer as a machine: every state × fact, and the rows that the database takes."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from dossiers import machines
from dossiers.models import Dossier
from tests.machines import START, Named, Play
from tnw.accounts.models import Fund
from trajects.models import EmployerTraject
from trajects.models.employer import EmployerState

CONSENT = {"purpose": "employer_referral", "party": "occupational_physician"}
FACTS: Named = {
    "proposed": ("occupational_referral_proposed", "", {}),
    "agreed": ("consent_given", "", CONSENT),
    "refused": ("consent_refused", "", CONSENT),
    "withdrawn": ("consent_withdrawn", "", CONSENT),
    "processing": ("consent_withdrawn", "", {"purpose": "data_processing"}),
    "other_yes": ("consent_given", "", {"purpose": "consultation", "party": "employer"}),
    "referred": ("occupational_referral_made", "", {"asks_for": "visit"}),
    "will_ask": ("pre_return_visit_held", "", {"outcome": "employer_traject"}),
    "will_not_ask": ("pre_return_visit_held", "", {"outcome": "no_employer_traject"}),
    "resumes": ("pre_return_visit_held", "", {"outcome": "resumption"}),
    "visit": ("pre_return_visit_held", "", {"outcome": "other"}),
    "not_asked": ("employer_traject_declined", "", {}),
    "started": ("employer_traject_started", "", {"requested_by": "employer"}),
    "ended": ("employer_traject_ended", "", {"decision": "B", "refused_by": "worker"}),
    "traject_over": ("traject_ended", "", {"result": "no_result"}),
    "route_b_shut": ("route_closed", "", {"route": "B", "reason": "no_need"}),
}
TABLE = """
fact          none      proposed  agreed    declined   referred   visited    asked      not_asked  running  ended
proposed      +proposed -         -         +proposed  -          -          -          +proposed  -        +proposed
agreed        =         agreed    =         =          =          =          =          =          =        =
refused       =         declined  declined  =          =          =          =          =          =        =
withdrawn     =         declined  declined  =          =          =          =          =          =        =
processing    =         declined  declined  =          =          =          =          =          =        =
other_yes     =         =         =         =          =          =          =          =          =        =
referred      +referred referred  referred  +referred  -          -          -          +referred  -        +referred
will_ask      =         -         -         -          asked      -          -          -          -        -
will_not_ask  =         -         -         -          not_asked  not_asked  not_asked  -          -        -
resumes       =         -         -         -          visited    -          -          -          -        -
visit         =         -         -         -          visited    -          -          -          -        -
not_asked     -         -         -         -          not_asked  not_asked  not_asked  -          -        -
started       +running  running   running   +running   running    running    running    +running   -        +running
ended         -         -         -         -          -          -          -          -          ended    -
traject_over  =         declined  declined  =          =          =          =          =          =        =
route_b_shut  =         declined  declined  =          =          =          =          =          =        =
"""
WAYS = {
    "none": "",
    "proposed": "proposed",
    "agreed": "proposed agreed",
    "declined": "proposed refused",
    "referred": "referred",
    "visited": "referred visit",
    "asked": "referred will_ask",
    "not_asked": "referred will_not_ask",
    "running": "started",
    "ended": "started ended",
}
PLAY = Play(EmployerTraject, FACTS, WAYS)


def test_a7_z7_z9_every_fact_in_every_state() -> None:
    assert PLAY.faults(TABLE) == []
    assert PLAY.lacks(TABLE) == set()


def test_a7_z1_z9_what_a_row_remembers() -> None:
    (one,), illegal = PLAY.folded("proposed", "agreed", "referred", "will_ask", "started", "ended")
    assert isinstance(one, EmployerTraject)
    assert illegal == ()
    days = [
        (day - START).days for day in (one.referred_on, one.visited_on, one.started_on, one.ended_on) if day
    ]
    assert days == [3, 4, 5, 6]
    assert (one.outcome, one.requested_by, one.decision, one.refused_by) == (
        "employer_traject", "employer", "B", "worker",
    )  # fmt: skip
    for way, decided in (
        ("referred will_not_ask", 2),
        ("referred not_asked", 2),
        ("referred visit not_asked", 3),
    ):
        (one,), _illegal = PLAY.folded(*way.split())
        assert isinstance(one, EmployerTraject)
        assert one.decided_on
        assert ((one.decided_on - START).days, one.state) == (decided, "not_asked"), way


def test_z9_every_row_that_facts_can_make_is_accepted(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=START)
    for way in [*WAYS.values(), "started ended referred visit", "proposed refused started ended started"]:
        machines.write({dossier.pk: PLAY.facts_of(*way.split())}, fund=in_fund.pk)


def test_z9_no_other_row_is_accepted(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    dossier = dossier_of(start=START)
    every = product(("", "lost", *EmployerState.values), (None, START), ("", "B"))
    for number, (state, ended_on, decision) in enumerate(every, start=1):
        one = EmployerTraject(
            fund=in_fund, dossier=dossier, number=number, state=state, ended_on=ended_on, decision=decision
        )
        legal = (ended_on, decision) == ((START, "B") if state == "ended" else (None, ""))
        try:
            with transaction.atomic():
                one.save()
                transaction.set_rollback(True)
            accepted = True
        except IntegrityError:
            accepted = False
        assert accepted == (legal and state in EmployerState.values), (state, ended_on, decision)
    EmployerTraject(fund=in_fund, dossier=dossier, number=98, state="running").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        EmployerTraject(fund=in_fund, dossier=dossier, number=99, state="referred").save()
