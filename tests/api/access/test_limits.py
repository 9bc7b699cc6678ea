"""How often a client may call and how often anybody may fail; and that a Redis that is away stops nobody."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from tests.api.access.conftest import ask, basic
from tnw.accounts import actors
from tnw.core.errors import DomainError
from tnw.integration import access, clients
from tnw.integration.models import Client
from tnw.integration.oauth import limits, views

Made = tuple[Client, str]
GRANT = {"grant_type": "client_credentials"}
WAITS = limits.TIMEOUT  # as it is, not as the other tests have it
MINUTE = 1_795_000_020.0  # a moment at which a minute begins


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """The clock stands still, at a moment of no other test: the counts of a former run are in Redis for a minute."""
    start = MINUTE + 60 * (time.monotonic_ns() % 1_000_000)
    with time_machine.travel(start, tick=False) as moves:
        yield moves


def test_beyond_its_calls_a_minute_a_client_waits_for_the_next(
    make: Callable[..., Made], traveller: time_machine.Traveller
) -> None:
    client, _secret = make(calls_a_minute=3)
    other, _secret = make("Portaal", calls_a_minute=3)
    for _call in range(3):
        access.throttle(client)
    traveller.shift(20)
    with pytest.raises(access.TooManyRequests) as refused:
        access.throttle(client)
    assert refused.value.retry_after == 40
    access.throttle(other)
    traveller.shift(refused.value.retry_after)
    access.throttle(client)


def test_a_count_is_gone_by_itself(db: None, traveller: time_machine.Traveller) -> None:
    limits.count("once", seconds=60)
    redis = limits._redis()
    name = f"{limits.PREFIX}:once:{int(time.time()) // 60}"
    assert 0 < redis.ttl(name) <= 60


def fail_as(client_id: str, **more: str) -> Any:
    return ask(GRANT, Authorization=basic(client_id, "wrong"), **more)


@pytest.mark.parametrize("known", [True, False])
def test_a_client_that_fails_too_often_waits_even_with_the_right_secret(
    made: Made, traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    monkeypatch.setattr(views, "OF_CLIENT", 3)
    name = made[0].client_id if known else "somebody"
    for _failure in range(3):
        assert fail_as(name).status_code == 401
    refused = ask(GRANT, Authorization=basic(name, made[1]))
    assert refused.status_code == 429
    assert refused.json()["error"] == "temporarily_unavailable"
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["Cache-Control"] == "no-store"
    traveller.shift(60)
    assert ask(GRANT, Authorization=basic(name, made[1])).status_code == (200 if known else 401)


def test_an_address_that_tries_many_clients_waits(
    made: Made, traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(views, "OF_ADDRESS", 4)
    here, elsewhere = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
    for number in range(4):
        assert fail_as(f"client{number}", **here).status_code == 401
    good = {"Authorization": basic(made[0].client_id, made[1])}
    assert ask(GRANT, **good, **here).status_code == 429
    assert ask(GRANT, path="/oauth2/revoke", **good, **here).status_code == 429
    assert ask(GRANT, **good, **elsewhere).status_code == 200


def test_who_fails_elsewhere_in_the_name_of_a_client_does_not_lock_it_out(
    made: Made, traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(views, "OF_CLIENT", 3)
    elsewhere, at_home = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
    for _failure in range(3):
        assert fail_as(made[0].client_id, **elsewhere).status_code == 401
    good = {"Authorization": basic(made[0].client_id, made[1])}
    assert ask(GRANT, **good, **elsewhere).status_code == 429
    assert ask(GRANT, **good, **at_home).status_code == 200


def test_success_counts_as_no_failure(
    made: Made, traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "OF_CLIENT", 2)
    for _time in range(4):
        assert ask(GRANT, Authorization=basic(made[0].client_id, made[1])).status_code == 200


@pytest.fixture
def silent_redis(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Takes connections and answers nothing."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "silent"))
    server.listen()
    held: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                held.append(server.accept()[0])
            except OSError:
                return

    threading.Thread(target=take, daemon=True).start()
    settings.REDIS_URL = f"unix://{tmp_path}/silent"
    limits._redis.cache_clear()
    yield
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    for one in held:
        one.close()
    limits._redis().close()


@pytest.fixture
def dead_redis(tmp_path: Path, settings: Any) -> str:
    """Nothing there; gives where it was."""
    there = str(settings.REDIS_URL)
    settings.REDIS_URL = f"unix://{tmp_path}/nothing"
    limits._redis.cache_clear()
    return there


@pytest.mark.parametrize("kind", ["dead_redis", "silent_redis"])
def test_without_redis_nothing_waits_nothing_is_refused_and_one_line_says_so(
    make: Callable[..., Made],
    request: pytest.FixtureRequest,
    kind: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, _secret = make(calls_a_minute=1)
    request.getfixturevalue(kind)
    monkeypatch.setattr(limits, "TIMEOUT", WAITS)
    monkeypatch.setattr(limits, "_away_until", 0.0)
    assert 2 * WAITS <= 0.2  # to connect and to be answered
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for _call in range(50):
            access.throttle(client)
    # One connection that fails, within its time limit; the rest do not try: fifty would take five seconds.
    assert time.monotonic() - began < 4
    assert [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)] == [
        "limits_without_redis"
    ]


def test_once_redis_is_back_it_counts_again(
    make: Callable[..., Made], dead_redis: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _secret = make(calls_a_minute=1)
    access.throttle(client)
    access.throttle(client)
    settings.REDIS_URL = dead_redis
    limits._redis.cache_clear()
    monkeypatch.setattr(limits, "_away_until", time.monotonic() - 1)
    with time_machine.travel(MINUTE, tick=False):
        access.throttle(client)
        with pytest.raises(access.TooManyRequests):
            access.throttle(client)


def test_a_rate_is_set_and_bounded(make: Callable[..., Made]) -> None:
    client, _secret = make()
    assert client.calls_a_minute == 600
    for wrong in (0, -1, 100_001):
        with pytest.raises(DomainError) as refused:
            clients.change(client_id=client.client_id, actor=actors.system(), calls_a_minute=wrong)
        assert refused.value.field == "calls_a_minute"


def test_threads_that_begin_together_share_one_connection_pool(db: None) -> None:
    """Each would else make a client of its own, and the last reference to it closes what it is asked on."""
    together = threading.Barrier(8)

    def first(number: int) -> tuple[int, int]:
        together.wait()
        return id(limits._client()), limits.count(f"{uuid4()} {number}", seconds=60)[0]

    for _round in range(5):
        limits._redis.cache_clear()
        with ThreadPoolExecutor(8) as threads:
            clients, counts = zip(*threads.map(first, range(8)), strict=True)
        assert len(set(clients)) == 1
        assert set(counts) == {1}
