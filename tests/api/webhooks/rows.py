"""Who may do what with webhooks: everybody with their own, and nobody with those of others."""

import uuid
from typing import Any

from tests.api.table import Row
from tests.api.world import World
from tnw.core import clock
from tnw.integration.models import WebhookDelivery, WebhookSubscription
from tnw.integration.webhooks import subscriptions
from tnw.integration.webhooks.events import event

URL = "http://127.0.0.1:9/hook"


def _subscribed(world: World) -> dict[str, Any]:
    one, _secret = subscriptions.subscribe(client=world.clients["fund"], url=URL, now=clock.utc())
    return {"webhookSubscriptionId": one.public_id, "subscription": one}


def _told(world: World) -> dict[str, Any]:
    one: WebhookSubscription = _subscribed(world)["subscription"]
    path = f"/dossiers/{world.dossier.public_id}"
    told = event("be.tnw.incapacity.recognized", path, clock.utc(), id=uuid.uuid4(), version=1)
    made = WebhookDelivery.objects.create(
        subscription=one, fund=world.fund, dossier=world.dossier, version=1, event=told.id,
        type=told.type, body=told.body, state="delivered",
        next_try_at=clock.utc(), created_at=clock.utc(), finished_at=clock.utc(),
    )  # fmt: skip
    return {"webhookDeliveryId": made.public_id}


def _version(_world: World, places: Any) -> int:
    return int(places["subscription"].version)


# A list is everybody's own, and empty.
LIST: dict[str, Any] = {"other_fund": 200, "other_partner": 200}
CREATED: dict[str, Any] = {"other_fund": 201, "other_partner": 201}
ROWS = {
    "listWebhookSubscriptions": Row(**LIST),
    "createWebhookSubscription": Row({"url": URL}, right=201, **CREATED),
    "getWebhookSubscription": Row(before=_subscribed, partner=404),
    "changeWebhookSubscription": Row({"active": False}, before=_subscribed, version=_version, partner=404),
    "removeWebhookSubscription": Row(right=204, before=_subscribed, partner=404),
    "rotateWebhookSecret": Row(right=201, before=_subscribed, partner=404),
    "pingWebhookSubscription": Row(right=201, before=_subscribed, partner=404),
    "listWebhookDeliveries": Row(before=_subscribed, partner=404),
    "replayWebhookDeliveries": Row(
        {"createdFrom": "2026-11-20T00:00:00+01:00", "createdTo": "2026-11-21T00:00:00+01:00"},
        right=201,
        before=_subscribed,
        partner=404,
    ),
    "getWebhookDelivery": Row(before=_told, partner=404),
    "replayWebhookDelivery": Row(right=201, before=_told, partner=404),
}
