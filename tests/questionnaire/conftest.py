"""A fund in which a dossier's questionnaire is due on 16 March 2026, and somebody of every role."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django.fixtures import Settings

from dossiers.law.facts import Fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier, LedgerEntry
from routing.models import Questionnaire
from routing.questionnaires.job import Acted, act
from tests import population
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock

D = date.fromisoformat
START = D("2026-01-05")  # T1 on Monday 16 March 2026
READY = D("2026-03-11")  # five days before
BORN = D("1980-05-05")  # far from pension


@pytest.fixture(autouse=True)
def static_files_from_their_sources(settings: Settings) -> None:
    """Nothing was collected here, which the middleware would otherwise warn of."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What is refused is said in the language of the source."""
    with translation.override("en"):
        yield


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


WHOLE: dict[str, Any] = {
    "health_now": 6, "health_course": "better", "treatment": False, "limits": ["lifting", "pressure"], "has_work": True,
    "last_work": "magazijnier, kobaltblauw", "employer_contact": "sometimes", "education": "upper",
    "languages": "Nederlands\nFrans, een beetje", "years_worked": 12, "resumption": "half_year",
    "confidence": 7, "wants_help": True,
}  # fmt: skip
Browse = Callable[[str], Client]


@pytest.fixture
def today() -> Any:
    return clock.today()


@pytest.fixture
def browse(client: Client, make_user: Callable[..., User], fund: Fund, team: Team) -> Browse:
    """Somebody with that role; the same person each time."""
    people: dict[str, User] = {}

    def sign_in(role: str) -> Client:
        people.setdefault(role, make_user(role, fund=fund, team=team))
        client.force_login(people[role])
        return client

    return sign_in


@pytest.fixture
def dossier(in_fund: Fund, today: Any) -> Dossier:
    return population.dossier(
        fund=in_fund, start=today - timedelta(72), birth_date=BORN, last_name="Van Hée", first_name="Zoë"
    )


def at(name: str, dossier: Dossier) -> str:
    return reverse(name, args=[dossier.public_id])


def form(revision: int = 0, **answers: Any) -> dict[str, Any]:
    return {
        "version": "1",
        "revision": str(revision),
        **{f"q_{code}": value for code, value in answers.items()},
    }


def whole() -> dict[str, Any]:
    words = {True: "yes", False: "no"}
    return {code: words[value] if isinstance(value, bool) else value for code, value in WHOLE.items()}


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


def run(fund: Fund, day: date) -> Acted:
    with clock.at(day):
        return act(fund, day)


def note(dossier: Dossier, *facts: Fact, today: date = READY) -> None:
    entries = [Entry(dossier.pk, one) for one in facts]
    record_many(entries, fund=dossier.fund, actor=actors.system(actors.FEED), today=today)
