"""The trace id that joins a request's answer, its log lines and its ledger entries."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

_trace: ContextVar[uuid.UUID | None] = ContextVar("tnw_trace", default=None)


def current() -> uuid.UUID:
    """The id of the work at hand; work that nobody named gets one of its own."""
    return _trace.get() or uuid.uuid4()


@contextmanager
def new(trace: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Give one piece of work an id, in its log lines too: a new one, or that of the work which it carries on."""
    token = _trace.set(trace := trace or uuid.uuid4())
    try:
        with structlog.contextvars.bound_contextvars(trace_id=str(trace)):
            yield trace
    finally:
        _trace.reset(token)
