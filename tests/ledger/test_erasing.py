"""Free text can go, the fact stays (architecture: erasable by one function that records why)."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dossiers import ledger
from dossiers.law.facts import fact
from dossiers.models import Dossier, LedgerPayload
from dossiers.verification import verify
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, User
from tnw.core.errors import NotAllowed


@pytest.fixture
def noted(dossier_of, fund: Fund) -> Dossier:
    dossier = dossier_of(start=date(2026, 1, 5), reference="erase-1")
    actor = actors.system()
    with audit.acting_as(actor, fund):
        called = fact("action_taken", date(2026, 2, 2), "call-1", kind="phone_call")
        ledger.record(dossier, called, fund=fund, actor=actor, note={"text": "He told of his son."})
    return dossier


def test_the_command_erases_the_text_and_keeps_why(noted: Dossier, fund: Fund) -> None:
    call_command("erase_text", "erase-1", "call-1", fund="311", because="asked for", stdout=StringIO())
    with audit.acting_as(actors.system(), fund):
        payload = LedgerPayload.objects.get(dossier=noted)
        assert (payload.body, payload.salt) == (None, None)
        assert payload.erased_because == "manage.py: asked for"
        assert verify()[1] == []


def test_what_is_not_there_is_said(noted: Dossier) -> None:
    with pytest.raises(CommandError, match="no such fact"):
        call_command("erase_text", "erase-1", "call-2", fund="311", because="asked for")
    with pytest.raises(CommandError, match="fund"):
        call_command("erase_text", "erase-1", "call-1", fund="999", because="asked for")


def test_a_coordinator_cannot_erase(noted: Dossier, fund: Fund, coordinator: User) -> None:
    actor = actors.of_user(coordinator)
    with audit.acting_as(actor, fund), pytest.raises(NotAllowed):
        ledger.erase(dossier_id=noted.pk, seq=2, because="why not", actor=actor)
