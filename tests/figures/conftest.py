"""A fund with two coordinators, and dossiers whose facts were recorded on days that are said."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.law.facts import Fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests import population
from tnw.accounts import actors
from tnw.accounts.models import Fund, Role, Team, User
from tnw.core import clock

Tell = Callable[..., Dossier]


def record(dossier: Dossier, day: date, *facts: Fact) -> None:
    """Recorded on a day; begin inside the wall."""
    with clock.at(day):
        entries = [Entry(dossier.pk, one) for one in facts]
        record_many(entries, fund=dossier.fund, actor=actors.system(), today=day)


@pytest.fixture
def colleague(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    return make_user(Role.COORDINATOR, fund=fund, team=team)


@pytest.fixture
def tell(in_fund: Fund, team: Team) -> Tell:
    """`tell(start, (day, fact, …), …, of=coordinator, **columns)`: a dossier in which that was recorded on these days."""

    def make(
        start: date, *days: tuple[date, *tuple[Fact, ...]], of: User | None = None, **columns: object
    ) -> Dossier:
        with clock.at(start):
            made = population.dossier(fund=in_fund, start=start, today=start, **columns)  # type: ignore[arg-type]  # columns of the feed
        for day, *facts in days:
            record(made, day, *facts)
        Dossier.objects.filter(pk=made.pk).update(coordinator=of)
        return made

    return make
