"""The fund's wall open, somebody of each role in it, and cases in which the insured asks."""

from collections.abc import Callable

import pytest

from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM
from tests.route_b.stage import START, Request
from tests.web.conftest import browse, stand, static_files_from_their_sources
from tnw.accounts import actors
from tnw.accounts.models import Fund, Team, User

__all__ = ["browse", "stand", "static_files_from_their_sources"]


@pytest.fixture
def begin(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> Callable[..., Request]:
    """`begin(start=…, **columns)`: a case that came in through the feed."""
    people = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team))
        for role in (COORDINATOR, DOCTOR, MEDICAL)
    }
    people[SYSTEM] = actors.system()
    return lambda start=START, **columns: Request(in_fund, people, start, **columns)


@pytest.fixture
def case(begin: Callable[..., Request]) -> Request:
    return begin()
