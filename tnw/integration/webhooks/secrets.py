"""The keys with which is signed: shown once, kept encrypted, and several at a time during a rotation."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.db.models import Q

from tnw.integration.models import WebhookSecret, WebhookSubscription
from tnw.integration.sealed import opened, seal

PREFIX = "whsec_"
SIZE = 32  # bytes; Standard Webhooks asks for 24 to 64


def make(subscription: WebhookSubscription, now: datetime) -> str:
    """A new key of a subscription, which is told here and never again."""
    text = PREFIX + base64.b64encode(secrets.token_bytes(SIZE)).decode()
    WebhookSecret.objects.create(subscription=subscription, sealed=seal(text), made_at=now)
    return text


def in_force(subscription_id: int, now: datetime) -> list[str]:
    """The keys with which is signed now, the newest first."""
    kept = WebhookSecret.objects.filter(Q(until=None) | Q(until__gt=now), subscription=subscription_id)
    return [opened(one.sealed) for one in kept.order_by("-pk")]


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """One signature of Standard Webhooks: version 1, HMAC-SHA256 over id, moment and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"
