"""Endpoints that really listen, and clients that subscribe them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.conftest import make_client
from tests.api.webhooks.receiver import Receiver
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.access import PARTNER_SCOPES
from tnw.integration.models import Client, WebhookSubscription
from tnw.integration.webhooks import subscriptions


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    one = Receiver(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def core(fund: Fund) -> Client:
    """The fund's own system, which may read all."""
    return make_client("Core", fund=fund)


@pytest.fixture
def vdab(fund: Fund) -> Client:
    return make_client("VDAB", service="vdab", funds=(fund,), scopes=PARTNER_SCOPES)


@pytest.fixture
def subscribe() -> Callable[..., tuple[WebhookSubscription, str]]:
    """`subscribe(client, url, *types)`: the subscription and its key."""

    def make(client: Client, url: str, *types: str) -> tuple[WebhookSubscription, str]:
        return subscriptions.subscribe(client=client, url=url, event_types=types, now=clock.utc())

    return make
