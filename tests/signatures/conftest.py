"""Somebody of a role in front of a dossier, as the tests of the pages have it; pictures of pages cost nothing here."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests.seal import authority
from tests.seal.conftest import folder  # noqa: F401  # a fixture
from tests.web.cases import STATES
from tests.web.conftest import browse, stand, static_files_from_their_sources  # noqa: F401  # fixtures
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role, Team, User
from tnw.web.views import documents

Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR
ONE = "0190a000-0000-7000-8000-00000000000d"
PART = (*STATES["started"], fact("reintegration_started", date(2026, 6, 9), "re-1", condition=1))
DRAWN_UP = fact("declaration_drawn_up", date(2026, 6, 9), "de-1", ONE)


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing a page takes half a second; that it is drawn is seen in the browser."""
    monkeypatch.setattr(documents, "picture", lambda content, number: b"a picture")


@pytest.fixture
def seal(folder: Path, fund: Fund, settings: Settings) -> Path:  # noqa: F811  # the fixture
    """The fund can seal."""
    (folder / f"{fund.number}.p12").write_bytes(authority.issue().p12())
    return folder


@pytest.fixture
def people(make_user: Callable[..., User], fund: Fund, team: Team) -> dict[str, User]:
    return {
        role: make_user(role, fund=fund, team=team)
        for role in (C, D, Role.MEDICAL_TEAM, Role.TEAM_LEAD, Role.PRIVACY_OFFICER)
    }


@pytest.fixture
def sit(client: Client, people: dict[str, User]) -> Callable[[str], Client]:
    """`sit(role)`: the same person of a role each time."""

    def go(role: str) -> Client:
        client.force_login(people[role])
        return client

    return go


@pytest.fixture
def draw_up(stand: Stand, people: dict[str, User], team: Team) -> Stand:  # noqa: F811  # the fixture
    """`draw_up(**columns)`: drawn up on 9 June, of the coordinator and her team; it is the 15th."""

    def make(**columns: object) -> Dossier:
        made = stand(PART, **columns)
        by = actors.of_user(people[C])
        with audit.acting_as(by, made.fund):
            made.coordinator, made.team = people[C], team
            made.save(update_fields=["coordinator", "team"])
            record_many([Entry(made.pk, DRAWN_UP, {"text": "Samen zoeken."})], fund=made.fund, actor=by)
        return made

    return make


@pytest.fixture
def dossier(draw_up: Stand) -> Dossier:
    return draw_up()
