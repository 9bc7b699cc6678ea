"""Reads the worked examples: fills in the ids and values that they leave out (F4)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from dossiers.law.facts import Fact, Values, from_plain

CASES = Path(__file__).parent.parent / "cases" / "deadlines.json"


def read_cases() -> list[dict[str, Any]]:
    return json.loads(CASES.read_text(encoding="utf-8"))


def facts_of(case: dict[str, Any]) -> tuple[Fact, ...]:
    """The facts of a worked example, with the recognition that it begins with."""
    start = date.fromisoformat(case["start"])
    recognized = Fact(
        "incapacity_recognized",
        start,
        "recognized-1",
        "",
        Values.of(
            {"start": start, "regime": case["regime"], "cause": "illness", "contract": True, "version": 1}
        ),
    )
    facts = [recognized]
    for number, told in enumerate(case["facts"], start=1):
        values = {name: value for name, value in told.items() if name not in ("kind", "on", "id", "subject")}
        if told["kind"] == "questionnaire_received":
            values.setdefault("complete", True)
        facts.append(
            from_plain(
                told["kind"],
                date.fromisoformat(told["on"]),
                told.get("id", f"fact-{number}"),
                told.get("subject", ""),
                values,
            )
        )
    return tuple(facts)


def live_from_of(case: dict[str, Any]) -> date:
    return date.fromisoformat(case["live_from"]) if "live_from" in case else date.min
