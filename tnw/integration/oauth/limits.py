"""Counting in Redis, for limits: without Redis nothing is limited and nothing waits for it."""

import time
from functools import cache
from threading import Lock

import structlog
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)

# Connecting and asking together stay within 0.2 s; a Redis that failed is left alone for a while.
TIMEOUT = 0.1
AGAIN_AFTER = 5.0
PREFIX = "tnw:limit"

_away_until = 0.0
_one_at_a_time = Lock()


def count(name: str, *, seconds: int, by: int = 1) -> tuple[int, int]:
    """Count one more under this name in the present window of so many seconds, or look with `by=0`.

    Gives how many there are and after how many seconds a new window begins; 0 where Redis is away.
    """
    now = int(time.time())
    key, left = f"{PREFIX}:{name}:{now // seconds}", seconds - now % seconds
    if time.monotonic() < _away_until:
        return 0, left
    try:
        pipeline = _client().pipeline(transaction=False)
        pipeline.incrby(key, by)
        pipeline.expire(key, seconds)
        number, _expires = pipeline.execute()
    except (RedisError, OSError) as error:
        _set_aside(error)
        return 0, left
    return int(number), left


def reachable() -> bool:
    """Whether Redis answers: without it nothing is counted, and no worker is nudged."""
    try:
        return bool(_client().ping())
    except (RedisError, OSError):
        return False


def _client() -> Redis:
    """One for all threads: one that is made and let go closes the connections that are still in use."""
    with _one_at_a_time:
        return _redis()


@cache
def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )


def _set_aside(error: Exception) -> None:
    global _away_until
    if _away_until == 0 or time.monotonic() > _away_until + AGAIN_AFTER:
        log.warning("limits_without_redis", error=type(error).__name__)
    _away_until = time.monotonic() + AGAIN_AFTER
