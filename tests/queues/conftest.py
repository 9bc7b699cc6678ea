"""A doctor at his queue: somebody who waits, and what is posted from the screens."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.acts import head_of
from dossiers.models import Dossier
from routing.models import PendingDecision
from tests.web.conftest import browse as browse
from tests.web.conftest import colleague as colleague
from tests.web.conftest import of_doctor as of_doctor
from tests.web.conftest import stand as stand
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
from tests.web.waiting import dossier as waiting_dossier
from tnw.accounts.models import Fund, User
from tnw.core import clock, scope

TODAY = date(2026, 5, 4)
# A word that stands nowhere else: what a doctor writes of somebody's health.
MEDICAL = "obsidiaan"
Post = Callable[..., Any]


@pytest.fixture
def one(fund: Fund) -> Dossier:
    return waiting_dossier(fund, TODAY, last_name="Van Hée", first_name="Zoë")


def head(dossier: Dossier) -> int:
    with scope.funds(dossier.fund_id):
        return head_of(dossier)


def rows(fund: Fund) -> list[PendingDecision]:
    with scope.funds(fund.pk):
        return list(PendingDecision.objects.order_by("pk"))


@pytest.fixture
def decide(client: Client, doctor: User) -> Post:
    """`decide(dossier, user=…, category=…)`: what is sent from the assessment screen, on the day of these tests."""

    def go(dossier: Dossier, user: User = doctor, **data: Any) -> Any:
        client.force_login(user)
        told = {"act": "decide", "category": "3", "reason": MEDICAL, "seen": head(dossier), **data}
        with clock.at(TODAY):
            return client.post(reverse("assess", args=[dossier.public_id]), told)

    return go
