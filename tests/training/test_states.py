"""A training as a machine: every state × every fact, every state × act × role."""

from collections.abc import Callable
from datetime import date, timedelta

from dossiers import machines
from dossiers.law.facts import Fact, fact, in_order
from dossiers.models import Dossier
from tests.machines import START, Play
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from trajects.models import TrainingProject
from trajects.policies import training as policies

DAYS = {"from": date(2026, 3, 2), "to": date(2026, 6, 30)}
PLAY = Play(
    TrainingProject,
    {
        "proposed": ("training_proposed", "a", {"proposed_by": "insured"}),
        "advised": ("training_advised", "a", {"favorable": True}),
        "against": ("training_advised", "a", {"favorable": False}),
        "submitted": ("training_submitted", "a", {}),
        "reviewed": ("training_reviewed", "a", {"favorable": True}),
        "approved": ("training_decided", "a", {"approved": True, **DAYS}),
        "refused": ("training_decided", "a", {"approved": False}),
        "letter": ("registered_letter_sent", "a", {"step": "training_decision", "proof": "RR 1"}),
        "letter_of_absence": ("registered_letter_sent", "a", {"step": "first", "proof": "RR 2"}),
        "completed": ("training_completed", "a", {"success": True}),
        "failed": ("training_completed", "a", {"success": False}),
        "broken_off": ("training_broken_off", "a", {}),
        "assessed": ("assessment_made", "", {"category": 4}),
        "traject_ended": ("traject_ended", "", {"result": "no_result"}),
        "another": ("training_proposed", "b", {}),
    },
    {
        "none": "",
        "proposed": "proposed",
        "advised": "proposed advised",
        "advised_against": "proposed against",
        "submitted": "proposed advised submitted",
        "reviewed": "proposed advised submitted reviewed",
        "approved": "proposed advised submitted reviewed approved",
        "refused": "proposed advised submitted reviewed refused",
        "completed": "proposed advised submitted reviewed approved completed",
        "failed": "proposed advised submitted reviewed approved failed",
        "broken_off": "proposed broken_off",
        "reassessed": "proposed advised submitted reviewed approved completed assessed",
    },
)
# Rows are facts, columns the state they find. What is said of a letter is in the row, not in the state.
TABLE = """
fact               none      proposed         advised          advised_against  submitted   reviewed    approved    refused    completed   failed      broken_off  reassessed
proposed           +proposed -                -                -                -           -           -           -          -           -           -           -
advised            -        advised          =                advised          -           -           -           -          -           -           -           -
against            -        advised_against  advised_against  =                -           -           -           -          -           -           -           -
submitted          -        -                submitted        -                -           -           -           -          -           -           -           -
reviewed           -        -                -                -                reviewed    -           -           -          -           -           -           -
approved           -        -                -                -                -           approved    -           -          -           -           -           -
refused            -        -                -                -                -           refused     -           -          -           -           -           -
letter             -        -                -                -                =           =           =           =          =           =           =           =
letter_of_absence  =        =                =                =                =           =           =           =          =           =           =           =
completed          -        -                -                -                -           -           completed   -          -           -           -           -
failed             -        -                -                -                -           -           failed      -          -           -           -           -
broken_off         -        broken_off       broken_off       broken_off       broken_off  broken_off  broken_off  -          -           -           -           -
assessed           =        =                =                =                =           =           =           =          reassessed  reassessed  reassessed  =
traject_ended      =        broken_off       broken_off       broken_off       =           =           =           =          =           =           =           =
another            +proposed +proposed       +proposed        +proposed        +proposed   +proposed   +proposed   +proposed  +proposed   +proposed   +proposed   +proposed
"""  # noqa: E501  # a table is read in columns


def folded(*facts: Fact) -> list[TrainingProject]:
    made, illegal = machines.fold(TrainingProject, in_order(facts))
    assert illegal == ()
    return [one for one in made if isinstance(one, TrainingProject)]


