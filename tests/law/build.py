"""Short ways to write down a dossier in a test."""

from datetime import date
from typing import Any

from dossiers.law.deadlines import Row, deadlines
from dossiers.law.facts import Fact, Values

START = date(2023, 1, 31)


def d(text: str) -> date:
    return date.fromisoformat(text)


def recognized(start: str | date = START, regime: str = "employee", **values: Any) -> Fact:
    day = d(start) if isinstance(start, str) else start
    told = {"start": day, "regime": regime, "cause": "illness", "contract": True, "version": 1, **values}
    return Fact("incapacity_recognized", day, "recognized-1", "", Values.of(told))


def f(on: str, kind: str, id: str = "", subject: str = "", /, **values: Any) -> Fact:
    """A fact; its id follows from what it says, so that a test need not think of one."""
    if kind == "questionnaire_received":
        values.setdefault("complete", True)
    return Fact(kind, d(on), id or f"{kind}-{on}-{subject}", subject, Values.of(values))


def rows(*facts: Fact, rule: str = "", live_from: str = "0001-01-01") -> list[Row]:
    found = deadlines(facts, d(live_from))
    return [row for row in found if not rule or row.rule == rule]


def only(*facts: Fact, rule: str, live_from: str = "0001-01-01") -> Row:
    (row,) = rows(*facts, rule=rule, live_from=live_from)
    return row


def dates(*facts: Fact, rule: str) -> list[str]:
    return [str(row.falls_on) for row in rows(*facts, rule=rule)]
