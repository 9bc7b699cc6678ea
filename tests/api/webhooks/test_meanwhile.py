"""While one endpoint is waited for, what comes in for the others goes out: nobody's event waits for another's endpoint."""

from collections.abc import Callable
from concurrent.futures import wait
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from tests.api.conftest import make_client
from tests.api.webhooks.rows_of import told
from tests.api.webhooks.stage import START, DossierOf, Subscribe
from tests.api.webhooks.stage import hurry as hurry
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.models import Client
from tnw.integration.webhooks import queue, sending, subscriptions
from tnw.integration.webhooks.post import Answer
from tnw.integration.webhooks.sending import sweep

pytestmark = pytest.mark.django_db
SLOW, QUICK = "http://127.0.0.1:1/slow", "http://127.0.0.1:1/quick"


@pytest.fixture
def quick_was_told(monkeypatch: pytest.MonkeyPatch) -> Event:
    """A slow endpoint that answers once the quick one was told, or after half a minute."""
    was_told = Event()

    def post(url: str, *_said: object) -> Answer:
        if url == QUICK:
            was_told.set()
        elif not was_told.wait(30):
            return Answer(30_000, None, "timeout")
        return Answer(1, 200)

    monkeypatch.setattr(sending, "post", post)
    monkeypatch.setattr(sending, "LOOK", 0.05)
    return was_told


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let it happen once the sweep waits for what is under way."""
    acts = [act]

    def waits(*given: Any, **how: Any) -> object:
        if acts:
            acts.pop()()
        return wait(*given, **how)

    monkeypatch.setattr(sending, "wait", waits)


def test_what_is_recorded_while_one_is_slow_is_told_to_the_others(
    dossier_of: DossierOf,
    core: Client,
    subscribe: Subscribe,
    fund: Fund,
    quick_was_told: Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = subscribe(make_client("Slow", fund=fund), SLOW, "be.tnw.webhook.pinged")[0]
    quick = subscribe(core, QUICK)[0]
    subscriptions.ping(subscription=slow, now=clock.utc())
    meanwhile(monkeypatch, lambda: dossier_of(start=START))
    assert sweep(seconds=600) == (1, 2, 0)
    assert quick_was_told.is_set()
    assert [row.state for row in told(quick)] == ["delivered"]


def test_what_comes_in_for_a_line_that_had_nothing_left_goes_over_it(
    core: Client, subscribe: Subscribe, quick_was_told: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = subscribe(core, SLOW)[0], subscribe(core, QUICK)[0]
    monkeypatch.setattr(queue, "due", _with(quick.pk, queue.due))
    subscriptions.ping(subscription=slow, now=clock.utc())
    meanwhile(monkeypatch, lambda: subscriptions.ping(subscription=quick, now=clock.utc()))
    assert sweep(seconds=600) == (0, 2, 0)


def _with(pk: int, due: Callable[..., list[queue.Endpoint]]) -> Callable[..., list[queue.Endpoint]]:
    """As if something had been due to that endpoint too, that another sender took first."""
    quick = queue.Endpoint(pk, QUICK, [])
    return lambda now: due(now) if any(one.subscription_id == pk for one in due(now)) else [*due(now), quick]


def test_an_endpoint_that_failed_has_its_rest_in_the_same_sweep(
    core: Client, subscribe: Subscribe, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However soon it is due again: the line that ended stays ended."""
    tried: list[str] = []
    over = Event()

    def post(url: str, *_said: object) -> Answer:
        if url == SLOW:
            over.wait(1)
            return Answer(1_000, 200)
        tried.append(url)
        return Answer(1, 500)

    monkeypatch.setattr(sending, "post", post)
    monkeypatch.setattr(sending, "LOOK", 0.05)
    monkeypatch.setattr(sending, "FAILURES", 1)
    monkeypatch.setattr(queue, "REST", (timedelta(0),))
    monkeypatch.setattr(queue, "AGAIN_AFTER", (timedelta(0),) * 9)
    slow, failing = subscribe(core, SLOW)[0], subscribe(core, QUICK)[0]
    for one in (slow, failing):
        subscriptions.ping(subscription=one, now=clock.utc())
    assert sweep(seconds=600) == (0, 1, 1)
    assert tried == [QUICK]
