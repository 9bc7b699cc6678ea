"""A fund whose wall is open, with somebody of each role."""

from collections.abc import Callable

import pytest

from tests.walk.steps import COORDINATOR, DOCTOR, LEAD
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Team, User


@pytest.fixture
def people(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> dict[str, Actor]:
    found = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team)) for role in (COORDINATOR, DOCTOR, LEAD)
    }
    return {**found, "system": actors.system()}
