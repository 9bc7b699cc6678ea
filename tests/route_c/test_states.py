"""Route C as a machine: every state × every fact, and two registrations beside each other."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from dossiers.law.facts import in_order
from dossiers.machines import fold, write
from dossiers.models import Dossier
from routing.models import RouteC, RouteCState
from tests.machines import START, Named, Play
from tnw.accounts.models import Fund

REPORT = {"service": "vdab", "registered_on": START}
FACTS: Named = {
    "report": ("registration_reported", "r-1", REPORT),
    "refusal": ("registration_refused", "r-1", {"reason": "unknown_person"}),
    "outside": ("registration_refused", "r-1", {"reason": "outside_window", **REPORT}),
    "confirmation": ("invalidity_confirmed", "r-1", {}),
    "denial": ("invalidity_denied", "r-1", {"reason": "awaiting_recognition"}),
    "step": ("service_step", "r-1", {"step": "orientation"}),
    "start": ("traject_started", "r-1", {"route": "C"}),
    "start_of_the_furthest": ("traject_started", "", {"route": "C"}),
    "start_A": ("traject_started", "", {"route": "A"}),
    "start_B": ("traject_started", "", {"route": "B"}),
    "closing": ("route_closed", "r-1", {"route": "C", "reason": "declined"}),
    "closing_A": ("route_closed", "", {"route": "A", "reason": "declined"}),
    # A second registration.
    "report_2": ("registration_reported", "r-2", REPORT),
    "confirmation_2": ("invalidity_confirmed", "r-2", {}),
    "start_2": ("traject_started", "r-2", {"route": "C"}),
    "closing_2": ("route_closed", "r-2", {"route": "C", "reason": "declined"}),
}
WAYS = {
    "none": "",
    "reported": "report",
    "refused": "report refusal",
    "confirmed": "report confirmation",
    "denied": "report denial",
    "started": "report confirmation start",
    "closed": "report closing",
}
SHORT = {
    "confirmed": "invalidity_confirmed",
    "denied": "invalidity_denied",
    "started": "traject_started",
}
TABLE = """
fact                   none       reported   refused  confirmed  denied  started  closed
report                 +reported  -          -        -          -       -        -
refusal                +refused   refused    -        -          -       -        -
outside                +refused   refused    -        -          -       -        -
confirmation           -          confirmed  -        -          -       -        -
denial                 -          denied     -        -          -       -        -
step                   =          =          -        =          -       =        -
start                  -          -          -        started    -       -        -
start_of_the_furthest  -          -          -        started    -       -        -
start_A                =          closed     =        closed     =       =        =
start_B                =          closed     =        closed     =       =        =
closing                -          closed     -        closed     -       -        -
closing_A              =          =          =        =          =       =        =
report_2               +reported  +reported  +reported  +reported  +reported  +reported  +reported
"""
PLAY = Play(RouteC, FACTS, WAYS)


def test_c1_c2_c4_r1_every_fact_in_every_state() -> None:
    assert PLAY.faults(TABLE, SHORT) == []
    assert PLAY.lacks(TABLE, SHORT) == set()


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        # Both go on; the one that starts closes the other (R1).
        ("report report_2 confirmation confirmation_2", ["invalidity_confirmed", "invalidity_confirmed"]),
        ("report report_2 confirmation start", ["traject_started", "superseded"]),
        ("report report_2 confirmation confirmation_2 start_2", ["superseded", "traject_started"]),
        ("report report_2 denial confirmation_2 start_2", ["awaiting_recognition", "traject_started"]),
        # What names none is about the one that is furthest.
        ("report report_2 confirmation start_of_the_furthest", ["traject_started", "superseded"]),
        ("report report_2 closing", ["declined", "reported"]),
        ("report report_2 closing_2", ["reported", "declined"]),
        ("report report_2 start_A", ["superseded", "superseded"]),
        ("report closing report_2", ["declined", "reported"]),
    ],
)
def test_r1_two_registrations(ways: str, expected: list[str]) -> None:
    made, illegal = PLAY.folded(*ways.split())
    assert illegal == ()
    rows = [one for one in made if isinstance(one, RouteC)]
    assert [one.reason or one.state for one in rows] == expected


def test_c4_the_latest_step_and_its_day_are_kept() -> None:
    made, _illegal = PLAY.folded("report", "step", "confirmation", "start")
    one = made[0]
    assert isinstance(one, RouteC)
    assert (one.step, one.step_on, one.service, one.registered_on) == (
        "orientation", START.replace(day=START.day + 2), "vdab", START,
    )  # fmt: skip


def test_c2_every_row_that_facts_make_is_accepted_and_no_other(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=START)
    for way in [*WAYS.values(), "outside", "report report_2 confirmation start"]:
        facts = PLAY.facts_of(*way.split())
        assert fold(RouteC, in_order(facts)).illegal == ()
        write({dossier.pk: facts}, fund=in_fund.pk)
    legal = {("refused", "other"), ("invalidity_denied", "other"), ("closed", "other")}
    legal |= {("reported", ""), ("invalidity_confirmed", ""), ("traject_started", "")}
    for state, reason in product(("", "lost", *RouteCState.values), ("", "other")):
        one = RouteC(
            fund=in_fund, dossier=dossier, subject=f"{state}-{reason}", state=state, reason=reason,
            reported_on=START,
        )  # fmt: skip
        try:
            with transaction.atomic():
                one.save()
        except IntegrityError:
            assert (state, reason) not in legal
        else:
            assert (state, reason) in legal
