"""Who calls the API, what was asked twice, and what the outside world is told."""

from tnw.integration.models.call import IdempotencyKey, RelatedTrace, UsedAssertion
from tnw.integration.models.client import Client
from tnw.integration.models.feed import IncapacityFeed
from tnw.integration.models.registration import PartnerRegistration
from tnw.integration.models.webhook import (
    AttemptError,
    DeliveryState,
    DisabledBecause,
    SubscriptionState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookSecret,
    WebhookSubscription,
)

__all__ = [
    "AttemptError",
    "Client",
    "DeliveryState",
    "DisabledBecause",
    "IdempotencyKey",
    "IncapacityFeed",
    "PartnerRegistration",
    "RelatedTrace",
    "SubscriptionState",
    "UsedAssertion",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookSecret",
    "WebhookSubscription",
]
