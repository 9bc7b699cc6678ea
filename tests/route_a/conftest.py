"""The fund's wall open, somebody of each role in it, and cases that begin on a fixed day."""

from collections.abc import Callable

import pytest

from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM, Case
from tests.route_a.test_states import START
from tnw.accounts import actors
from tnw.accounts.models import Fund, Team, User


@pytest.fixture
def begin(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> Callable[..., Case]:
    """`begin(start=…, **columns)`: a case that came in through the feed."""
    people = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team))
        for role in (COORDINATOR, DOCTOR, MEDICAL)
    }
    people[SYSTEM] = actors.system()
    return lambda start=START, **columns: Case(in_fund, people, start, **columns)


@pytest.fixture
def case(begin: Callable[..., Case]) -> Case:
    return begin()
