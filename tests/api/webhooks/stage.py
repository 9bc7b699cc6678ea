"""What the tests of sending share: facts that are told, time that has come, signatures checked by other words than ours."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests.api.webhooks.rows_of import everywhere
from tnw.accounts import actors, audit
from tnw.core import clock
from tnw.integration.models import WebhookDelivery, WebhookSubscription
from tnw.integration.webhooks import post as posting
from tnw.integration.webhooks import sending

START = date(2026, 1, 5)
Subscribe = Callable[..., tuple[WebhookSubscription, str]]
DossierOf = Callable[..., Dossier]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    # Short enough to wait for it, long enough that a machine which stands still for a moment is not an endpoint that does.
    monkeypatch.setattr(posting, "WHOLE", 5.0)
    monkeypatch.setattr(sending, "WASTED_MS", 4_000)
    settings.WEBHOOK_ALLOW = ["127.0.0.0/8"]


def held(dossier: Dossier, *names: str) -> None:
    with audit.acting_as(actors.system(), dossier.fund):
        entries = [Entry(dossier.pk, fact("contact_held", START, name, form="phone")) for name in names]
        record_many(entries, fund=dossier.fund, actor=actors.system())


def all_due() -> None:
    """As if the time had come."""
    with everywhere():
        WebhookDelivery.objects.filter(state="pending").update(next_try_at=clock.utc() - timedelta(seconds=1))
    WebhookSubscription.objects.update(rests_until=None)


def signed_by(secret: str, message: dict[str, object]) -> list[bool]:
    """Which of a message's signatures are of this key: by the words of Standard Webhooks, not by our code."""
    headers = message["headers"]
    assert isinstance(headers, dict)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{message['body']}".encode()
    mine = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return [one == f"v1,{mine}" for one in headers["webhook-signature"].split(" ")]
