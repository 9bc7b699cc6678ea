"""Sending to a real process: signed, in order within a dossier, tried again on time, each endpoint by itself."""

import base64
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from dossiers.models import Outbox
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.rows_of import everywhere, fan_out_all, told, tries_of
from tests.api.webhooks.stage import START, DossierOf, Subscribe, all_due, held, signed_by
from tests.api.webhooks.stage import hurry as hurry
from tnw.core import clock
from tnw.integration.models import Client, WebhookDelivery, WebhookSecret
from tnw.integration.webhooks import queue, subscriptions
from tnw.integration.webhooks.queue import AGAIN_AFTER
from tnw.integration.webhooks.sending import sweep

pytestmark = pytest.mark.django_db


def test_a_message_is_signed_and_says_what_it_is(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one, secret = subscribe(core, receiver.url())
    dossier_of(start=START)
    assert sweep(seconds=10) == (1, 1, 0)
    (message,) = receiver.messages
    (row,) = told(one)
    assert message["body"] == row.body
    assert message["headers"]["webhook-id"] == str(row.event)
    assert abs(int(message["headers"]["webhook-timestamp"]) - time.time()) < 30
    assert message["headers"]["Content-Type"].startswith("application/cloudevents+json")
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64
    assert signed_by(secret, message) == [True]
    assert (row.state, row.attempts, row.leased_until) == ("delivered", 1, None)
    assert [(one.status, one.error) for one in tries_of(row)] == [(200, "")]
    assert sweep(seconds=10) == (0, 0, 0)


def test_during_a_rotation_it_is_signed_with_both_keys(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one, former = subscribe(core, receiver.url())
    _same, fresh = subscriptions.rotate(subscription=one, now=clock.utc())
    assert former != fresh
    dossier_of(start=START)
    sweep(seconds=10)
    assert signed_by(fresh, receiver.messages[0]) == [True, False]
    assert signed_by(former, receiver.messages[0]) == [False, True]
    until = WebhookSecret.objects.get(until__isnull=False).until
    assert until
    assert timedelta(hours=23, minutes=59) < until - clock.utc() <= timedelta(hours=24)
    WebhookSecret.objects.filter(until__isnull=False).update(until=clock.utc())
    dossier_of(start=START)
    sweep(seconds=10)
    assert signed_by(fresh, receiver.messages[1]) == [True]


def test_what_was_removed_while_it_was_claimed_does_not_go_out_unsigned(
    dossier_of: DossierOf,
    core: Client,
    subscribe: Subscribe,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, _secret = subscribe(core, receiver.url())
    dossier_of(start=START)
    claim = queue.claim

    def removed_then(*given: object) -> object:
        claimed = claim(*given)  # type: ignore[arg-type]
        subscriptions.remove(subscription=one)
        return claimed

    monkeypatch.setattr(queue, "claim", removed_then)
    assert sweep(seconds=10) == (1, 0, 0)
    assert receiver.messages == []
    (row,) = told(one)
    assert (row.state, row.attempts, row.leased_until) == ("pending", 0, None)


def test_a_key_cannot_be_read_from_the_database(
    core: Client, subscribe: Subscribe, settings: Settings
) -> None:
    _one, secret = subscribe(core, "http://127.0.0.1:1/")
    kept = WebhookSecret.objects.get().sealed
    assert secret.removeprefix("whsec_") not in kept
    # Another key of the application, the former among the fallbacks: it is still read.
    from tnw.integration.webhooks import secrets

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert secrets.in_force(_one.pk, clock.utc()) == [secret]


# --- tried again


def test_tried_again_after_the_times_of_the_contract_and_then_given_up(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    """First at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, a tenth later at most."""
    receiver.says("500")
    one, _secret = subscribe(core, receiver.url())
    dossier_of(start=START)
    assert [pause.total_seconds() for pause in AGAIN_AFTER] == [
        5, 300, 1800, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24))
    ]  # fmt: skip
    for number, pause in enumerate(AGAIN_AFTER, 1):
        all_due()
        sweep(seconds=10)
        (row,) = told(one)
        tried = tries_of(row)[-1]
        assert (row.state, row.attempts, tried.status) == ("pending", number, 500)
        assert pause <= row.next_try_at - tried.at <= pause * 1.1
        if number > 1:  # five seconds may have passed since
            assert sweep(seconds=10).failed == 0, "not before its time"
    all_due()
    sweep(seconds=10)
    (row,) = told(one)
    assert (row.state, row.attempts, len(tries_of(row))) == ("given_up", 10, 10)
    assert len({message["headers"]["webhook-id"] for message in receiver.messages}) == 1
    assert len({message["body"] for message in receiver.messages}) == 1
    all_due()
    assert sweep(seconds=10) == (0, 0, 0)


@pytest.mark.parametrize(
    ("behaviour", "status", "error"),
    [("301", 301, ""), ("503", 503, ""), ("early", None, "broken_off"), ("slow", None, "timeout")],
)
def test_whatever_is_no_success_is_tried_again(
    dossier_of: DossierOf,
    core: Client,
    subscribe: Subscribe,
    receiver: Receiver,
    behaviour: str,
    status: int,
    error: str,
) -> None:
    receiver.says(behaviour)
    one, _secret = subscribe(core, receiver.url())
    dossier_of(start=START)
    assert sweep(seconds=10) == (1, 0, 1)
    receiver.says("200")
    all_due()
    assert sweep(seconds=10) == (0, 1, 0)
    assert [(t.status, t.error) for t in tries_of(told(one)[0])] == [(status, error), (200, "")]
    assert {message["path"] for message in receiver.messages} == {"/hook"}


def test_one_that_is_down_and_comes_back(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    one, _secret = subscribe(core, receiver.url())
    receiver.kill()
    dossier_of(start=START)
    assert sweep(seconds=10) == (1, 0, 1)
    receiver.start()
    all_due()
    assert sweep(seconds=10) == (0, 1, 0)
    assert [t.error for t in tries_of(told(one)[0])] == ["unreachable", ""]


def test_an_address_that_is_no_longer_allowed_is_looked_at_anew_each_time(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver, settings: Settings
) -> None:
    one, _secret = subscribe(core, receiver.url())
    settings.WEBHOOK_ALLOW = []
    dossier_of(start=START)
    assert sweep(seconds=10) == (1, 0, 1)
    assert (receiver.messages, tries_of(told(one)[0])[0].error) == ([], "address_refused")


def test_410_switches_the_endpoint_off_and_says_why(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    receiver.says("410")
    one, _secret = subscribe(core, receiver.url())
    dossier = dossier_of(start=START)
    held(dossier, "c1")
    sweep(seconds=10)
    one.refresh_from_db()
    assert (one.state, one.reason, one.version) == ("disabled", "gone", 2)
    all_due()
    assert sweep(seconds=10) == (0, 0, 0)
    dossier_of(start=START)
    fan_out_all()
    assert len(told(one)) == 2, "what happens meanwhile is not kept for it"
    # Switched on again it goes on where it was.
    receiver.says("200")
    subscriptions.change(subscription=one, active=True)
    all_due()
    assert sweep(seconds=10) == (0, 2, 0)


# --- in order


def test_within_a_dossier_in_order_and_the_next_waits(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    subscribe(core, receiver.url())
    first, second = dossier_of(start=START), dossier_of(start=START)
    for dossier in (first, second):
        held(dossier, "c1", "c2", "c3")
    fan_out_all()
    with everywhere():  # the order of coming in, and of being due, is another one
        for number, row in enumerate(WebhookDelivery.objects.order_by("-version")):
            row.next_try_at = clock.utc() - timedelta(minutes=5) + timedelta(seconds=number)
            row.save()
    receiver.says("500")
    sweep(seconds=10)
    assert {event["data"]["version"] for event in receiver.events} == {1}, "what failed holds its dossier up"
    receiver.forget()
    receiver.says("200")
    all_due()
    assert sweep(seconds=10).delivered == 8
    for dossier in (first, second):
        its = [event["data"] for event in receiver.events if str(dossier.public_id) in event["data"]["href"]]
        assert [data["version"] for data in its] == [1, 2, 3, 4]


def test_given_up_lets_the_next_go(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    receiver.says("500")
    one, _secret = subscribe(core, receiver.url())
    held(dossier_of(start=START), "c1")
    fan_out_all()
    with everywhere():
        WebhookDelivery.objects.filter(version=1).update(attempts=len(AGAIN_AFTER))
    sweep(seconds=10)
    assert [(row.state, row.attempts) for row in told(one)] == [("given_up", 10), ("pending", 1)]


def test_what_still_waits_in_the_outbox_holds_up_what_came_after_it(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe, receiver: Receiver
) -> None:
    """Another worker has the earlier entry in hand: its delivery is not there yet."""
    one, _secret = subscribe(core, receiver.url())
    dossier = dossier_of(start=START)
    held(dossier, "c1")
    fan_out_all()
    with everywhere():
        WebhookDelivery.objects.filter(version=1).delete()
        at = Outbox(dossier=dossier, seq=1, fund=dossier.fund, at=clock.utc())
        at.save(force_insert=True)
        endpoint = queue.due(clock.utc())[0]
        assert queue.claim(endpoint, clock.utc()) == []
        Outbox.objects.all().delete()
        assert [one.fund_id for one in queue.claim(endpoint, clock.utc())] == [dossier.fund_id]
    assert len(told(one)) == 1


def test_a_claim_does_not_read_all_that_waits_for_each_row(
    dossier_of: DossierOf, core: Client, subscribe: Subscribe
) -> None:
    """With the statistics of before, as right after a feed: none."""
    one, _secret = subscribe(core, "http://127.0.0.1:1/")
    dossier = dossier_of(start=START)
    now = clock.utc()
    row = {
        "subscription": one,
        "fund": dossier.fund,
        "type": "x",
        "body": "{}",
        "next_try_at": now,
        "created_at": now,
    }
    with everywhere():
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(**row, dossier=dossier, version=version, event=uuid.uuid4())
            for version in range(1, 4001)
        )
        wanted: dict[str, Any] = {
            "subscription": one.pk,
            "funds": [dossier.fund_id],
            "limit": 20,
            "now": now,
            "until": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(f"explain (analyze, buffers, format json) {queue.CLAIM}", wanted)
            plan = cursor.fetchone()[0][0]["Plan"]
    assert plan["Actual Rows"] == 1, "the head of the dossier"
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 20_000, plan
