"""What a client is told of itself: its subscriptions, what was sent to them and how that went, and asking for it again."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.integration import models
from tnw.integration.models import AttemptError, DeliveryState, DisabledBecause
from tnw.integration.rest import Call, Code, FromCursor, Link, Many, Problem, Resource, Shape, operation
from tnw.integration.rest.names import code_name
from tnw.integration.webhooks import subscriptions as services
from tnw.integration.webhooks.addresses import LONGEST

TAG = "Webhooks"
READ: dict[str, Any] = {"scope": "webhook:read", "partner": True}
WRITE: dict[str, Any] = {"scope": "webhook:write", "partner": True}

URL = "https://portal.example.org/tnw"
TYPES = ["be.tnw.adaptedWork.declared", "be.tnw.declaration.completed"]
OF_TYPES = (
    "Kinds of events, as the reference data lists them; none are all that the client's scopes let it read."
)


def _types(**more: Any) -> Any:
    child = serializers.CharField(max_length=80)
    return serializers.ListField(child=child, max_length=200, help_text=OF_TYPES, **more)


class WebhookSubscription(Shape):
    """An endpoint of the client, and what it is told there. `disabledReason` says why nothing is sent."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/webhookSubscriptions/{public_id}")
    url = serializers.CharField(max_length=LONGEST)
    event_types = _types()
    active = serializers.BooleanField()
    disabled_reason = Code(DisabledBecause, source="reason", required=False)
    created_at = serializers.DateTimeField()


class WebhookSubscriptionWithSecret(WebhookSubscription):
    """A subscription with its new key, which is told this once: messages are signed with it (Standard Webhooks)."""

    secret = serializers.CharField(max_length=100)


class NewWebhookSubscription(Shape):
    """An endpoint that wants to be told: a public address, over https."""

    url = serializers.CharField(max_length=LONGEST)
    event_types = _types(required=False)


class ChangedWebhookSubscription(Shape):
    """Another address, other events, or switched off and on."""

    url = serializers.CharField(max_length=LONGEST, required=False)
    event_types = _types(required=False)
    active = serializers.BooleanField(required=False)


