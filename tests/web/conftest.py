"""One fund with a dossier and a run, another with the same, and somebody of every role in the first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dossiers.law.facts import Fact, fact
from dossiers.models import CareerItem, Dossier, HealthNote, HealthNoteText, ImportRun
from dossiers.models.imports import ImportKind
from tests import population
from tests.web import cases
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock

ROLES = tuple(Role.values)


@dataclass
class Place:
    """What one fund holds."""

    fund: Fund
    dossier: Dossier
    run: ImportRun
    career: CareerItem
    note: HealthNote


def furnish(fund: Fund) -> Place:
    start = clock.today() - timedelta(days=120)
    facts = [
        fact("questionnaire_sent", start + timedelta(70), "q-1", channel="post", language="nl"),
        fact("assessment_made", start + timedelta(100), "a-1", category=4),
    ]
    dossier = population.dossier(fund=fund, start=start, facts=facts, last_name="Van Hée", first_name="Zoë")
    feed = actors.system(actors.FEED)
    with audit.acting_as(feed, fund):
        run = ImportRun.objects.filter(fund=fund, kind=ImportKind.RECOGNITIONS).get()
        by = {"created_by": feed, "created_at": clock.now(), "changed_by": feed, "changed_at": clock.now()}
        career = CareerItem.objects.create(fund=fund, dossier=dossier, kind="job", title="Baker", **by)
        note = HealthNote.objects.create(fund=fund, dossier=dossier, sight="shared")
        HealthNoteText.objects.create(
            fund=fund, health_note=note, version=1, text="Rest.", author=feed, written_at=clock.now()
        )
        return Place(fund, dossier, run, career, note)


@pytest.fixture
def own(fund: Fund, team: Team) -> Place:
    return furnish(fund)


@pytest.fixture
def foreign(other_fund: Fund) -> Place:
    return furnish(other_fund)


@pytest.fixture
def browse(client: Client, make_user: Callable[..., User], fund: Fund, team: Team) -> Callable[..., Client]:
    """`browse(role, **details)`: a client signed in as somebody with that role and no other."""

    def sign_in(role: str, **details: object) -> Client:
        client.force_login(make_user(role, fund=fund, team=team, **details))
        return client

    return sign_in


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.fixture(autouse=True)
def static_files_from_their_sources(settings: Settings) -> None:
    """Nothing was collected here, which the middleware would otherwise warn of."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """What a password costs to guess is no matter here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def stand(fund: Fund, team: Team) -> Iterator[Callable[..., Dossier]]:
    """`stand(state or facts)`: a dossier that has come that far; the clock stands on that day (`tests.web.cases`)."""

    def make(state: str | Sequence[Fact], **columns: object) -> Dossier:
        facts = cases.STATES[state] if isinstance(state, str) else state
        return population.dossier(fund=fund, start=cases.START, facts=facts, today=cases.TODAY, **columns)

    with clock.at(cases.TODAY):
        yield make


@pytest.fixture
def at_home(fund: Fund) -> Iterator[None]:
    """Inside the wall, on a Monday."""
    with audit.acting_as(actors.system(), fund), clock.at(date(2026, 3, 16)):
        yield


@pytest.fixture
def of_doctor(doctor: User) -> Actor:
    return actors.of_user(doctor)


@pytest.fixture
def colleague(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    return make_user(Role.ADVISORY_DOCTOR, fund=fund, team=team)
