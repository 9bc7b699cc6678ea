"""What must not reach a log line: PostgreSQL quotes the failing row in its errors, and a row is a person."""

import re
from typing import Any

_ROWS = re.compile(r"^(DETAIL|CONTEXT|QUERY):.*(?:\n(?!\S+Error|Traceback|  File ).*)*", re.MULTILINE)


def without_rows(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: drops the details of database errors from a formatted traceback."""
    if "exception" in event:
        event["exception"] = _ROWS.sub(r"\1: (left out)", event["exception"])
    return event
