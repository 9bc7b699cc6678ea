"""Route A as a machine: every state × fact, every row × the database's constraints, every state × act × role."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import permutations, product
from random import Random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from dossiers import machines
from dossiers.law.facts import Fact, Values, fact, in_order
from dossiers.models import Dossier
from routing.models import RouteA, RouteAState
from tests.tables import cells
from tnw.accounts.models import Fund

START = date(2026, 1, 5)
Row = tuple[str, int, int | None, str]  # state, round, category, reason

# What the short names of the tables stand for.
FACTS: dict[str, tuple[str, dict[str, object]]] = {
    "sent": ("questionnaire_sent", {"channel": "post", "language": "nl"}),
    "incomplete": ("questionnaire_received", {"complete": False, "channel": "post"}),
    "complete": ("questionnaire_received", {"complete": True, "channel": "post"}),
    "waived": ("questionnaire_waived", {"reason": "medical"}),
    "category_1": ("assessment_made", {"category": 1}),
    "category_2": ("assessment_made", {"category": 2}),
    "category_3": ("assessment_made", {"category": 3}),
    "category_4": ("assessment_made", {"category": 4}),
    "referral": ("referral_made", {}),
    "withdrawn": ("referral_withdrawn", {}),
    "contact_A": ("first_contact_held", {"route": "A", "form": "phone"}),
    "contact": ("first_contact_held", {"form": "phone"}),
    "contact_B": ("first_contact_held", {"route": "B", "form": "phone"}),
    "traject_A": ("traject_started", {"route": "A"}),
    "traject_B": ("traject_started", {"route": "B"}),
    "traject_C": ("traject_started", {"route": "C"}),
    "asks": ("contact_requested", {}),
    "asked": ("permission_requested", {"aim": "training"}),
    "permitted": ("permission_granted", {}),
    "forbidden": ("permission_refused", {}),
    "closed_A": ("route_closed", {"route": "A", "reason": "declined"}),
    "closed_B": ("route_closed", {"route": "B", "reason": "declined"}),
    "traject_over": ("traject_ended", {"result": "no_result"}),
}
# A way into every state; what matters besides the state, the category in force, is in the name.
WAYS = {
    "awaiting": "",
    "sent": "sent",
    "received": "sent complete",
    "waived": "waived",
    "assessed_2": "category_2",
    "assessed_4": "category_4",
    "referred": "category_4 referral",
    "contacted": "category_4 referral contact_A",
    "started": "category_4 referral contact_A traject_A",
    "closed": "category_4 referral closed_A",
}
SHORT = {
    "awaiting": "awaiting_questionnaire",
    "sent": "questionnaire_sent",
    "received": "questionnaire_received",
    "contacted": "first_contact_held",
    "started": "traject_started",
}

# Rows are facts, columns the state they find: the state they leave, `=` the same one, `-` not allowed there.
# A2: not asked, or not insisted on. A4: at any moment. A5: nothing but an assessment leads out of category 2.
TABLE = """
fact        awaiting  sent      received  waived    assessed_2  assessed_4  referred   contacted  started   closed
sent        sent      =         sent      sent      =           =           =          =          =         =
incomplete  =         =         =         =         =           =           =          =          =         =
complete    received  received  =         received  =           =           =          =          =         =
waived      waived    waived    -         =         =           =           =          =          =         =
category_1  assessed  assessed  assessed  assessed  =           =           assessed   =          =         assessed
category_2  assessed  assessed  assessed  assessed  =           =           assessed   =          =         assessed
category_3  assessed  assessed  assessed  assessed  =           =           assessed   =          =         assessed
category_4  assessed  assessed  assessed  assessed  =           =           =          =          =         assessed
referral    -         -         -         -         -           referred    -          -          referred  -
withdrawn   -         -         -         -         -           -           assessed   -          -         -
contact_A   -         -         -         -         -           -           contacted  =          =         -
contact     =         =         =         =         =           =           contacted  =          =         =
contact_B   =         =         =         =         =           =           =          =          =         =
traject_A   -         -         -         -         -           -           -          started    -         -
traject_B   closed    closed    closed    closed    closed      closed      closed     closed     =         =
traject_C   closed    closed    closed    closed    closed      closed      closed     closed     =         =
closed_A    closed    closed    closed    closed    closed      closed      closed     closed     -         -
closed_B    =         =         =         =         =           =           =          =          =         =
permitted   =         =         =         =         =           =           =          =          =         =
forbidden   =         =         =         =         =           =           =          =          =         =
"""


def state(short: str) -> str:
    return SHORT.get(short.split("_")[0], short.split("_")[0])


def played(*names: str) -> tuple[Fact, ...]:
    """The recognition, then these facts, a day each."""
    begun = fact(
        "incapacity_recognized", START, "f-0", start=START, regime="employee", cause="illness", contract=False
    )
    days = (START + timedelta(days=number) for number in range(1, len(names) + 1))
    return begun, *(made(name, day, f"f-{day}") for name, day in zip(names, days, strict=True))


def made(name: str, day: date, id: str) -> Fact:
    kind, values = FACTS[name]
    return fact(kind, day, id, **values)


def route(facts: tuple[Fact, ...]) -> tuple[RouteA, tuple[str, ...]]:
    folded = machines.fold(RouteA, in_order(facts))
    return folded.made[0], folded.illegal


def test_every_state_and_every_fact_of_the_machine_is_in_the_table() -> None:
    found = list(cells(TABLE))
    assert {state(column) for _row, column, _cell in found} == set(RouteAState.values)
    told = {RouteA.transition_of(made(row, START, "f")) for row, _column, _cell in found}
    assert told - {None} == set(RouteA.TABLE.values()) - {"open"}


@pytest.mark.parametrize(("name", "found", "leaves"), list(cells(TABLE)))
def test_a1_to_a7_every_fact_in_every_state(name: str, found: str, leaves: str) -> None:
    before, illegal = route(played(*WAYS[found].split()))
    assert (before.state, illegal) == (state(found), ())
    facts = played(*WAYS[found].split(), name)
    after, illegal = route(facts)
    if leaves == "-":
        assert illegal == (facts[-1].id,)
        assert row(after) == row(before), "what does not fit changes nothing"
    else:
        assert illegal == ()
        assert after.state == (before.state if leaves == "=" else state(leaves))


def test_a1_by_itself_with_the_recognition_and_once() -> None:
    begun = played()
    assert route(begun)[0].state == RouteAState.AWAITING
    assert machines.fold(RouteA, [fact("questionnaire_sent", START, "q")]).made == ()


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ("category_4 closed_A category_3", ("assessed", 2, 3, "")),
        ("category_4 referral contact_A traject_A traject_over referral", ("referred", 2, 4, "")),
        ("category_4 traject_B", ("closed", 1, 4, "superseded")),
        ("traject_B category_4", ("assessed", 2, 4, "")),
        ("category_4 referral contact_A traject_A category_2", ("traject_started", 1, 2, "")),
        ("category_4 closed_A category_4 closed_A category_4", ("assessed", 3, 4, "")),
    ],
)
def test_r1_rounds_categories_and_reasons(ways: str, expected: tuple[object, ...]) -> None:
    after, illegal = route(played(*ways.split()))
    assert (row(after), illegal) == (expected, ())


# --- what the database accepts


def row(one: RouteA) -> Row:
    return one.state, one.round, one.category, one.reason


def reachable() -> set[Row]:
    """The row after every sequence of at most five facts that fit; one way to each row is followed further."""
    found: dict[Row, tuple[str, ...]] = {row(route(played())[0]): ()}
    newest = dict(found)
    for _length in range(5):
        grown: dict[Row, tuple[str, ...]] = {}
        for way, name in product(newest.values(), FACTS):
            after, illegal = route(played(*way, name))
            if not illegal and row(after) not in found:
                grown[row(after)] = (*way, name)
        found.update(grown)
        newest = grown
    return set(found)


def conceivable() -> Iterator[Row]:
    reasons = ("", "declined", "superseded")
    yield from product(["", "paused", *RouteAState.values], range(4), [None, *range(6)], reasons)


def test_every_row_that_facts_can_make_is_accepted_and_no_other(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=START)
    legal = reachable()
    first = {(state, category, reason) for state, number, category, reason in legal if number == 1}
    later = {(state, category, reason) for state, number, category, reason in legal if number > 1}
    assert later <= first
    for wanted in conceivable():
        state, number, category, reason = wanted
        accepted = True
        try:
            with transaction.atomic():
                RouteA.objects.filter(dossier=dossier).update(
                    state=state, round=number, category=category, reason=reason
                )
        except IntegrityError:
            accepted = False
        # What can be in the first round can be in any, once there was an assessment.
        possible = number == 1 or (number > 1 and category is not None)
        assert accepted == (possible and (state, category, reason) in first), wanted


# --- the order of recording


@given(
    st.lists(st.tuples(st.sampled_from(sorted(FACTS)), st.integers(0, 6)), max_size=6),
    st.randoms(use_true_random=False),
)
def test_f1_in_which_order_facts_were_recorded_means_nothing(
    told: list[tuple[str, int]], chance: Random
) -> None:
    facts = [
        *played(),
        *(made(name, START + timedelta(day), f"f-{n}") for n, (name, day) in enumerate(told)),
    ]
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert machines._folded(tuple(shuffled)) == machines._folded(tuple(facts))


def test_f1_a_void_and_a_correction_count_wherever_they_stand() -> None:
    facts = (
        *played("category_4", "referral", "contact_A"),
        fact("fact_voided", START + timedelta(9), "v", fact=f"f-{START + timedelta(2)}"),
        fact(
            "fact_corrected",
            START + timedelta(9),
            "c",
            fact=f"f-{START + timedelta(1)}",
            to=Values.of({"category": 3}),
        ),
    )
    for order in permutations(facts):
        rows, illegal = machines._folded(order)
        assert rows == machines._folded(facts)[0]
        assert illegal == f"f-{START + timedelta(3)}", "a contact without its referral"