def test_h1_h2_h3_every_fact_in_every_state() -> None:
    assert PLAY.lacks(TABLE) == set()
    assert PLAY.faults(TABLE) == []


def test_h2_the_letter_of_the_day_of_the_decision_counts_and_an_earlier_one_does_not() -> None:
    way = PLAY.facts_of("proposed", "advised", "submitted", "reviewed")
    decided = START + timedelta(10)
    for sent in (decided, decided - timedelta(1), decided + timedelta(1)):
        (one,) = folded(
            *way,
            fact("training_decided", decided, "d", "a", approved=False),
            fact("registered_letter_sent", sent, "l", "a", step="training_decision", proof="RR 1"),
        )
        assert (one.state, one.letter_on) == ("refused", sent if sent >= decided else None)


# C coordinator, D advisory doctor; what lies between the slashes is before, within and after the days of the training.
ROLES = """
act       proposed advised advised_against submitted reviewed approved refused completed failed broken_off reassessed
advise    D         D        D                -          -         -         -        -          -       -           -
submit    -         C        -                -          -         -         -        -          -       -           -
review    -         -        -                C          -         -         -        -          -       -           -
decide    -         -        -                -          C         -         -        -          -       -           -
letter    -         -        -                -          -         C         C        C          C       -           C
complete  -         -        -                -          -         -/C/C     -        -          -       -           -
break_off C         C        C                C          C         C         -        -          -       -           -
"""
POLICIES = {
    "advise": policies.may_advise,
    "submit": policies.may_submit,
    "review": policies.may_review,
    "decide": policies.may_decide,
    "letter": policies.may_send_letter,
    "complete": policies.may_complete,
    "break_off": policies.may_break_off,
}
DAY = {0: DAYS["from"] - timedelta(1), 1: DAYS["from"], 2: DAYS["to"] + timedelta(1)}


def people(make_user: Callable[..., User], fund: Fund, team: Team) -> dict[str, Actor]:
    letters = dict(zip("CDMLPA", Role.values, strict=True))
    found = {
        letter: actors.of_user(make_user(role, fund=fund, team=team)) for letter, role in letters.items()
    }
    return {**found, "J": actors.system()}


def test_h1_h2_who_may_do_what_with_a_training(
    make_user: Callable[..., User], fund: Fund, team: Team, dossier_of: Callable[..., Dossier]
) -> None:
    """J is a job: it may record what a coordinator records, and gives no advice."""
    everybody = people(make_user, fund, team)
    dossier = dossier_of(start=START)
    wrong = []
    with audit.acting_as(actors.system(), fund):
        for act, state, expected in cells(ROLES):
            (one,) = folded(*PLAY.facts_of(*PLAY.ways[state].split()))
            told = expected.split("/") if "/" in expected else [expected] * 3
            for number, day in DAY.items():
                may = {name for name, actor in everybody.items() if POLICIES[act](actor, dossier, one, day)}
                letters = set(told[number].strip("-"))
                if may != (letters | {"J"} if letters == {"C"} else letters):
                    wrong.append((act, state, day, may))
        assert wrong == []
        # A letter is sent once.
        (one,) = folded(*PLAY.facts_of(*PLAY.ways["refused"].split(), "letter"))
        assert not policies.may_send_letter(everybody["C"], dossier, one, DAY[2])


def test_h1_proposed_in_a_running_traject_only_and_by_the_coordinator(
    make_user: Callable[..., User], fund: Fund, team: Team, dossier_of: Callable[..., Dossier]
) -> None:
    everybody = people(make_user, fund, team)
    started = fact("traject_started", START + timedelta(9), "t-1", route="B")
    ended = fact("traject_ended", START + timedelta(20), "t-2", result="no_result")
    for facts, expected in (([], ""), ([started], "CJ"), ([started, ended], "")):
        dossier = dossier_of(start=START, facts=facts)
        with audit.acting_as(actors.system(), fund):
            may = {
                name
                for name, actor in everybody.items()
                if policies.may_propose(actor, dossier, START + timedelta(30))
            }
        assert may == set(expected)
