"""From the outbox of the ledger to a delivery for each subscription that wants to know, in chunks that forget themselves.

A chunk is one transaction: its rows of the outbox are locked past by any other worker, told on, and gone with it. Where
nobody listens they go too. That a dossier's events are sent in order is the sender's care (`sending.CLAIM`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from tnw.accounts.models import Fund, new_uuid
from tnw.core import clock
from tnw.integration.models import Client, SubscriptionState, WebhookDelivery, WebhookSubscription
from tnw.integration.tasks import send_soon
from tnw.integration.webhooks.events import PREFIX, Event, event, id_of, scope_of
from tnw.integration.webhooks.partners import (
    TOUCHES_CONSENT,
    ForService,
    for_services,
    no_longer_shared,
)
from tnw.integration.webhooks.places import Told, path_of, places_of

CHUNK = 2000

TAKE = """
with taken as (
  select dossier_id, seq from dossiers_outbox where (dossier_id, seq) > (%s, %s)
  order by dossier_id, seq limit %s for update skip locked),
gone as (delete from dossiers_outbox o using taken t where (o.dossier_id, o.seq) = (t.dossier_id, t.seq))
select l.dossier_id, l.seq, l.fund_id, l.at, d.public_id, l.kind, l.subject, l."on"
from taken t join dossiers_ledgerentry l using (dossier_id, seq) join dossiers_dossier d on d.id = l.dossier_id
order by l.dossier_id, l.seq
"""
WITHDRAW = """
update integration_webhookdelivery d set state = 'withdrawn', finished_at = %s, leased_until = null
from integration_webhooksubscription s join integration_client c on c.id = s.client_id
  join accounts_actor a on a.id = c.actor_id
where d.state = 'pending' and d.dossier_id = any(%s) and s.id = d.subscription_id and a.service <> ''
  and (d.body::jsonb ->> 'subject') = any(%s)
"""


class Listener(NamedTuple):
    """A subscription that wants to be told, and what it may hear: of whom, and of what."""

    subscription_id: int
    service: str
    funds: frozenset[int]
    types: frozenset[str]
    scopes: frozenset[str]

    def hears(self, type: str, fund_id: int | None) -> bool:
        """Whether an event of this type, and of a fund or none, is for it."""
        if fund_id is not None and fund_id not in self.funds:
            return False
        return (not self.types or type in self.types) and scope_of(type) in self.scopes


def listeners(**only: object) -> list[Listener]:
    """Everyone who wants to be told now; `only` narrows the subscriptions."""
    rows = (
        WebhookSubscription.objects.filter(state=SubscriptionState.ACTIVE, client__is_active=True, **only)
        .select_related("client__actor")
        .prefetch_related("client__funds")
        .order_by("pk")
    )
    return [
        Listener(
            one.pk,
            one.client.actor.service,
            frozenset(
                [one.client.actor.fund_id]
                if one.client.actor.fund_id
                else [fund.pk for fund in one.client.funds.all()]
            ),
            frozenset(one.event_types),
            frozenset(one.client.scopes),
        )
        for one in rows
    ]


def fan_out(*, limit: int | None = None) -> int:
    """Make the deliveries of all that waits in the outbox, for the funds in scope; gives how many there are."""
    made, after = 0, (0, 0)
    while limit is None or made < limit:
        with transaction.atomic():
            taken = _take(after)
            if not taken:
                break
            made += _tell_on(taken)
        after = (taken[-1].dossier_id, taken[-1].seq)
    return made


def _take(after: tuple[int, int]) -> list[Told]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [*after, CHUNK])
        return [Told(*row) for row in cursor.fetchall()]


def _tell_on(taken: list[Told]) -> int:
    heard = listeners()
    now = clock.utc()
    rows = list(_of_funds(taken, heard, now))
    services = {one.service for one in heard if one.service}
    if services:
        rows += _of_services(taken, heard, now)
        if changed := {one.dossier_id for one in taken if one.kind in TOUCHES_CONSENT}:
            withdraw(changed, now)
    return len(WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True))


def _of_funds(taken: list[Told], heard: list[Listener], now: datetime) -> Iterator[WebhookDelivery]:
    by_fund: dict[int, list[Listener]] = {}
    for listener in heard:
        if not listener.service:
            for fund_id in listener.funds:
                by_fund.setdefault(fund_id, []).append(listener)
    wanted = [
        (entry, those)
        for entry in taken
        if entry.name
        and (
            those := [
                one for one in by_fund.get(entry.fund_id, ()) if one.hears(PREFIX + entry.name, entry.fund_id)
            ]
        )
    ]
    places = places_of(entry for entry, _those in wanted)
    for entry, those in wanted:
        told = _event(entry, entry.name, path_of(entry, places), dossier=entry.dossier)
        for listener in those:
            yield _delivery(listener.subscription_id, told, now, entry)


def _of_services(taken: list[Told], heard: list[Listener], now: datetime) -> Iterator[WebhookDelivery]:
    for one in for_services(taken):
        those = [
            listener
            for listener in heard
            if listener.service == one.service and listener.hears(PREFIX + one.name, one.entry.fund_id)
        ]
        for listener in those:
            yield _delivery(listener.subscription_id, _of_service(one), now, one.entry)


def _of_service(one: ForService) -> Event:
    """Without a link to the dossier, which is not the service's. Of two of a service each is an event of its own."""
    type = PREFIX + one.name
    id = id_of(one.entry.dossier, one.entry.seq, type + one.path)
    return event(type, one.path, one.entry.at, id=id, version=one.entry.seq)


def _event(entry: Told, name: str, path: str, dossier: UUID) -> Event:
    type = PREFIX + name
    return event(
        type, path, entry.at, id=id_of(entry.dossier, entry.seq, type), dossier=dossier, version=entry.seq
    )


def _delivery(subscription_id: int, told: Event, now: datetime, entry: Told) -> WebhookDelivery:
    return WebhookDelivery(
        subscription_id=subscription_id,
        fund_id=entry.fund_id,
        dossier_id=entry.dossier_id,
        public_id=new_uuid(),
        event=told.id,
        type=told.type,
        version=entry.seq,
        body=told.body,
        next_try_at=now,
        created_at=now,
    )


def withdraw(dossier_ids: Iterable[int], now: datetime) -> None:
    """What waits to be told to a service, and may not be any more (Z5)."""
    concerned = sorted(set(dossier_ids))
    if paths := list(no_longer_shared(concerned)):
        with connection.cursor() as cursor:
            cursor.execute(WITHDRAW, [now, concerned, paths])


def tell(
    name: str,
    path: str,
    *,
    client: Client | None = None,
    service: str = "",
    fund: Fund | None = None,
) -> None:
    """Tell of what stands in no ledger, in the transaction of the change: a feed that is done, an answered registration.

    `name` is one of `events.BESIDE_FACTS`, `path` that of the resource, below the API's root. Told is one client, or
    every client of a regional service, or every client of the fund; `fund` is None where it is about nobody insured.
    It is sent once the transaction of the change is through.
    """
    only: dict[str, object] = {"client": client} if client else {"client__actor__service": service}
    if not client and not service:
        only = {"client__actor__fund": fund}
    now, type = clock.utc(), PREFIX + name
    told = event(type, path, now, id=new_uuid())
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            subscription_id=one.subscription_id,
            fund=fund,
            event=told.id,
            type=type,
            body=told.body,
            next_try_at=now,
            created_at=now,
        )
        for one in listeners(**only)
        if one.hears(type, fund.pk if fund else None)
    )
    send_soon()
