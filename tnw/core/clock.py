"""The one place that knows what time it is (D4): read it at the edges, hand it on as a parameter."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_set: ContextVar[datetime | None] = ContextVar("tnw_clock", default=None)


def now() -> datetime:
    """The moment, with its offset in Brussels."""
    return _set.get() or datetime.now(BRUSSELS)


def utc() -> datetime:
    """The moment in UTC, for what counts hours and minutes: in Brussels one of them is skipped, and one comes twice."""
    return now().astimezone(UTC)


def today() -> date:
    """The calendar day in Brussels."""
    return now().astimezone(BRUSSELS).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Brussels."""
    return datetime.combine(day, time(), BRUSSELS)


@contextmanager
def at(day: date, hour: int = 9) -> Iterator[None]:
    """Let the clock stand still on a day: how history is replayed and how a command honours `--today`."""
    with standing(datetime.combine(day, time(hour), BRUSSELS)):
        yield


@contextmanager
def standing(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at a moment: how what was decided then is recorded afterwards."""
    token = _set.set(moment.astimezone(BRUSSELS))
    try:
        yield
    finally:
        _set.reset(token)


@contextmanager
def on(day: date) -> Iterator[None]:
    """The same, unless it is that day anyway: then the clock runs on."""
    with nullcontext() if day == today() else at(day):
        yield
