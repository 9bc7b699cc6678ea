"""Tests run on a real PostgreSQL as the application role, inside a wall that has to be opened."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

import tnw.settings
from dossiers.funds import open_fund
from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tests import population
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, ActorKind, Fund, Role, Team, TeamArea, User

PASSWORD = "een heel lang wachtwoord"
# Without these a fund cannot write a letter.
LETTERHEAD = {
    "street": "Lindelaan 3",
    "postal_code": "1000",
    "city": "Brussel",
    "phone": "02 000 00 00",
    "email": "info@fund.example",
    "website": "fund.example",
}


def pytest_configure() -> None:
    """What a secret costs to guess is no matter here: thousands of users and clients are invented."""
    # A busy machine is slow: that is no fault of what is tried. The same examples each time: who looks for others sets
    # TNW_EXPLORE, and adds what is found as an example.
    explore = bool(os.environ.get("TNW_EXPLORE"))
    hypothesis.register_profile(
        "tnw", deadline=None, derandomize=not explore, suppress_health_check=[HealthCheck.too_slow]
    )
    hypothesis.load_profile("tnw")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A transactional test is cleaned by a flush, and only the owner may truncate: give it that alias."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        kwargs = dict(mark.kwargs) if mark else {}
        names = set(getattr(item, "fixturenames", ()))
        if kwargs.get("transaction") or {"transactional_db", "live_server"} & names:
            kwargs.update(transaction=True, databases=["default", "owner"])
            item.add_marker(pytest.mark.django_db(**kwargs), append=False)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What a service refuses is said in the language of the source; a page speaks that of its user.

    A request leaves the language of its user behind: no test begins in that of another.
    """
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """A test database for both aliases, whichever tests were picked.

    pytest-django makes one for the aliases that they name; without `owner` among them they would run on the
    real one. A flush truncates every table: in the test database the ledger lets the owner do that.
    """
    with django_db_blocker.unblock():
        databases = setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default", "owner"},  # type: ignore[arg-type]  # any collection does
            serialized_aliases=set(),
            keepdb=django_db_keepdb and not django_db_createdb,
        )
        with connections["owner"].cursor() as cursor:
            cursor.execute("alter table dossiers_ledgerentry disable trigger no_truncate")
        connections["owner"].close()
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            connections.close_all()
            teardown_databases(databases, verbosity=0)


def make_fund(number: str, live_from: date = date(2022, 1, 1)) -> Fund:
    fund = open_fund(
        number=number,
        institution=f"{number[0]}00",
        name=f"Fund {number}",
        live_from=live_from,
        actor=actors.system(actors.COMMAND),
    )
    Fund.objects.filter(pk=fund.pk).update(**LETTERHEAD)
    fund.refresh_from_db()
    return fund


@pytest.fixture
def fund(db: None) -> Fund:
    return make_fund("311")


@pytest.fixture
def other_fund(db: None) -> Fund:
    return make_fund("509")


@pytest.fixture
def feed_actor(fund: Fund) -> Actor:
    return actors.system(actors.FEED)


@pytest.fixture
def in_fund(fund: Fund, feed_actor: Actor) -> Iterator[Fund]:
    """Opens the wall of `fund` for the whole test, acting as the feed."""
    with audit.acting_as(feed_actor, fund):
        yield fund


@pytest.fixture
def team(fund: Fund) -> Team:
    """A team that serves all of Belgium."""
    with audit.acting_as(actors.system(), fund):
        team = Team.objects.create(fund=fund, name="Noord", languages=["nl", "fr", "de"])
        TeamArea.objects.create(team=team, first="1000", last="9999")
    return team


@cache
def _password() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def hashed_as_in_use(settings: Settings) -> None:
    """Secrets as the product keeps them."""
    settings.PASSWORD_HASHERS = tnw.settings.PASSWORD_HASHERS


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """`make_user(role, fund, team=…)`: somebody who can sign in with PASSWORD."""
    made = 0

    def make(*roles: str, fund: Fund, **details: object) -> User:
        nonlocal made
        made += 1
        told: dict[str, Any] = {"languages": ["nl", "fr", "de"], "language": "en", **details}
        email, name = (
            f"{roles[0]}{made}@fund{fund.number}.example",
            f"{roles[0].replace('_', ' ').title()} {made}",
        )
        user = User(fund=fund, email=email, name=name, roles=[*roles], password=_password(), **told)
        # As `create_user` does it, which has tests of its own; without asking whether an invented person may be.
        with audit.acting_as(actors.system(actors.COMMAND), fund):
            user.save()
            Actor.objects.create(user=user, kind=ActorKind.USER, name=user.name)
        return user

    return make


@pytest.fixture
def coordinator(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    return make_user(Role.COORDINATOR, fund=fund, team=team)


@pytest.fixture
def doctor(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    return make_user(Role.ADVISORY_DOCTOR, fund=fund, team=team)


@pytest.fixture
def team_lead(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    user = make_user(Role.TEAM_LEAD, fund=fund, team=team)
    with audit.acting_as(actors.system(), fund):
        team.lead = user
        team.save()
    return user


@pytest.fixture
def administrator(make_user: Callable[..., User], fund: Fund) -> User:
    return make_user(Role.ADMINISTRATOR, fund=fund)


@pytest.fixture
def privacy_officer(make_user: Callable[..., User], fund: Fund) -> User:
    return make_user(Role.PRIVACY_OFFICER, fund=fund)


@pytest.fixture
def dossier_of(fund: Fund) -> Callable[..., Dossier]:
    """`dossier_of(start=…, facts=[…], fund=…, today=…, **columns)`: a dossier that came in through the feed."""

    def make(*, start: date, facts: list[Fact] = [], fund: Fund = fund, **more: object) -> Dossier:  # noqa: B006
        return population.dossier(fund=fund, start=start, facts=facts, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """`signed_in(user)`: a client with that user's session."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in
