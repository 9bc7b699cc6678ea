"""A row in the tables of the API: what was answered once, and what the outside world is told of a dossier."""

import uuid
from datetime import UTC, datetime

from dossiers.models import Dossier, ImportRun
from tests.api.conftest import make_client
from tnw.accounts import audit
from tnw.accounts.models import Actor
from tnw.integration.models import (
    IdempotencyKey,
    IncapacityFeed,
    PartnerRegistration,
    WebhookAttempt,
    WebhookDelivery,
    WebhookSubscription,
)

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def write_integration(dossier: Dossier, actor: Actor) -> None:
    """A call of the fund's own system, its subscription with an event that was tried once, a file, and a registration."""
    with audit.acting_as(actor, dossier.fund):
        client = make_client(f"Core of {dossier.fund.number}", fund=dossier.fund)
    IdempotencyKey.objects.create(
        client=client, fund=dossier.fund, key="key-1", fingerprint="0" * 64, status=201, at=AT
    )
    subscription = WebhookSubscription.objects.create(client=client, url="http://127.0.0.1:1/", created_at=AT)
    delivery = WebhookDelivery.objects.create(
        subscription=subscription, fund=dossier.fund, dossier=dossier, event=uuid.uuid4(), version=1,
        type="be.tnw.incapacity.recognized", body="{}", next_try_at=AT, created_at=AT,
    )  # fmt: skip
    WebhookAttempt.objects.create(delivery=delivery, fund=dossier.fund, at=AT, took_ms=1, status=500)
    run = ImportRun.objects.filter(fund=dossier.fund).latest("pk")
    IncapacityFeed.objects.create(client=client, fund=dossier.fund, run=run)
    PartnerRegistration.objects.create(
        client=client, service="vdab", registered_on=AT.date(), reported_on=AT.date(), received_at=AT, processed_at=AT,
        fund=dossier.fund, dossier=dossier, subject="registration-1",
    )  # fmt: skip
