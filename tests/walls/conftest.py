"""Two funds with the same case in each: a row in every table about an insured person."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, Reassignment, Reminder
from tests import population
from tests.walls.documents import write_documents
from tests.walls.figures import write_figures
from tests.walls.integration import write_integration
from tests.walls.notes import write_notes
from tests.walls.routes import write_routes
from tests.walls.trajects import write_trajects
from tnw.accounts import access, actors, audit
from tnw.accounts.models import Fund, Role, Team, TeamArea, User
from tnw.accounts.services import create_user
from tnw.core import clock

TODAY = date(2026, 11, 20)
START = date(2026, 9, 1)


class Case(NamedTuple):
    """A fund, one dossier in it, and its coordinator."""

    fund: Fund
    dossier: Dossier
    coordinator: User
    team: Team


@pytest.fixture
def case_in(db: None) -> Callable[[Fund], Case]:
    """`case_in(fund)`: a dossier with all that can belong to it."""

    def make(fund: Fund) -> Case:
        actor = actors.system()
        with audit.acting_as(actor, fund):
            team = Team.objects.create(fund=fund, name="Noord", languages=["nl"])
            TeamArea.objects.create(team=team, first="1000", last="9999")
        coordinator = create_user(
            fund=fund, email=f"c@fund{fund.number}.example", name="Coordinator", roles=[Role.COORDINATOR],
            password=None, actor=actor, team=team, languages=["nl"],
        )  # fmt: skip
        population.take_in(fund, [population.line(fund=fund.number, ssin="1")], TODAY)
        dossier = population.dossier(fund=fund, start=START, today=TODAY)
        with audit.acting_as(actor, fund):
            said = fact("contact_requested", START, "asked-1")
            record_many([Entry(dossier.pk, said, note={"text": "by phone"})], fund=fund, actor=actor)
            write_notes(dossier, actor)
            write_trajects(dossier, actor)
            write_routes(dossier, coordinator, actor)
            write_documents(dossier, coordinator, actor)
            write_figures(dossier)
            write_integration(dossier, actor)
            deadline = Deadline.objects.filter(dossier=dossier).earliest("pk")
            Reminder.objects.create(
                fund=fund,
                deadline=deadline,
                falls_on=deadline.falls_on,
                step="falls_on+0",
                audience="owner",
                on=TODAY,
            )
            Reassignment.objects.create(
                fund=fund, dossier=dossier, before=None, after=coordinator, reason="leave", actor=actor, at=clock.now()
            )  # fmt: skip
            access.log(actor=actor, fund_id=fund.pk, dossier_id=dossier.pk, through="test")
        return Case(fund, dossier, coordinator, team)

    return make


@pytest.fixture
def ours(fund: Fund, case_in: Callable[[Fund], Case]) -> Case:
    return case_in(fund)


@pytest.fixture
def theirs(other_fund: Fund, case_in: Callable[[Fund], Case]) -> Case:
    return case_in(other_fund)
