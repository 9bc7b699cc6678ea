"""What waits to be sent, as rows: who has it in hand and until when, what came of each try, and when the next one is.

The caller has the wall of all funds open; each step here is a transaction of its own.
"""

import random
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from tnw.integration.models import (
    DeliveryState,
    DisabledBecause,
    SubscriptionState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookSubscription,
)
from tnw.integration.webhooks.post import Answer

# After each try that failed, the next; after the last of them it is given up.
AGAIN_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
JITTER = 0.1  # at most this much later, so that not all come at once
LEASE = timedelta(minutes=2)
BATCH = 20
# How long an endpoint is left alone after a sweep had to stop with it: the first time, the second, and from then on.
REST = (timedelta(seconds=4), timedelta(minutes=1), timedelta(minutes=5))
GONE = 410

DUE = """
select s.id, s.url, case when a.fund_id is null
  then (select coalesce(array_agg(f.fund_id::int), '{}') from integration_client_funds f where f.client_id = c.id)
  else array[a.fund_id::int] end
from integration_webhooksubscription s join integration_client c on c.id = s.client_id
join accounts_actor a on a.id = c.actor_id
where s.state = 'active' and c.is_active and (s.rests_until is null or s.rests_until <= %(now)s)
  and exists (select from integration_webhookdelivery d where d.subscription_id = s.id and d.state = 'pending'
    and d.next_try_at <= %(now)s)
order by s.id
"""
# The head of each dossier only: what was recorded before is delivered or given up, and waits in no outbox. The head is
# asked for row by row: as a join, with statistics from before a feed, it would read all that waits for each row.
CLAIM = """
with due as (
  select d.id from integration_webhookdelivery d
  where d.subscription_id = %(subscription)s and d.state = 'pending' and d.next_try_at <= %(now)s
    and (d.leased_until is null or d.leased_until <= %(now)s)
    and (d.fund_id is null or d.fund_id = any(%(funds)s))
    and exists (select from integration_webhooksubscription s where s.id = d.subscription_id and s.state = 'active')
    and (d.dossier_id is null or d.version = (select b.version from integration_webhookdelivery b
      where b.subscription_id = d.subscription_id and b.dossier_id = d.dossier_id and b.state = 'pending'
      order by b.version limit 1))
    and not exists (select from dossiers_outbox o where o.dossier_id = d.dossier_id and o.seq < d.version)
  order by d.next_try_at, d.id limit %(limit)s for update of d skip locked)
update integration_webhookdelivery d set leased_until = %(until)s from due where d.id = due.id
returning d.next_try_at, d.id, d.event, d.fund_id, d.body, d.leased_until
"""
NEXT_DUE = """
select min(first.at) from integration_webhooksubscription s join integration_client c on c.id = s.client_id, lateral (
  select d.next_try_at as at from integration_webhookdelivery d where d.subscription_id = s.id and d.state = 'pending'
    and d.next_try_at > %s and d.next_try_at <= %s order by d.next_try_at limit 1) first
where s.state = 'active' and c.is_active
"""


class Endpoint(NamedTuple):
    """A subscription for which something is due; `funds` are those of which it may be told."""

    subscription_id: int
    url: str
    funds: list[int]


class Claimed(NamedTuple):
    """A delivery that is this sender's until its lease ends."""

    due_at: datetime
    id: int
    event: UUID
    fund_id: int | None
    body: str
    leased_until: datetime


def due(now: datetime) -> list[Endpoint]:
    """The endpoints that have something to get now, and are not left alone."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now})
        return [Endpoint(*row) for row in cursor.fetchall()]


def claim(endpoint: Endpoint, now: datetime) -> list[Claimed]:
    """Deliveries of this endpoint that are due, the first due first, now leased; no two of them of one dossier."""
    whose: dict[str, Any] = {"subscription": endpoint.subscription_id, "funds": endpoint.funds}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {**whose, "limit": BATCH, "now": now, "until": now + LEASE})
        return sorted(Claimed(*row) for row in cursor.fetchall())


def release(claimed: list[Claimed]) -> None:
    """Give back what was claimed and not begun."""
    for one in claimed:
        WebhookDelivery.objects.filter(pk=one.id, leased_until=one.leased_until).update(leased_until=None)


@transaction.atomic
def record(endpoint: Endpoint, claimed: Claimed, answer: Answer, now: datetime) -> None:
    """Write down a try: delivered, to be tried again, or given up. What the endpoint says of itself counts too (410)."""
    one = WebhookDelivery.objects.select_for_update(of=("self",), no_key=True).filter(pk=claimed.id).first()
    if one is None:
        return  # forgotten meanwhile
    WebhookAttempt.objects.create(
        delivery_id=claimed.id,
        fund_id=claimed.fund_id,
        at=now,
        took_ms=answer.took_ms,
        status=answer.status,
        error=answer.error,
    )
    if answer.status == GONE:
        WebhookSubscription.objects.filter(
            pk=endpoint.subscription_id, url=endpoint.url, state=SubscriptionState.ACTIVE
        ).update(state=SubscriptionState.DISABLED, reason=DisabledBecause.GONE, version=F("version") + 1)
    if one.state != DeliveryState.PENDING or one.leased_until != claimed.leased_until:
        return  # the lease ended meanwhile: who has it now says what becomes of it
    one.attempts += 1
    one.leased_until = None
    if answer.good:
        one.state, one.finished_at = DeliveryState.DELIVERED, now
    elif one.attempts > len(AGAIN_AFTER):
        one.state, one.finished_at = DeliveryState.GIVEN_UP, now
    else:
        pause = AGAIN_AFTER[one.attempts - 1]
        one.next_try_at = now + pause * (1 + JITTER * random.random())  # noqa: S311  # no secret
    one.save(update_fields=["attempts", "leased_until", "state", "finished_at", "next_try_at"])
    if one.state == DeliveryState.PENDING and one.dossier_id:  # what comes after it waits for it
        WebhookDelivery.objects.filter(
            subscription=one.subscription_id,
            dossier=one.dossier_id,
            version__gt=one.version,
            state=DeliveryState.PENDING,
            next_try_at__lt=one.next_try_at,
        ).update(next_try_at=one.next_try_at)


def rest(subscription_id: int, now: datetime) -> None:
    """Leave an endpoint alone, the longer the more often it had to be."""
    one = WebhookSubscription.objects.get(pk=subscription_id)
    WebhookSubscription.objects.filter(pk=subscription_id).update(
        failures=F("failures") + 1, rests_until=now + REST[min(one.failures, len(REST) - 1)]
    )


def recovered(subscription_id: int) -> None:
    """It takes what it gets."""
    WebhookSubscription.objects.filter(pk=subscription_id, failures__gt=0).update(
        failures=0, rests_until=None
    )


def next_due(now: datetime, within: timedelta) -> datetime | None:
    """When the next delivery to an endpoint that is told anything is due, where that is soon."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, [now, now + within])
        (found,) = cursor.fetchone()
    return found
