"""One dossier with some facts, and everybody who corrects in it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tests.corrections.test_correct import ROLES, START, TODAY, Book
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Team, User


@pytest.fixture
def people(make_user: Callable[..., User], in_fund: Fund, team: Team) -> dict[str, Actor]:
    return {role: actors.of_user(make_user(role, fund=in_fund, team=team)) for role in ROLES}


@pytest.fixture
def book(people: dict[str, Actor], dossier_of: Callable[..., Dossier]) -> Callable[..., Book]:
    """`book(*facts, start=…, **columns)`: the feed says the columns."""

    def make(*facts: Fact, start: date = START, **columns: Any) -> Book:
        return Book(dossier_of(start=start, facts=list(facts), today=TODAY, **columns), people)

    return make
