"""The sandbox of integrators: clients with new secrets at every start, and people who do their part when asked."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dossiers.models import Dossier
from routing.services import route_b
from tests import population
from tnw.accounts import audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.models import Client
from tnw.web.demo import memory, opening, sandbox
from trajects.models import EngagementDeclaration

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def fund(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fund:
    monkeypatch.setattr(memory, "folder", lambda: tmp_path)
    opening.open_houses(date(2022, 1, 1))
    return Fund.objects.get(number=sandbox.FUND)


def test_every_start_gives_the_same_clients_new_secrets(fund: Fund) -> None:
    first, second = sandbox.open_clients(), sandbox.open_clients()
    assert first["CLIENT_ID"] == second["CLIENT_ID"]
    assert first["CLIENT_SECRET"] != second["CLIENT_SECRET"]
    portal, service = Client.objects.order_by("pk")
    assert (portal.actor.fund, service.actor.service, list(service.funds.all())) == (fund, "vdab", [fund])
    path = sandbox.write(second)
    assert f"export CLIENT_SECRET='{second['CLIENT_SECRET']}'" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0, "for nobody else to read"


def test_the_desk_goes_from_a_request_to_a_signed_declaration(fund: Fund) -> None:
    dossier = population.dossier(fund=fund, start=date(2026, 8, 3), today=TODAY)
    sandbox.open_clients()
    actor = Client.objects.get(name=sandbox.PORTAL).actor
    with clock.at(TODAY, hour=11):
        told = StringIO()
        with pytest.raises(CommandError, match="not_allowed"):
            call_command("sandbox_desk", str(dossier.public_id), stdout=told)
        with audit.acting_as(actor, fund):
            route_b.request_contact(dossier_id=dossier.public_id, actor=actor, on=TODAY)
        call_command("sandbox_desk", str(dossier.public_id), stdout=told)
    assert "signed by the insured, the coordinator and the advisory doctor" in told.getvalue()
    with audit.acting_as(actor, fund):
        assert EngagementDeclaration.objects.get(dossier=dossier).state == "complete"
        assert Dossier.objects.get(pk=dossier.pk).out_of_order == ""


def test_a_dossier_of_another_fund_is_not_there(fund: Fund) -> None:
    other = population.dossier(fund=Fund.objects.get(number="311"), start=date(2026, 8, 3), today=TODAY)
    with pytest.raises(CommandError, match="has no dossier"):
        call_command("sandbox_desk", str(other.public_id))
