"""Which funds this piece of work sees. Nothing unless said; a new thread or task begins with nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_funds: ContextVar[str] = ContextVar("tnw_funds", default="")


def current() -> str:
    """The internal ids of the funds in scope, as PostgreSQL reads them: joined by commas."""
    return _funds.get()


def fund_ids() -> list[int]:
    """The same, as numbers."""
    return [int(number) for number in current().split(",") if number]


@contextmanager
def funds(*ids: int) -> Iterator[None]:
    """See these funds (internal ids) and no other, until the block ends.

    A query set that is still being read, or a streamed answer, must end inside the block.
    """
    token = _funds.set(",".join(str(number) for number in sorted({int(number) for number in ids})))
    try:
        yield
    finally:
        _funds.reset(token)
