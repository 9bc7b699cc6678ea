"""Rows on their way into protected tables: COPY is refused there, so they are staged in a table of the session.

The table is temporary: no other session sees it, and a killed process leaves nothing behind.
"""

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: Any) -> str:
    """One value in COPY's text format."""
    if type(value) is str:
        plain = (
            value.isprintable() and "\\" not in value
        )  # nearly always: the translation costs ten times more
        return value if plain else value.translate(_ESCAPES)
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    return "f" if value is False else str(value)


def line(*values: Any) -> str:
    """One row in COPY's text format, without its line end."""
    return "\t".join(map(text, values))


def stage(table: str, columns: str, lines: Iterable[str], *, keep: bool = False) -> None:
    """Fill the session's table `table (columns)` with `lines`, in place of what it held.

    The rows go with the transaction, unless they are to be kept through several. What `lines` raise comes out as it is.
    """
    stream = _Stream(lines)
    with connection.cursor() as cursor:
        cursor.execute(
            f"create temporary table if not exists {table} ({columns}) "
            f"on commit {'preserve' if keep else 'delete'} rows"
        )
        # Within a transaction there is little to delete; what is kept through several would only grow.
        cursor.execute(f"truncate {table}" if keep else f"delete from {table}")  # noqa: S608  # a name from the code
        names = ", ".join(part.split()[0] for part in columns.split(",\n"))
        try:
            with connection.wrap_database_errors, _without_the_drivers_print():
                cursor.copy_expert(f"copy {table} ({names}) from stdin", stream)
        except DatabaseError:
            if (
                stream.failure is not None
            ):  # which the driver tells the server, and gives back as the server's
                raise stream.failure from None
            raise


@contextmanager
def _without_the_drivers_print() -> Iterator[None]:
    """Where the connection is lost in a COPY, psycopg2 raises its error and also prints it by `sys.excepthook`."""
    hook, sys.excepthook = sys.excepthook, lambda *_: None
    try:
        yield
    finally:
        sys.excepthook = hook


class _Stream(io.RawIOBase):
    """Lines as the file that COPY reads from, a block at a time."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._rest = b""
        self.failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts = [self._rest]
        have = len(self._rest)
        while size < 0 or have < size:
            try:
                block = "\n".join(_take(self._lines, 512))
            except Exception as failure:
                self.failure = failure
                raise
            if not block:
                break
            encoded = f"{block}\n".encode()
            parts.append(encoded)
            have += len(encoded)
        whole = b"".join(parts)
        if size < 0:
            size = len(whole)
        self._rest = whole[size:]
        return whole[:size]


def _take(lines: Any, count: int) -> list[str]:
    taken = []
    for item in lines:
        taken.append(item)
        if len(taken) == count:
            break
    return taken
