"""What a client does with its subscriptions: subscribe, change, rotate the key, remove, ask for something again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import new_uuid
from tnw.core.errors import DomainError
from tnw.integration.models import (
    Client,
    DeliveryState,
    DisabledBecause,
    SubscriptionState,
    WebhookDelivery,
    WebhookSecret,
    WebhookSubscription,
)
from tnw.integration.tasks import send_soon
from tnw.integration.webhooks import outbox, secrets
from tnw.integration.webhooks.addresses import NotFound, Refused, check
from tnw.integration.webhooks.events import EVENT_TYPES, PREFIX, event, scope_of

MOST = 20  # subscriptions of one client
MOST_AGAIN = 100_000  # deliveries by one call
BOTH_VALID = timedelta(hours=24)


def of_client(client: Client) -> QuerySet[WebhookSubscription]:
    """Those that a client has."""
    return WebhookSubscription.objects.filter(client=client).exclude(state=SubscriptionState.REMOVED)


def deliveries_of(client: Client) -> QuerySet[WebhookDelivery]:
    """What a client was or is to be told."""
    return WebhookDelivery.objects.filter(subscription__in=of_client(client))


@transaction.atomic
def subscribe(
    *, client: Client, url: str, event_types: Sequence[str] = (), now: datetime
) -> tuple[WebhookSubscription, str]:
    """A new subscription and its key, which is told this once. Raises DomainError."""
    _check_url(url)
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if of_client(client).count() >= MOST:
        raise DomainError(
            _("A client has at most %(number)s webhook subscriptions: remove one first."),
            code="too_many",
            number=MOST,
        )
    subscription = WebhookSubscription.objects.create(
        client=client, url=url, event_types=_known(event_types, client), created_at=now
    )
    return subscription, secrets.make(subscription, now)


@transaction.atomic
def change(
    *,
    subscription: WebhookSubscription,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    active: bool | None = None,
) -> WebhookSubscription:
    """Another address, other events, switched off or on again. Raises DomainError."""
    if url is not None and url != subscription.url:
        _check_url(url)
    one = _locked(subscription)
    if url is not None and url != one.url:
        one.url, one.failures, one.rests_until = url, 0, None
    if event_types is not None:
        one.event_types = _known(event_types, one.client)
    if active is True:
        one.state, one.reason, one.failures, one.rests_until = SubscriptionState.ACTIVE, "", 0, None
        send_soon()
    elif active is False and one.state == SubscriptionState.ACTIVE:
        one.state, one.reason = SubscriptionState.DISABLED, DisabledBecause.BY_CLIENT
    one.version += 1
    one.save()
    return one


@transaction.atomic
def rotate(*, subscription: WebhookSubscription, now: datetime) -> tuple[WebhookSubscription, str]:
    """A new key, told this once; what was valid stays so for a day, and until then each message carries both."""
    one = _locked(subscription)
    WebhookSecret.objects.filter(subscription=one, until=None).update(until=now + BOTH_VALID)
    WebhookSecret.objects.filter(subscription=one, until__lte=now).delete()
    one.version += 1
    one.save(update_fields=["version"])
    return one, secrets.make(one, now)


@transaction.atomic
def remove(*, subscription: WebhookSubscription) -> None:
    """Nothing is sent any more from here on; a job clears away what it was told."""
    WebhookSubscription.objects.filter(pk=subscription.pk).update(
        state=SubscriptionState.REMOVED, reason="", version=F("version") + 1
    )
    WebhookSecret.objects.filter(subscription=subscription).delete()


@transaction.atomic
def replay(*, client: Client, deliveries: QuerySet[WebhookDelivery], now: datetime) -> int:
    """Send again what is over, with the same id; gives how many of them are now on their way.

    What the client may not read any more, or the insured does not consent to any more (Z5), is not told again.
    """
    mine = [name for name in EVENT_TYPES if scope_of(name) in client.scopes]
    over = deliveries.filter(type__in=mine, state__in=[DeliveryState.DELIVERED, DeliveryState.GIVEN_UP])
    ids = list(over.values_list("pk", flat=True)[:MOST_AGAIN])
    again = WebhookDelivery.objects.filter(pk__in=ids)
    again.update(state=DeliveryState.PENDING, attempts=0, next_try_at=now, finished_at=None)
    if client.actor.service:
        outbox.withdraw(again.exclude(dossier=None).values_list("dossier", flat=True), now)
    send_soon()
    return again.filter(state=DeliveryState.PENDING).count()


@transaction.atomic
def ping(*, subscription: WebhookSubscription, now: datetime) -> WebhookDelivery:
    """An event that says nothing but that the way is open. Raises DomainError where nothing is sent to it."""
    if not subscription.active:
        raise DomainError(_("This subscription is switched off."), code="switched_off")
    told = event(
        f"{PREFIX}webhook.pinged",
        f"/webhookSubscriptions/{subscription.public_id}",
        now,
        id=new_uuid(),
    )
    made = WebhookDelivery.objects.create(
        subscription=subscription,
        fund=None,
        event=told.id,
        type=told.type,
        body=told.body,
        next_try_at=now,
        created_at=now,
    )
    send_soon()
    return made


def _locked(subscription: WebhookSubscription) -> WebhookSubscription:
    return WebhookSubscription.objects.select_for_update(no_key=True).get(pk=subscription.pk)


def _check_url(url: str) -> None:
    """Before anything is locked: a name server may take its time. Whether a name of ours exists is not told."""
    try:
        check(url)
    except (NotFound, Refused):
        raise DomainError(
            _("Webhooks go to a public address over https, on port 443 or 8443, without a user name in it."),
            code="address_refused",
            field="url",
        ) from None


def _known(event_types: Sequence[str], client: Client) -> list[str]:
    """Kinds of events that there are, and that the client would be told of. Raises DomainError."""
    for name in event_types:
        if name not in EVENT_TYPES:
            raise DomainError(
                _("There is no such kind of event."), code="unknown_event_type", field="event_types"
            )
        if scope_of(name) not in client.scopes:
            raise DomainError(
                _("Events of this kind are for clients with the scope %(scope)s."),
                code="scope_missing",
                field="event_types",
                scope=scope_of(name),
            )
    return sorted(set(event_types))
