"""The fund's wall open, somebody of each role in it, and dossiers whose traject runs."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.reintegration.stage import Part
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM
from tests.web.conftest import browse, stand, static_files_from_their_sources  # noqa: F401  # for the pages
from tnw.accounts import actors
from tnw.accounts.models import Fund, Role, Team, User
from tnw.web.demo.people import enterprise_number

START, RUNS = date(2026, 1, 5), date(2026, 3, 2)
Begin = Callable[..., Part]


@pytest.fixture
def begin(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> Begin:
    """`begin(contract=…)`: an insured person whose traject runs since 2 March 2026."""
    people = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team))
        for role in (COORDINATOR, DOCTOR, MEDICAL)
    }
    people["both"] = actors.of_user(
        make_user(Role.COORDINATOR, Role.ADVISORY_DOCTOR, fund=in_fund, team=team)
    )
    people[SYSTEM] = actors.system()

    def make(*, contract: bool = False, start: date = START, runs: date = RUNS, **columns: object) -> Part:
        if contract:
            columns |= {"employment_contract": "true", "employer_number": enterprise_number(12_345)}
        return Part(in_fund, people, start, **columns).running(runs)

    return make


@pytest.fixture
def part(begin: Begin) -> Part:
    return begin()
