import json
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dossiers.models import Dossier
from tnw.accounts.models import Fund, new_uuid
from tnw.integration.models.client import Client


class SubscriptionState(models.TextChoices):
    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


class DisabledBecause(models.TextChoices):
    """`GONE`: the endpoint answered 410."""

    BY_CLIENT = "by_client"
    GONE = "gone"


class WebhookSubscription(models.Model):
    """An endpoint of a client that wants to be told; no `event_types` are all of them.

    `rests_until` spares an endpoint that failed again and again; its deliveries keep their own times.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="webhook_subscriptions")
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    url = models.CharField(max_length=2000)
    event_types = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    state = models.CharField(
        max_length=8, choices=SubscriptionState.choices, default=SubscriptionState.ACTIVE
    )
    reason = models.CharField(max_length=9, choices=DisabledBecause.choices, blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(state="disabled") & ~models.Q(reason=""))
                | (~models.Q(state="disabled") & models.Q(reason="")),
                name="webhook_disabled_with_reason",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def active(self) -> bool:
        """Whether it is told anything."""
        return self.state == SubscriptionState.ACTIVE


class WebhookSecret(models.Model):
    """A key with which is signed, encrypted; during a rotation the former one too, until its moment."""

    subscription = models.ForeignKey(WebhookSubscription, models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.subscription_id}/{self.pk}"


class DeliveryState(models.TextChoices):
    """`WITHDRAWN`: the consent under which it was to be told no longer stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


class WebhookDelivery(models.Model):
    """One event for one subscription. `version` rises within a dossier, and so goes the order in which it is told.

    Of no fund where it is about nobody insured. Who sends it holds it until `leased_until`; a sender that was killed
    loses it then. `attempts` counts since it was last asked for.
    """

    subscription = models.ForeignKey(
        WebhookSubscription, models.PROTECT, db_index=False, related_name="deliveries"
    )
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    event = models.UUIDField()
    type = models.CharField(max_length=80)
    version = models.IntegerField(null=True)
    body = models.TextField()
    state = models.CharField(
        max_length=9, choices=DeliveryState.choices, default=DeliveryState.PENDING, db_default="pending"
    )
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event"], name="webhook_event_once"),
            models.UniqueConstraint(fields=["fund", "id"], name="webhook_delivery_within_fund"),
            models.CheckConstraint(
                condition=models.Q(dossier=None, version=None)
                | models.Q(dossier__isnull=False, version__isnull=False, fund__isnull=False),
                name="webhook_of_a_dossier_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", finished_at=None)
                | (~models.Q(state="pending") & models.Q(finished_at__isnull=False, leased_until=None)),
                name="webhook_finished_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["subscription", "-id"], name="webhook_delivery_latest"),
            models.Index(fields=["subscription", "state", "-id"], name="webhook_delivery_by_state"),
            models.Index(
                fields=["subscription", "next_try_at", "id"],
                condition=models.Q(state="pending"),
                name="webhook_delivery_due",
            ),
            models.Index(
                fields=["subscription", "dossier", "version"],
                condition=models.Q(state="pending"),
                name="webhook_delivery_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def tried(self) -> "models.QuerySet[WebhookAttempt]":
        """Every try, the first the oldest."""
        return self.log.order_by("pk")

    @property
    def waits_until(self) -> datetime | None:
        """When it is tried next, while it is on its way."""
        if self.state != DeliveryState.PENDING or not self.subscription.active:
            return None
        return max(self.next_try_at, self.subscription.rests_until or self.next_try_at)

    @property
    def event_told(self) -> dict[str, Any]:
        """The event as it was sent."""
        return json.loads(self.body)


class AttemptError(models.TextChoices):
    """Why there was no answer; an answer that is no success has its status instead."""

    ADDRESS_REFUSED = "address_refused"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN_OFF = "broken_off"


class WebhookAttempt(models.Model):
    """One try of a delivery, as it went."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="log")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    took_ms = models.IntegerField()
    status = models.SmallIntegerField(null=True)
    error = models.CharField(max_length=15, choices=AttemptError.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__isnull=False, error="")
                | (models.Q(status=None) & ~models.Q(error="")),
                name="webhook_attempt_answered_or_not",
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status or self.error}"
