"""The fund's wall open, somebody of each role in it, and a case of 2022 that is in invalidity while the pilot runs."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils import translation

from tests.route_a.stage import COORDINATOR, DOCTOR, SYSTEM, Case
from tnw.accounts import actors
from tnw.accounts.models import Fund, Team, User

START, INVALID_FROM = date(2022, 1, 10), date(2023, 1, 10)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def begin(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> Callable[..., Case]:
    """`begin(start=…, **columns)`: a case that came in through the feed."""
    people = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team)) for role in (COORDINATOR, DOCTOR)
    }
    people[SYSTEM] = actors.system()
    return lambda start=START, **columns: Case(in_fund, people, start, **columns)


@pytest.fixture
def case(begin: Callable[..., Case]) -> Case:
    """Recognized by RIZIV from its anniversary on."""
    return begin().fed(date(2022, 12, 20), invalidity_from=INVALID_FROM)
