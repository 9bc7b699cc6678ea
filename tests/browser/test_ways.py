"""Every route to results of the law's list in a real Chromium, by keyboard alone; by mouse what no other test clicks."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from dossiers.law import kinds
from dossiers.projection import facts_of
from routing.intake.facts import is_reserved
from tests.browser.conftest import Sit
from tests.browser.hands import Keyboard, Mouse, Walker
from tests.browser.stage import Stage
from tests.walk.ways import RESULTS, ROUTES, Somebody, result_of
from tnw.accounts.models import Role
from tnw.core import clock, scope

# To each result by keyboard. Route B, the plain ends and adapted work are gone by mouse in test_traject.py.
SPREAD = (
    ("resumed_own_employer", "stopped_by_insured", "adapted_work"),
    ("training_finished", "no_result", "medically_not_possible"),
    ("incapacity_ended", "resumed_other_employer", "resumed_self_employed"),
)
NAMES = ("Oosterlinck", "Vandeputte", "Wijffels")
WAYS: list[tuple[type[Mouse], str, tuple[str, ...]]] = [
    *((Keyboard, route, SPREAD[number]) for number, route in enumerate(ROUTES)),
    (Mouse, "A", ("stopped_by_insured",)),
    (Mouse, "C", ("training_finished", "incapacity_ended")),
]


@pytest.fixture
def set_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """The day on which it is, for the server in its thread too."""

    def go(day: date) -> None:
        moment = datetime.combine(day, time(10), clock.BRUSSELS)
        monkeypatch.setattr(clock, "now", lambda: clock._set.get() or moment)

    return go


@pytest.mark.parametrize(
    ("hands", "route", "results"), WAYS, ids=[f"{hands.__name__} {route}" for hands, route, _ in WAYS]
)
def test_z8_from_the_first_act_to_a_result(
    hands: type[Mouse],
    route: str,
    results: tuple[str, ...],
    stage: Stage,
    sit: Sit,
    set_day: Callable[[date], None],
) -> None:
    """The first goes all of the way; the others come as far as he did, and go on to theirs."""
    assert {one for some in SPREAD for one in some} == set(kinds.RESULTS)
    way, fund = ROUTES[route], stage.people[Role.COORDINATOR].fund
    set_day(way.opens)
    first = Somebody(fund, way, last_name=NAMES[0], first_name="An")
    walker = Walker(
        lambda role: hands(sit(role, first.dossier, keyboard=hands.KEYBOARD)),
        set_day,
    )
    day = walker.go(first, way.steps, way.opens)
    with scope.funds(fund.pk):
        known = tuple(
            one for one in facts_of([first.dossier.pk])[first.dossier.pk] if not is_reserved(one.id)
        )
    set_day(day)
    went = [
        first,
        *(
            Somebody(fund, way._replace(facts=known, opens=day), last_name=name, first_name="An")
            for name in NAMES[1 : len(results)]
        ),
    ]
    for result, one in zip(results, went, strict=True):
        walker.go(one, RESULTS[result], day)
    with scope.funds(fund.pk):
        came_to = [result_of(one.dossier) for one in went]
    assert came_to == [(f"{route} {result}",) for result in results]
