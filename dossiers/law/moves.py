"""What a correction moved (T20): computed on reading, by asking the law without that correction."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .deadlines import deadlines
from .facts import Fact

MOVE = frozenset({"fact_corrected", "fact_voided", "incapacity_corrected"})


class Moved(NamedTuple):
    """A deadline that a correction moved: its date without that correction, its date, and the cause."""

    rule: str
    opened_by: str
    occurrence: int
    old_date: date
    new_date: date
    cause: Fact


def moved(facts: Iterable[Fact], live_from: date = date.min) -> tuple[Moved, ...]:
    """Every deadline that a correction moved, one entry for each correction that did."""
    facts = tuple(facts)
    causes = sorted((item for item in facts if item.kind in MOVE), key=lambda item: (item.on, item.id))
    if not causes:
        return ()
    rows = deadlines(facts, live_from)
    found = []
    for cause in causes:
        without = {
            row.key: row.falls_on
            for row in deadlines(tuple(item for item in facts if item is not cause), live_from)
        }
        for row in rows:
            old_date = without.get(row.key, row.falls_on)
            if old_date != row.falls_on:
                found.append(Moved(row.rule, row.opened_by, row.occurrence, old_date, row.falls_on, cause))
    return tuple(found)
