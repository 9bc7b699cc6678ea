"""The registration with a regional service as a machine: every state × fact, and what a row remembers."""

from collections.abc import Callable

from dossiers import machines
from dossiers.models import Dossier
from tests.machines import START, Named, Play
from tnw.accounts.models import Fund
from trajects.models import PartnerReferral

FACTS: Named = {
    "drawn_up": ("partner_form_drawn_up", "p", {"service": "vdab"}),
    "sent": ("partner_form_sent", "p", {"service": "vdab"}),
    "accepted": ("partner_answered", "p", {"accepted": True}),
    "refused": ("partner_answered", "p", {"accepted": False}),
    "step": ("service_step", "p", {"step": "orientation"}),
    "step_elsewhere": ("service_step", "q", {"step": "coaching"}),
    "ended": ("partner_ended", "p", {}),
    "traject_ended": ("traject_ended", "", {"result": "no_result"}),
}
TABLE = """
fact            none      drawn_up  sent      accepted  refused  ended
drawn_up        +drawn_up -         -         -         -        -
sent            +sent     sent      -         -         -        -
accepted        -         -         accepted  -         -        -
refused         -         -         refused   -         -        -
step            =         -         -         =         -        -
step_elsewhere  =         =         =         =         =        =
ended           -         ended     ended     ended     -        -
traject_ended   =         ended     ended     ended     =        =
"""
WAYS = {
    "none": "",
    "drawn_up": "drawn_up",
    "sent": "drawn_up sent",
    "accepted": "drawn_up sent accepted",
    "refused": "drawn_up sent refused",
    "ended": "drawn_up sent accepted ended",
}
PLAY = Play(PartnerReferral, FACTS, WAYS)


def test_g1_every_fact_in_every_state() -> None:
    assert PLAY.faults(TABLE) == []
    assert PLAY.lacks(TABLE) == set()


def test_g1_what_a_row_remembers() -> None:
    (one,), illegal = PLAY.folded("drawn_up", "sent", "accepted", "step", "ended")
    assert isinstance(one, PartnerReferral)
    assert illegal == ()
    days = (one.drawn_up_on, one.sent_on, one.answered_on, one.step_on, one.ended_on)
    assert [(day - START).days for day in days if day] == [1, 2, 3, 4, 5]
    assert (one.service, one.step) == ("vdab", "orientation")


def test_g1_every_row_that_facts_can_make_is_accepted(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=START)
    for way in [*WAYS.values(), "drawn_up ended", "sent accepted step step_elsewhere"]:
        machines.write({dossier.pk: PLAY.facts_of(*way.split())}, fund=in_fund.pk)
