"""A fund in which a dossier's questionnaire is due on 16 March 2026, and somebody of every role."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from dossiers.models import Dossier, LedgerEntry
from routing.models import Questionnaire
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, Team, User

D = date.fromisoformat
START = D("2026-01-05")  # T1 on Monday 16 March 2026
READY = D("2026-03-11")  # five days before
BORN = D("1980-05-05")  # far from pension


@pytest.fixture(autouse=True)
def static_files_from_their_sources(settings: Settings) -> None:
    """Nothing was collected here, which the middleware would otherwise warn of."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def due(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> Callable[..., Dossier]:
    """`due(email=…, start=…)`: a dossier whose T1 falls on 16 March 2026."""

    def make(**columns: Any) -> Dossier:
        return dossier_of(**{"start": START, "today": D("2026-01-12"), "birth_date": BORN, **columns})

    return make


@pytest.fixture
def acting(make_user: Callable[..., User], fund: Fund, team: Team) -> Callable[[str], Actor]:
    """`acting(role)`: the actor of somebody with that role and no other."""
    made: dict[str, Actor] = {}

    def one(role: str) -> Actor:
        if role not in made:
            made[role] = actors.of_user(make_user(role, fund=fund, team=team))
        return made[role]

    return one


ROLES = tuple(Role.values)


def states(fund: Fund) -> dict[str, int]:
    """How many questionnaires of a fund are in each state."""
    found: dict[str, int] = {}
    for state in Questionnaire.objects.filter(fund=fund).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def told(dossier: Dossier, *kinds: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The facts of these kinds about the questionnaire, in the order of recording."""
    wanted = kinds or (
        "questionnaire_sent",
        "questionnaire_received",
        "questionnaire_waived",
        "support_offered",
    )
    found = LedgerEntry.objects.filter(dossier=dossier, kind__in=wanted).order_by("seq")
    return [(entry.kind, f"{entry.on}", entry.values) for entry in found]
