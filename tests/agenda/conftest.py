"""Dossiers of one coordinator in a fund with a place, on a Monday in June."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests import population
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM
from tests.web.cases import START, STATES, TODAY, moment
from tests.web.conftest import browse, static_files_from_their_sources  # noqa: F401  # for the pages
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock, scope

Met = Callable[..., Dossier]


@pytest.fixture
def on_monday() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def met(fund: Fund, team: Team, coordinator: User, on_monday: None) -> Met:
    """`met(at, purpose, …)`: somebody who waits for a first contact, with an appointment at that moment."""
    made = 0

    def make(
        at: datetime | None = None,
        purpose: str = "first_contact",
        *,
        state: str = "referred",
        whose: User | None = None,
        form: str = "in_person",
        **columns: Any,
    ) -> Dossier:
        nonlocal made
        made += 1
        facts = list(STATES[state])
        if at:
            facts.append(
                fact("appointment_made", date(2026, 6, 5), f"ap-{made}", f"subject-{made}",
                     purpose=purpose, at=at, form=form)
            )  # fmt: skip
        columns = {"last_name": f"Persoon{made}", "first_name": "Noor", "phone": "0470 11 22 33", **columns}
        dossier = population.dossier(fund=fund, start=START, facts=facts, today=TODAY, **columns)
        with scope.funds(fund.pk):
            Dossier.objects.filter(pk=dossier.pk).update(coordinator=whose or coordinator, team=team)
            people = Dossier.objects.select_related("incapacity__person", "coordinator", "fund")
            return people.get(pk=dossier.pk)

    return make


@pytest.fixture
def people(fund: Fund, team: Team, make_user: Callable[..., User], coordinator: User) -> dict[str, Actor]:
    users = {role: make_user(Role(role), fund=fund, team=team) for role in (DOCTOR, MEDICAL)}
    found = {role: actors.of_user(user) for role, user in users.items()}
    return {**found, COORDINATOR: actors.of_user(coordinator), SYSTEM: actors.system()}


__all__ = ["moment"]
