"""Adapted work as a machine: every state × every fact, every state × act × role."""

from collections.abc import Callable
from datetime import date, timedelta

from dossiers import machines
from dossiers.law.facts import in_order
from dossiers.models import Dossier
from tests.machines import START, Play
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from trajects.models import AdaptedWork
from trajects.policies import adapted_work as policies

FROM, TO = date(2026, 3, 2), date(2026, 6, 30)
PLAY = Play(
    AdaptedWork,
    {
        "planned": ("adapted_work_planned", "a", {"starts_on": FROM}),
        "again": ("adapted_work_planned", "a", {"starts_on": FROM + timedelta(7)}),
        "declared": ("adapted_work_declared", "a", {}),
        "permitted": ("adapted_work_permitted", "a", {"from": FROM, "to": TO, "hours": 19}),
        "changed": ("adapted_work_permitted", "a", {"from": FROM, "hours": 10}),
        "refused": ("adapted_work_refused", "a", {}),
        "ended": ("adapted_work_ended", "a", {}),
        "cancelled": ("adapted_work_cancelled", "a", {}),
        "another": ("adapted_work_planned", "b", {"starts_on": FROM}),
        "traject_ended": ("traject_ended", "", {"result": "no_result"}),
    },
    {
        "none": "",
        "planned": "planned",
        "declared": "planned declared",
        "permitted": "planned declared permitted",
        "refused": "planned declared refused",
        "ended": "planned declared permitted ended",
        "cancelled": "planned cancelled",
    },
)
TABLE = """
fact           none      planned    declared   permitted  refused   ended     cancelled
planned        +planned  =          planned    -          -         -         -
again          +planned  =          planned    -          -         -         -
declared       -         declared   -          -          -         -         -
permitted      -         -          permitted  =          -         -         -
changed        -         -          permitted  =          -         -         -
refused        -         -          refused    -          -         -         -
ended          -         -          -          ended      -         -         -
cancelled      -         cancelled  cancelled  cancelled  -         -         -
another        +planned  +planned   +planned   +planned   +planned  +planned  +planned
traject_ended  =         =          =          =          =         =         =
"""


def folded(*names: str) -> AdaptedWork:
    one = machines.fold(AdaptedWork, in_order(PLAY.facts_of(*names))).made[-1]
    assert isinstance(one, AdaptedWork)
    return one


def test_w1_t15_every_fact_in_every_state() -> None:
    assert PLAY.lacks(TABLE) == set()
    assert PLAY.faults(TABLE) == []


def test_t15_w1_planned_again_is_declared_again_and_permitted_again_is_the_last() -> None:
    again = folded("planned", "declared", "again")
    assert (again.starts_on, again.declared_on) == (FROM + timedelta(7), None)
    changed = folded("planned", "declared", "permitted", "changed")
    assert (changed.permitted_from, changed.permitted_to, changed.hours) == (FROM, None, 10)


# C coordinator, D advisory doctor; before the slash the day before the first day that is permitted, after it that day.
ROLES = """
act      planned  declared  permitted  refused  ended  cancelled
replan   C        C         -          -        -      -
declare  C        -         -          -        -      -
permit   -        D         D          -        -      -
refuse   -        D         -          -        -      -
end      -        -         -/C        -        -      -
cancel   C        C         C/-        -        -      -
"""
POLICIES = {
    "replan": policies.may_replan,
    "declare": policies.may_declare,
    "permit": policies.may_permit,
    "refuse": policies.may_refuse,
    "end": policies.may_end,
    "cancel": policies.may_cancel,
}


def test_w1_who_may_do_what_with_adapted_work(
    make_user: Callable[..., User], fund: Fund, team: Team, dossier_of: Callable[..., Dossier]
) -> None:
    """J is a job: it may record what a coordinator records, and permits nothing."""
    letters = dict(zip("CDMLPA", Role.values, strict=True))
    people: dict[str, Actor] = {
        letter: actors.of_user(make_user(role, fund=fund, team=team)) for letter, role in letters.items()
    }
    people["J"] = actors.system()
    dossier = dossier_of(start=START)
    wrong = []
    with audit.acting_as(actors.system(), fund):
        for act, state, expected in cells(ROLES):
            one = folded(*PLAY.ways[state].split())
            told = expected.split("/") if "/" in expected else [expected] * 2
            for day, may_be in zip((FROM - timedelta(1), FROM), told, strict=True):
                may = {name for name, actor in people.items() if POLICIES[act](actor, dossier, one, day)}
                right = set(may_be.strip("-")) | ({"J"} if may_be == "C" else set())
                if may != right:
                    wrong.append((act, state, day, may))
        assert wrong == []
        may = {name for name, actor in people.items() if policies.may_plan(actor, dossier, FROM)}
        assert may == {"C", "J"}
        assert not policies.may_plan(people["C"], dossier, START - timedelta(1))
