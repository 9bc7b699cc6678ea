"""Versions of what was read, as entity tags: `"<version>-<digest>"`, of which a change names the version it saw."""

import hashlib
import json
import re
from typing import Any

_TAG = re.compile(r'^(?:W/)?"(\d{1,15})-([0-9a-f]{16})"$')


def tag(version: int, body: Any) -> str:
    """The tag of an answer: which version it is of, and what it says."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    return f'"{version}-{digest[:16]}"'


def seen_in(header: str) -> int | None:
    """The version that an If-Match names; None where it is none of ours, `*` too: that would be any."""
    found = _TAG.match(header.strip())
    return int(found[1]) if found else None


def digest_in(header: str) -> str:
    """What a tag says of the body alone, whatever its version; empty where it is none of ours."""
    found = _TAG.match(header.strip())
    return found[2] if found else ""


def matches(header: str, current: str) -> bool:
    """Whether an If-None-Match names this tag."""
    return any(one.strip().removeprefix("W/") in ("*", current) for one in header.split(","))
