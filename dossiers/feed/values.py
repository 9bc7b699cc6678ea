"""Reading one field: text that fits its column, and dates."""

import re
from datetime import date
from functools import lru_cache

from dossiers.identifiers import holds_ssin

REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~-]{0,63}")
"""The fund's own key of an incapacity, whichever way it comes in: it stands in addresses as it is."""

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 30)


class Fault(Exception):
    """The first fault of a line: the column it stands in, and its code."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(column, code)
        self.column = column
        self.code = code


def line_of_text(column: str, value: str, longest: int, *, required: bool = True) -> str:
    """A name, an address or a number for people: line breaks and other white space become one space."""
    text = value.strip() if value.isprintable() else _one_line(value)
    if required and not text:
        raise Fault(column, "required")
    if len(text) > longest:
        raise Fault(column, "unknown_code")
    return text


def parse_key(column: str, value: str, longest: int, *, required: bool = True) -> str:
    """A key by which things are found again: refused rather than changed, but for white space around it."""
    key = value.strip()
    if required and not key:
        raise Fault(column, "required")
    if len(key) > longest or not key.isprintable():
        raise Fault(column, "unknown_code")
    return key


def parse_reference(column: str, value: str) -> str:
    """The key of an incapacity: it fits in an address, and no number of a person stands in one."""
    reference = value.strip()
    if not reference:
        raise Fault(column, "required")
    if not REFERENCE.fullmatch(reference) or holds_ssin(reference):
        raise Fault(column, "unknown_code")
    return reference


def parse_date(column: str, value: str) -> date:
    """A day written as 2026-11-21, from 1900 on; no other form of ISO 8601."""
    day = _day(value) if len(value) == 10 else None
    if day is None:
        raise Fault(column, "invalid_date")
    return day


@lru_cache(maxsize=65_536)
def _day(value: str) -> date | None:
    if value[4] != "-" or value[7] != "-":
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


def _one_line(value: str) -> str:
    """White space of any kind as single spaces; other control characters are left out."""
    return "".join(
        character for character in " ".join(value.split()) if character >= " " and character != "\x7f"
    )
