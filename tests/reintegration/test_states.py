"""Formal part, declaration and traject as machines: every state × fact, and the rows that the database takes."""

from collections.abc import Callable

import pytest

from dossiers import machines
from dossiers.models import Dossier
from tests.machines import PART_RUNS, START, TRAJECT_RUNS, Named, Play
from tnw.accounts.models import Fund
from trajects.models import EngagementDeclaration, ReintegrationTraject, Traject

PART_FACTS: Named = {
    "started": ("reintegration_started", "", {"condition": 1}),
    "completed": ("declaration_completed", "d", {}),
    "completed_e": ("declaration_completed", "e", {}),
    "voided": ("declaration_voided", "d", {}),
    "met": ("plan_meeting_held", "", {}),
    "agreed": ("plan_agreed", "", {"version": 1}),
    "reviewed": ("plan_reviewed", "", {"with_interview": True}),
    "looked_back": ("plan_evaluated", "", {}),
    "suspended": ("traject_suspended", "", {"reason": "illness"}),
    "resumed": ("traject_resumed", "", {}),
    "ended": ("reintegration_ended", "", {"result": "no_result"}),
    "traject_ended": ("traject_ended", "", {"result": "no_result"}),
}
# What is suspended is called by the state to which it returns.
PART = """
fact           none      awaiting   planning   in_review  evaluated  s_awaiting s_planning s_in_review s_evaluated ended
started        +awaiting -          -          -          -          -          -          -           -           +awaiting
completed      -         planning   =          -          -          =          =          -           -           -
completed_e    -         planning   =          -          -          =          =          -           -           -
voided         =         =          awaiting   =          =          =          =          =           =           =
met            -         -          =          =          -          -          =          =           -           -
agreed         -         -          in_review  =          -          -          =          =           -           -
reviewed       -         -          -          =          =          -          -          =           =           -
looked_back    -         -          -          evaluated  -          -          -          =           -           -
suspended      -         suspended  suspended  suspended  suspended  -          -          -           -           -
resumed        -         -          -          -          -          awaiting   planning   in_review   evaluated   -
ended          -         ended      ended      ended      ended      ended      ended      ended       ended       -
traject_ended  =         ended      ended      ended      ended      ended      ended      ended       ended       =
"""
PART_WAYS = {
    "none": "",
    "awaiting": "started",
    "planning": "started completed",
    "in_review": "started completed met agreed",
    "evaluated": "started completed agreed reviewed looked_back",
    "ended": "started completed ended",
}
PART_WAYS |= {
    f"s_{stage}": f"{PART_WAYS[stage]} suspended"
    for stage in ("awaiting", "planning", "in_review", "evaluated")
}
PART_NAMES = {
    "awaiting": "awaiting_signatures",
    "+awaiting": "+awaiting_signatures",
    **{name: "suspended" for name in PART_WAYS if name.startswith("s_")},
}
DECLARATION_FACTS: Named = {
    "drawn_up": ("declaration_drawn_up", "d", {}),
    "another": ("declaration_drawn_up", "e", {}),
    "insured": ("declaration_signed", "d", {"role": "insured", "method": "paper"}),
    "coordinator": ("declaration_signed", "d", {"role": "coordinator", "method": "application"}),
    "doctor": ("declaration_signed", "d", {"role": "advisory_doctor", "method": "application"}),
    "completed": ("declaration_completed", "d", {}),
    "refused": ("declaration_refused", "d", {"role": "insured"}),
    "voided": ("declaration_voided", "d", {}),
    "part_ended": ("reintegration_ended", "", {"result": "no_result"}),
    "traject_ended": ("traject_ended", "", {"result": "no_result"}),
}
DECLARATION = """
fact           none      drawn_up  one_signed  two_signed  three_signed  complete   refused    void       lapsed
drawn_up       +drawn_up -         -           -           -             -          -          -          -
another        +drawn_up +drawn_up +drawn_up   +drawn_up   +drawn_up     +drawn_up  +drawn_up  +drawn_up  -
insured        -         some      -           -           -             -          -          -          -
coordinator    -         some      =           -           -             -          -          -          -
doctor         -         some      =           =           -             -          -          -          -
completed      -         -         -           -           complete      -          -          -          -
refused        -         refused   refused     refused     refused       -          -          -          -
voided         -         void      void        void        void          void       -          -          -
part_ended     =         lapsed    lapsed      lapsed      lapsed        =          =          =          =
traject_ended  =         lapsed    lapsed      lapsed      lapsed        =          =          =          =
"""
DECLARATION_WAYS = {
    "none": "",
    "drawn_up": "drawn_up",
    "one_signed": "drawn_up insured",
    "two_signed": "drawn_up insured coordinator",
    "three_signed": "drawn_up insured coordinator doctor",
    "complete": "drawn_up doctor coordinator insured completed",
    "refused": "drawn_up refused",
    "void": "drawn_up coordinator voided",
    "lapsed": "drawn_up insured part_ended",
}
DECLARATION_NAMES = dict.fromkeys(("one_signed", "two_signed", "three_signed", "some"), "signed_by_some")
TRAJECT_FACTS: Named = {
    "started": ("traject_started", "", {"route": "B"}),
    "step": ("first_step_chosen", "", {"step": "training"}),
    "looked_back": ("traject_evaluated", "", {}),
    "ended": ("traject_ended", "", {"result": "stopped_by_insured"}),
}
TRAJECT = """
fact         none     running  evaluated  ended
started      +running -        -          +running
step         =        =        =          =
looked_back  =        =        =          -
ended        =        ended    ended      -
"""
TRAJECT_WAYS = {
    "none": "", "running": "started", "evaluated": "started looked_back", "ended": "started ended",
}  # fmt: skip
PLAYS = {
    "formal part": (Play(ReintegrationTraject, PART_FACTS, PART_WAYS, TRAJECT_RUNS), PART, PART_NAMES),
    "declaration": (
        Play(EngagementDeclaration, DECLARATION_FACTS, DECLARATION_WAYS, PART_RUNS), DECLARATION, DECLARATION_NAMES,
    ),
    "traject": (Play(Traject, TRAJECT_FACTS, TRAJECT_WAYS), TRAJECT, {"evaluated": "running"}),
}  # fmt: skip


