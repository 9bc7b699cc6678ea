"""What the beat does of itself for webhooks."""

from datetime import date, timedelta

from django.db import connection

from dossiers.jobs import Outcome
from tnw.accounts.models import Fund
from tnw.core import clock, scope
from tnw.integration.models import WebhookSubscription
from tnw.integration.webhooks.sending import sweep

SECONDS = 50
KEPT = timedelta(days=30)
CHUNK = 5_000

# First the log of each: its rows may be of no fund, and then no key carries them.
FORGET = """
with old as (
  select d.id from integration_webhookdelivery d join integration_webhooksubscription s on s.id = d.subscription_id
  where (d.created_at < %s or s.state = 'removed') and (d.leased_until is null or d.leased_until < now()) limit %s),
log as (delete from integration_webhookattempt a using old where a.delivery_id = old.id)
delete from integration_webhookdelivery d using old where d.id = old.id
"""


def deliver_webhooks(today: date, fund: Fund | None = None) -> Outcome:
    """Send what is due, to whoever it is for."""
    return {"all": sweep(seconds=SECONDS)._asdict()}


def forget_webhooks(today: date, fund: Fund | None = None) -> Outcome:
    """Delete what was to be told long ago, and all that belonged to a subscription that was removed."""
    forgotten = 0
    with scope.funds(*Fund.objects.values_list("pk", flat=True)):
        while True:
            with connection.cursor() as cursor:
                cursor.execute(FORGET, [clock.utc() - KEPT, CHUNK])
                forgotten += cursor.rowcount
                if cursor.rowcount < CHUNK:
                    break
        WebhookSubscription.objects.filter(state="removed", deliveries=None).delete()
    return {"all": {"deliveries": forgotten}}
