"""Several senders that are processes of their own: each event is told once, and in the order of its dossier."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier, Outbox
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.rows_of import everywhere, told
from tests.beat.process import done, start
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.models import Client, WebhookDelivery, WebhookSubscription

pytestmark = pytest.mark.usefixtures("transactional_db")
START = date(2026, 1, 5)
DOSSIERS, EACH = 40, 4
SWEEP = "from tnw.integration.webhooks import outbox, sending; outbox.CHUNK = 7; print(*sending.sweep(seconds=60))"


def fill(fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    dossiers = [dossier_of(start=START) for _ in range(DOSSIERS)]
    with audit.acting_as(actors.system(), fund):
        entries = [
            Entry(dossier.pk, fact("contact_held", START, f"c{number}", form="phone"))
            for number in range(EACH - 1)
            for dossier in dossiers
        ]
        record_many(entries, fund=fund, actor=actors.system())


def counted(printed: str) -> list[int]:
    """Made, delivered, failed: the last line of it."""
    return [int(number) for number in printed.splitlines()[-1].split()]


def in_order(receiver: Receiver) -> None:
    """What came in is, dossier by dossier, in the order of its versions; told twice is not out of order."""
    seen: dict[str, int] = {}
    for event in receiver.events:
        dossier, version = event["data"]["dossier"]["href"], event["data"]["version"]
        assert version <= seen.get(dossier, 0) + 1, "one was passed by"
        seen[dossier] = max(version, seen.get(dossier, 0))
    assert set(seen.values()) == {EACH}
    assert len(seen) == DOSSIERS


def test_three_senders_at_once_tell_each_once_and_in_order(
    fund: Fund,
    dossier_of: Callable[..., Dossier],
    core: Client,
    subscribe: Callable[..., tuple[WebhookSubscription, str]],
    receiver: Receiver,
) -> None:
    one, _secret = subscribe(core, receiver.url())
    fill(fund, dossier_of)
    runs = [start("shell", "-c", SWEEP) for _ in range(3)]
    totals = [counted(done(run)) for run in runs]
    made, delivered, failed = (sum(column) for column in zip(*totals, strict=True))
    # What one of them was still making the others may have passed by: the next sweep has it.
    _made, more, _failed = counted(done(start("shell", "-c", SWEEP)))
    assert (made, delivered + more, failed) == (DOSSIERS * EACH, DOSSIERS * EACH, 0)
    assert set(Counter(message["headers"]["webhook-id"] for message in receiver.messages).values()) == {1}
    in_order(receiver)
    assert {row.state for row in told(one)} == {"delivered"}
    with everywhere():
        assert not Outbox.objects.exists()


def _servers() -> set[int]:
    """Of PostgreSQL, those that serve a connection to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def _wait_for_the_servers(before: set[int]) -> None:
    """PostgreSQL still carries out what a killed process had asked, such as a lease."""
    until = time.monotonic() + 60
    while _servers() - before:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_killed_sender_loses_nothing(
    fund: Fund,
    dossier_of: Callable[..., Dossier],
    core: Client,
    subscribe: Callable[..., tuple[WebhookSubscription, str]],
    receiver: Receiver,
) -> None:
    one, _secret = subscribe(core, receiver.url())
    fill(fund, dossier_of)
    for wanted in (20, 60, 100):
        before = _servers()
        run = start("shell", "-c", SWEEP)
        until = time.monotonic() + 60
        while len(receiver.messages) < wanted and run.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        _wait_for_the_servers(before)
        with everywhere():  # as if its lease had ended
            WebhookDelivery.objects.filter(state="pending").update(leased_until=clock.utc())
    done(start("shell", "-c", SWEEP))
    assert {row.state for row in told(one)} == {"delivered"}
    assert len(told(one)) == DOSSIERS * EACH
    ids = Counter(message["headers"]["webhook-id"] for message in receiver.messages)
    assert len(ids) == DOSSIERS * EACH
    assert sum(ids.values()) <= DOSSIERS * EACH + 3 * 4, "at most what was under way is told twice"
    in_order(receiver)
