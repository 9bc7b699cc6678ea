"""What must not reach a log line: PostgreSQL quotes the failing row in its errors, and a row is a person.

Nor what stands behind the question mark of an address: whatever was asked for, or put there by mistake.
"""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

# A number as long as that of a person has no place in an address; who puts it there all the same leaves no trace here.
_NUMBER = re.compile(r"(?<![\w-])\d(?:[ .-]?\d){10}(?![\w-])")
# As long as that are secrets only: whoever holds such an address needs no other key.
_TOKEN = re.compile(r"[\w-]{40,}")
_ROWS = re.compile(r"^(DETAIL|CONTEXT|QUERY):.*(?:\n(?!\S+Error|Traceback|  File ).*)*", re.MULTILINE)


def without_rows(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: drops the details of database errors from a formatted traceback."""
    if "exception" in event:
        event["exception"] = _ROWS.sub(r"\1: (left out)", event["exception"])
    return event


class WithoutAddress(logging.Filter):
    """Of what gunicorn itself says of a request, as when a worker took too long, nothing from the question mark on."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage().partition("?")[0]
        record.msg, record.args = _TOKEN.sub("…", _NUMBER.sub("…", said)), ()
        return True


def without_tokens(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor for lines of others: Django names the address of what it refuses."""
    if isinstance(said := event.get("event"), str):
        event["event"] = _TOKEN.sub("…", _NUMBER.sub("…", said))
    return event


def without_query(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: of the request that a line is about, method and path only."""
    if isinstance(request := event.get("request"), str):
        method, _sep, address = request.partition(" ")
        path = "/".join(
            _TOKEN.sub("…", _NUMBER.sub("…", part)) for part in address.partition("?")[0].split("/")
        )
        event["request"] = f"{method} {path}".strip()
    return event
