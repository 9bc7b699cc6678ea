"""What stands in the tables of webhooks, seen from above all walls."""

from contextlib import AbstractContextManager

from tnw.accounts.models import Fund
from tnw.core import scope
from tnw.integration.models import WebhookAttempt, WebhookDelivery, WebhookSubscription
from tnw.integration.webhooks.events import PREFIX
from tnw.integration.webhooks.outbox import fan_out


def everywhere() -> AbstractContextManager[None]:
    return scope.funds(*Fund.objects.values_list("pk", flat=True))


def fan_out_all() -> int:
    with everywhere():
        return fan_out()


def told(subscription: WebhookSubscription) -> list[WebhookDelivery]:
    """Its deliveries, the first the oldest."""
    with everywhere():
        return list(WebhookDelivery.objects.filter(subscription=subscription).order_by("pk"))


def events_of(subscription: WebhookSubscription) -> list[str]:
    return [row.type.removeprefix(PREFIX) for row in told(subscription)]


def tries_of(row: WebhookDelivery) -> list[WebhookAttempt]:
    with everywhere():
        return list(WebhookAttempt.objects.filter(delivery=row).order_by("pk"))