@pytest.mark.parametrize("of", PLAYS)
def test_z2_z7_z8_p3_every_fact_in_every_state(of: str) -> None:
    play, table, names = PLAYS[of]
    assert play.faults(table, names) == []
    assert play.lacks(table, names) == set()


@pytest.mark.parametrize("of", PLAYS)
def test_every_row_that_facts_make_is_taken_by_the_database(
    of: str, in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    play, _table, _names = PLAYS[of]
    dossier = dossier_of(start=START)
    for way in play.ways.values():
        if way:
            for more in play.facts:
                machines.write(
                    {dossier.pk: (*play.before, *play.facts_of(*way.split(), more))}, fund=in_fund.pk
                )
            machines.write({dossier.pk: (*play.before, *play.facts_of(*way.split()))}, fund=in_fund.pk)
            assert [one.state for one in play.model.objects.filter(dossier=dossier)][-1:] != []


def part(*names: str) -> ReintegrationTraject:
    made, illegal = PLAYS["formal part"][0].folded(*names)
    assert not illegal
    assert isinstance(made[-1], ReintegrationTraject)
    return made[-1]


def test_t18_z7_what_is_done_while_suspended_counts_on_return() -> None:
    waiting = part("started", "suspended", "completed")
    assert (waiting.state, waiting.stage) == ("suspended", "planning")
    assert part("started", "suspended", "completed", "agreed", "resumed").state == "in_review"
    assert part("started", "completed", "suspended", "voided", "resumed").state == "awaiting_signatures"
    twice = part("started", "suspended", "resumed", "completed", "suspended", "resumed")
    assert (twice.state, twice.suspended_on, twice.resumes_to) == ("planning", None, "")


def test_z2_signed_anew_before_the_old_one_is_void_within_a_day() -> None:
    """Of one day the completion comes first (F1): the part rests on the new declaration."""
    assert part("started", "completed", "completed_e", "voided").state == "planning"
    assert part("started", "completed", "voided", "completed_e").state == "planning"
    assert part("started", "completed", "suspended", "completed_e", "voided").stage == "planning"


def test_z1_several_formal_parts_one_after_the_other() -> None:
    made, illegal = PLAYS["formal part"][0].folded("started", "ended", "started", "completed")
    assert not illegal
    assert [(one.number, one.state) for one in made if isinstance(one, ReintegrationTraject)] == [
        (1, "ended"), (2, "planning"),
    ]  # fmt: skip
