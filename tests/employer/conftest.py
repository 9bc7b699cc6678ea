"""The fund's wall open, somebody of each role in it, and insured people with an employer."""

from collections.abc import Callable

import pytest

from tests.employer.stage import EMPLOYED, START, Work
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM
from tnw.accounts import actors
from tnw.accounts.models import Fund, Team, User


@pytest.fixture
def begin(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> Callable[..., Work]:
    """`begin(start=…, **columns)`: a case that came in through the feed, with an employment contract."""
    people = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team))
        for role in (COORDINATOR, DOCTOR, MEDICAL)
    }
    people[SYSTEM] = actors.system()
    return lambda start=START, **columns: Work(in_fund, people, start, **{**EMPLOYED, **columns})


@pytest.fixture
def case(begin: Callable[..., Work]) -> Work:
    return begin()