class WebhookDelivery(Shape):
    """One event on its way to an endpoint; `id` is its own, `eventId` is the `webhook-id` of every try."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/webhookDeliveries/{public_id}")
    webhook_subscription = Link("/webhookSubscriptions/{subscription.public_id}")
    event_id = serializers.UUIDField(source="event")
    event_type = serializers.CharField(max_length=80, source="type")
    version = serializers.IntegerField(
        required=False, help_text="Rises within a dossier, and so goes the order."
    )
    state = Code(DeliveryState)
    attempt_count = serializers.IntegerField(source="attempts", help_text="Since it was last asked for.")
    created_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField(source="waits_until", required=False)
    finished_at = serializers.DateTimeField(required=False)


class WebhookAttempt(Shape):
    """One try: the status of the answer, or why there was none."""

    at = serializers.DateTimeField()
    took_ms = serializers.IntegerField()
    status = serializers.IntegerField(required=False)
    error = Code(AttemptError, required=False)


class EventDossier(Shape):
    """The dossier that an event is about."""

    href = serializers.URLField()


class EventData(Shape):
    """Where to look, and nothing of what is there."""

    href = serializers.URLField()
    dossier = EventDossier(required=False)
    version = serializers.IntegerField(required=False)


class CloudEvent(Shape):
    """An event as CloudEvents 1.0 has it in JSON."""

    specversion = serializers.CharField(max_length=10)
    id = serializers.UUIDField()
    source = serializers.URLField()  # type: ignore[assignment]  # as CloudEvents call it
    type = serializers.CharField(max_length=80)
    subject = serializers.CharField(max_length=300)
    time = serializers.DateTimeField()
    datacontenttype = serializers.CharField(max_length=80)
    data = EventData()  # type: ignore[assignment]  # as CloudEvents call it


class WebhookDeliveryWithAttempts(WebhookDelivery):
    """One event on its way to an endpoint: as it was sent, and every try."""

    event = CloudEvent(source="event_told", help_text="As it is sent.")
    attempts = WebhookAttempt(many=True, source="tried")


class OfState(FromCursor):
    """Deliveries in one of these states."""

    state = Many(child=Code(DeliveryState), required=False, max_length=50)


class Replay(Shape):
    """A period: what was made in it for this subscription, and is over, is sent again."""

    created_from = serializers.DateTimeField()
    created_to = serializers.DateTimeField()


class WebhookReplay(Shape):
    """How many deliveries are on their way again."""

    deliveries = serializers.IntegerField(min_value=0)


class WebhookSubscriptions(Resource):
    tag = TAG

    @operation(
        "listWebhookSubscriptions",
        "List the client's subscriptions",
        gives=WebhookSubscription,
        many=True,
        **READ,
    )
    def get(self, call: Call) -> Response:
        return call.listed(WebhookSubscription, list(services.of_client(call.client).order_by("pk")))

    @operation(
        "createWebhookSubscription",
        "Subscribe an endpoint",
        description="The key with which messages are signed stands in this answer, and nowhere after it.",
        takes=NewWebhookSubscription,
        gives=WebhookSubscriptionWithSecret,
        creates=True,
        problems=["transitionNotAllowed"],
        example={"url": URL, "eventTypes": TYPES},
        **WRITE,
    )
    def post(self, call: Call) -> Response:
        try:
            made, secret = services.subscribe(client=call.client, now=clock.utc(), **call.body)
        except DomainError as error:
            if error.field:
                raise
            full = {"state": "full", "possible": ["remove"]}
            raise Problem("transitionNotAllowed", str(error), more=full) from error
        return _with_secret(call, made, secret)


class OneWebhookSubscription(Resource):
    tag = TAG

    @operation("getWebhookSubscription", "Read a subscription", gives=WebhookSubscription, **READ)
    def get(self, call: Call, webhook_subscription_id: UUID) -> Response:
        one = _subscription(call, webhook_subscription_id)
        return call.shown(WebhookSubscription, one, version=one.version)

    @operation(
        "changeWebhookSubscription",
        "Change a subscription",
        takes=ChangedWebhookSubscription,
        gives=WebhookSubscription,
        example={"eventTypes": TYPES, "active": True},
        **WRITE,
    )
    def patch(self, call: Call, webhook_subscription_id: UUID) -> Response:
        one = _subscription(call, webhook_subscription_id, lock=True)
        call.expect(one.version)
        one = services.change(subscription=one, **call.body)
        return call.shown(WebhookSubscription, one, version=one.version)

    @operation(
        "removeWebhookSubscription", "Remove a subscription, and the log of what was sent to it", **WRITE
    )
    def delete(self, call: Call, webhook_subscription_id: UUID) -> Response:
        services.remove(subscription=_subscription(call, webhook_subscription_id, lock=True))
        return call.nothing()


class SecretRotations(Resource):
    tag = TAG

    @operation(
        "rotateWebhookSecret",
        "Give a subscription a new key",
        description="The former key stays valid for 24 hours: until then each message is signed with both.",
        gives=WebhookSubscriptionWithSecret,
        creates=True,
        **WRITE,
    )
    def post(self, call: Call, webhook_subscription_id: UUID) -> Response:
        one = _subscription(call, webhook_subscription_id, lock=True)
        return _with_secret(call, *services.rotate(subscription=one, now=clock.utc()))


class Pings(Resource):
    tag = TAG

    @operation(
        "pingWebhookSubscription", "Send a test event to an endpoint", gives=WebhookDelivery, creates=True,
        problems=["transitionNotAllowed"], **WRITE,
    )  # fmt: skip
    def post(self, call: Call, webhook_subscription_id: UUID) -> Response:
        one = _subscription(call, webhook_subscription_id)
        try:
            made = services.ping(subscription=one, now=clock.utc())
        except DomainError as error:
            switched = {"state": "disabled", "possible": ["activate"]}
            raise Problem("transitionNotAllowed", str(error), more=switched) from error
        return call.created(WebhookDelivery, made, version=0)


class Deliveries(Resource):
    tag = TAG

    @operation(
        "listWebhookDeliveries", "List what was or is to be sent to an endpoint, the latest first",
        gives=WebhookDelivery, many=True, query=OfState, **READ,
    )  # fmt: skip
    def get(self, call: Call, webhook_subscription_id: UUID) -> Response:
        rows = services.deliveries_of(call.client).filter(
            subscription=_subscription(call, webhook_subscription_id)
        )
        if states := call.query.get("state"):
            rows = rows.filter(state__in=states)
        return call.stretch(WebhookDelivery, rows.select_related("subscription"), ["-id"])


class PeriodReplays(Resource):
    tag = TAG

    @operation(
        "replayWebhookDeliveries",
        "Send again what was sent in a period",
        description="Each keeps its id, so that an endpoint knows what it has already. At most 100 000 at once.",
        takes=Replay,
        gives=WebhookReplay,
        creates=True,
        example={"createdFrom": "2026-11-20T00:00:00+01:00", "createdTo": "2026-11-21T00:00:00+01:00"},
        **WRITE,
    )
    def post(self, call: Call, webhook_subscription_id: UUID) -> Response:
        one = _subscription(call, webhook_subscription_id)
        first, last = call.body["created_from"], call.body["created_to"]
        if last < first:
            raise DomainError(_("The end lies before the start."), code="invalid_period", field="created_to")
        rows = services.deliveries_of(call.client).filter(
            subscription=one, created_at__gte=first, created_at__lte=last
        )
        again = services.replay(client=call.client, deliveries=rows, now=clock.utc())
        path = f"/webhookSubscriptions/{one.public_id}/deliveries"
        return call.created(WebhookReplay, {"deliveries": again}, path, version=0)


class OneDelivery(Resource):
    tag = TAG

    @operation(
        "getWebhookDelivery",
        "Read a delivery, with every try of it",
        gives=WebhookDeliveryWithAttempts,
        **READ,
    )
    def get(self, call: Call, webhook_delivery_id: UUID) -> Response:
        return call.shown(WebhookDeliveryWithAttempts, _delivery(call, webhook_delivery_id), version=0)


class DeliveryReplays(Resource):
    tag = TAG

    @operation(
        "replayWebhookDelivery", "Send a delivery again", gives=WebhookDelivery, creates=True,
        problems=["transitionNotAllowed"], **WRITE,
    )  # fmt: skip
    def post(self, call: Call, webhook_delivery_id: UUID) -> Response:
        one = _delivery(call, webhook_delivery_id)
        rows = services.deliveries_of(call.client).filter(pk=one.pk)
        if not services.replay(client=call.client, deliveries=rows, now=clock.utc()):
            stands = {"state": code_name(_delivery(call, webhook_delivery_id).state), "possible": []}
            raise Problem(
                "transitionNotAllowed", _("This is on its way, or may not be told any more."), more=stands
            )
        return call.created(WebhookDelivery, _delivery(call, webhook_delivery_id), version=0)


def _subscription(call: Call, public_id: UUID, *, lock: bool = False) -> models.WebhookSubscription:
    rows = services.of_client(call.client).filter(public_id=public_id)
    if (found := (rows.select_for_update(no_key=True) if lock else rows).first()) is None:
        raise Http404
    return found


def _delivery(call: Call, public_id: UUID) -> models.WebhookDelivery:
    rows = services.deliveries_of(call.client).select_related("subscription")
    if (found := rows.filter(public_id=public_id).first()) is None:
        raise Http404
    return found


def _with_secret(call: Call, one: models.WebhookSubscription, secret: str) -> Response:
    one.secret = secret  # type: ignore[attr-defined]  # told in this answer, and kept sealed elsewhere
    return call.created(WebhookSubscriptionWithSecret, one, version=one.version)
