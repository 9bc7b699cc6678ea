"""Each endpoint by itself: a dead one holds up nobody, leases end, what was told is told again when asked for."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.rows_of import events_of, everywhere, fan_out_all, told, tries_of
from tests.api.webhooks.stage import START, DossierOf, Subscribe, all_due, held
from tests.api.webhooks.stage import hurry as hurry
from tnw.core import clock, scope
from tnw.integration import tasks
from tnw.integration.models import Client, WebhookDelivery
from tnw.integration.webhooks import post as posting
from tnw.integration.webhooks import queue, sending, subscriptions
from tnw.integration.webhooks.sending import sweep

pytestmark = pytest.mark.django_db


# --- each endpoint by itself


def test_a_dead_endpoint_holds_up_nobody(
    dossier_of: DossierOf,
    core: Client,
    subscribe: Subscribe,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "REST", (timedelta(minutes=5),))
    receiver.says("slow /dead")
    dead = [subscribe(core, receiver.url("/dead"))[0] for _ in range(8)]
    alive = subscribe(core, receiver.url("/alive"))[0]
    for _ in range(5):
        dossier_of(start=START)
    began = time.monotonic()
    assert sweep(seconds=40) == (45, 5, 8), "one try each at those that are dead"
    assert time.monotonic() - began < 4 * posting.WHOLE, "not eight times one after the other"
    assert {row.state for row in told(alive)} == {"delivered"}
    for one in dead:
        one.refresh_from_db()
        assert one.rests_until
        assert {row.leased_until for row in told(one)} == {None}, "what was not begun is given back"
    # They are left alone for a while; then the one after the other gets its turn.
    assert sweep(seconds=20) == (0, 0, 0)


def test_one_that_refuses_gets_few_and_then_has_its_rest(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    receiver.says("500")
    one = subscribe(core, receiver.url())[0]
    for _ in range(9):
        dossier_of(start=START)
    assert sweep(seconds=10).failed == sending.FAILURES
    rests = []
    for _ in range(3):
        one.refresh_from_db()
        assert one.rests_until
        rests.append(round((one.rests_until - clock.utc()).total_seconds()))
        all_due()
        assert sweep(seconds=10).failed == sending.FAILURES
    assert rests == sorted(rests)
    assert rests[0] <= 5, "the first retry is due then"
    receiver.says("200")
    all_due()
    assert sweep(seconds=10).delivered == 9
    one.refresh_from_db()
    assert (one.failures, one.rests_until) == (0, None)


def test_nothing_is_begun_after_its_time(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one = subscribe(core, receiver.url())[0]
    dossier_of(start=START)
    assert sweep(seconds=0) == (1, 0, 0)
    assert [(row.state, row.leased_until) for row in told(one)] == [("pending", None)]


def test_the_wall_is_shut_while_it_is_sent(
    dossier_of: DossierOf,
    core: Client,
    subscribe: Subscribe,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def spy(*given: object) -> posting.Answer:
        seen.append(scope.current())
        return posting.Answer(1, 200)

    monkeypatch.setattr(sending, "post", spy)
    subscribe(core, receiver.url())
    dossier_of(start=START)
    sweep(seconds=10)
    assert seen == [""]


# --- leases


def test_a_killed_senders_lease_ends(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one = subscribe(core, receiver.url())[0]
    dossier_of(start=START)
    fan_out_all()
    with everywhere():
        endpoint = queue.due(clock.utc())[0]
        (claimed,) = queue.claim(endpoint, clock.utc())
        assert queue.claim(endpoint, clock.utc()) == []
    assert sweep(seconds=5) == (0, 0, 0)
    with everywhere():
        later = clock.utc() + queue.LEASE
        assert len(queue.claim(endpoint, later)) == 1
        WebhookDelivery.objects.update(leased_until=clock.utc())
    assert sweep(seconds=5) == (0, 1, 0)
    # Whoever lost the lease writes down its try, and changes nothing.
    with everywhere():
        queue.record(endpoint, claimed, posting.Answer(5, None, "timeout"), clock.utc())
    (row,) = told(one)
    assert (row.state, row.attempts, len(tries_of(row))) == ("delivered", 1, 2)


# --- asked for again


def test_what_is_asked_for_again_has_the_same_id(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one = subscribe(core, receiver.url())[0]
    for _ in range(3):
        dossier_of(start=START)
    sweep(seconds=10)
    first = receiver.messages
    receiver.forget()
    with everywhere():
        rows = WebhookDelivery.objects.filter(subscription=one)
        assert subscriptions.replay(client=core, deliveries=rows, now=clock.utc()) == 3
        assert subscriptions.replay(client=core, deliveries=rows, now=clock.utc()) == 0, "it is on its way"
    assert sweep(seconds=10).delivered == 3
    assert sorted(m["headers"]["webhook-id"] for m in receiver.messages) == sorted(
        m["headers"]["webhook-id"] for m in first
    )
    assert [row.attempts for row in told(one)] == [1, 1, 1]
    assert [len(tries_of(row)) for row in told(one)] == [2, 2, 2]


def test_what_its_scopes_no_longer_allow_is_not_told_again(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one = subscribe(core, receiver.url())[0]
    dossier_of(start=START)
    sweep(seconds=10)
    core.scopes = [name for name in core.scopes if ":incapacity:" not in name]
    Client.objects.filter(pk=core.pk).update(scopes=core.scopes)
    with everywhere():
        rows = WebhookDelivery.objects.filter(subscription=one)
        assert subscriptions.replay(client=core, deliveries=rows, now=clock.utc()) == 0


# --- a worker is told


def test_a_recorded_fact_nudges_a_worker_once_it_is_committed(
    dossier_of: DossierOf,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tasks.send_webhooks, "delay", lambda: sent.append("soon"))
    dossier = dossier_of(start=START)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        held(dossier, "c1")
        assert sent == []
    assert sent == ["soon"]


def test_the_task_comes_again_for_what_is_due_soon(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    again: list[float] = []
    monkeypatch.setattr(queue, "AGAIN_AFTER", (timedelta(seconds=30),))
    monkeypatch.setattr(tasks.send_webhooks, "apply_async", lambda **how: again.append(how["countdown"]))
    receiver.says("500")
    one = subscribe(core, receiver.url())[0]
    dossier_of(start=START)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        tasks.send_webhooks()
    assert events_of(one) == ["incapacity.recognized"]
    assert len(again) == 1
    assert 1 <= again[0] <= 34
